import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Splitter } from "../controls/Splitter.tsx";
import { ActDrawer } from "./act/ActDrawer.tsx";
import { ConnectionList } from "./connections/ConnectionList.tsx";
import { DetailPane } from "./detail/DetailPane.tsx";
import type { InspectorModel } from "./inspector-model.ts";
import { KeySheet } from "./keys/KeySheet.tsx";
import { keyPress } from "./keys/key-press.ts";
import { pressShortcut } from "./keys/shortcuts.ts";
import { MessageLog } from "./log/MessageLog.tsx";
import { NoticeBar } from "./status/NoticeBar.tsx";
import { StatusLine } from "./status/StatusLine.tsx";
import { InspectorToolbar } from "./toolbar/InspectorToolbar.tsx";
import "../theme/tokens.css";
import "./inspector.css";

/** Everything that a session says, on one screen: what the panel is and what the playground has below. */
export function Inspector({ model }: { readonly model: InspectorModel }) {
  const root = useRef<HTMLElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const filterField = useRef<HTMLInputElement>(null);
  useSize(root, model);
  useEffect(() => {
    const timer = setInterval(model.tick, 1000);
    return () => clearInterval(timer);
  }, [model]);

  const press = (event: KeyboardEvent): void => {
    const effects = {
      focusFilter: () => filterField.current?.select(),
      focusLog: () => grid.current?.focus({ preventScroll: true }),
    };
    if (!pressShortcut(model, keyPress(event), effects)) return;
    event.preventDefault();
    // DevTools listens on a panel's document for keys of its own: Escape would open its drawer.
    event.stopPropagation();
  };

  const latestPress = useRef(press);
  latestPress.current = press;
  useEffect(() => {
    if (!model.isWholePage) return undefined;
    const pressOnPage = (event: KeyboardEvent): void => {
      if (event.target === document.body) latestPress.current(event);
    };
    document.body.addEventListener("keydown", pressOnPage);
    return () => document.body.removeEventListener("keydown", pressOnPage);
  }, [model]);

  const { layout, notice } = model;
  const isNarrow = layout.isNarrow.value;
  return (
    <section
      ref={root}
      class={isNarrow ? "inspector narrow" : "inspector"}
      aria-label="Inspector"
      onKeyDown={press}
    >
      <InspectorToolbar model={model} filterField={filterField} />
      {notice.value === undefined ? null : <NoticeBar notice={notice.value} />}
      <div class={isNarrow ? "panes stacked" : "panes"}>
        {isNarrow ? null : <SidePane model={model} />}
        <MessageLog model={model} grid={grid} />
        {model.isDetailOpen.value ? <DetailArea model={model} isNarrow={isNarrow} /> : null}
      </div>
      {model.act === undefined ? null : (
        <ActDrawer
          act={model.act}
          model={model}
          focusLog={() => grid.current?.focus({ preventScroll: true })}
        />
      )}
      <StatusLine model={model} />
      {model.areKeysShown.value ? <KeySheet model={model} /> : null}
      <div class="visually-hidden" aria-live="polite" aria-atomic="true">
        {model.announcer.text}
      </div>
    </section>
  );
}

function SidePane({ model: { layout, connections } }: { readonly model: InspectorModel }) {
  const { side } = layout;
  return (
    <>
      <div id="inspector-side" class="pane" style={{ width: `${side.size.value}px` }}>
        <ConnectionList model={connections} />
      </div>
      <Splitter
        label="Width of the connections"
        orientation="vertical"
        value={side.size.value}
        min={side.min}
        max={side.max.value}
        sign={1}
        controls="inspector-side"
        onResize={side.resize}
      />
    </>
  );
}

interface DetailAreaProps {
  readonly model: InspectorModel;
  readonly isNarrow: boolean;
}

function DetailArea({ model, isNarrow }: DetailAreaProps) {
  const pane = isNarrow ? model.layout.detailHeight : model.layout.detailWidth;
  const size = `${pane.size.value}px`;
  return (
    <>
      <Splitter
        label={isNarrow ? "Height of the detail" : "Width of the detail"}
        orientation={isNarrow ? "horizontal" : "vertical"}
        value={pane.size.value}
        min={pane.min}
        max={pane.max.value}
        sign={-1}
        controls="inspector-detail"
        onResize={pane.resize}
      />
      <div class="pane" style={isNarrow ? { height: size } : { width: size }}>
        <DetailPane model={model} />
      </div>
    </>
  );
}

function useSize(element: RefObject<HTMLElement | null>, { layout }: InspectorModel): void {
  useLayoutEffect(() => {
    const observed = element.current;
    if (observed === null) return undefined;
    const report = (): void => layout.resized(observed.clientWidth, observed.clientHeight);
    report();
    const observer = new ResizeObserver(report);
    observer.observe(observed);
    return () => observer.disconnect();
  }, [element, layout]);
}
