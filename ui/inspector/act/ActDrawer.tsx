import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Splitter } from "../../controls/Splitter.tsx";
import type { InspectorModel } from "../inspector-model.ts";
import type { ActModel, DrawerName } from "./act-model.ts";
import { BreakDrawer } from "./BreakDrawer.tsx";
import { ConnectionChoice } from "./ConnectionChoice.tsx";
import { SendDrawer } from "./SendDrawer.tsx";
import "./act.css";

export interface ActDrawerProps {
  readonly act: ActModel;
  readonly model: InspectorModel;
  readonly focusLog: () => void;
}

/** The pane at the bottom: nothing else is covered, and what happens above goes on being seen. */
export function ActDrawer({ act, model, focusLog }: ActDrawerProps) {
  const name = act.drawer.value;
  const obeyed = useRef(0);
  if (name === undefined) return null;
  const { size, min, max, resize } = model.layout.drawerHeight;
  return (
    <>
      <Splitter
        label="Height of the drawer"
        orientation="horizontal"
        value={size.value}
        min={min}
        max={max.value}
        sign={-1}
        controls="inspector-drawer"
        onResize={resize}
      />
      <OpenDrawer key={name} act={act} model={model} focusLog={focusLog} obeyed={obeyed} name={name} />
    </>
  );
}

interface OpenDrawerProps extends ActDrawerProps {
  readonly name: DrawerName;
  readonly obeyed: FocusWish["obeyed"];
}

function OpenDrawer({ act, model, focusLog, obeyed, name }: OpenDrawerProps) {
  const drawer = useRef<HTMLElement>(null);
  useFocus(drawer, { asked: act.focusAsked.value, obeyed, focusLog });
  return (
    <section
      ref={drawer}
      id="inspector-drawer"
      class="act-drawer"
      aria-label={name === "send" ? "Send" : "Break"}
      style={{ height: `${model.layout.drawerHeight.size.value}px` }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        act.close();
      }}
    >
      <header class="act-header">
        <h2>{name === "send" ? "Send" : "Break"}</h2>
        <ConnectionChoice act={act} connections={model.connections} />
        <button
          type="button"
          class="tool act-close"
          title="Close (Esc)"
          aria-label="Close drawer"
          onClick={act.close}
        >
          ✕
        </button>
      </header>
      {act.warning.value === undefined ? null : <p class="act-warning">{act.warning.value}</p>}
      {name === "send" ? (
        <SendDrawer send={act.send} onShow={model.open} isNarrow={model.layout.isNarrow.value} />
      ) : (
        <BreakDrawer breaking={act.breaking} isNarrow={model.layout.isNarrow.value} />
      )}
    </section>
  );
}

/** The focus goes in when it is asked to, and back to where it was when the drawer closes with it. */
function useFocus(drawer: RefObject<HTMLElement | null>, { asked, obeyed, focusLog }: FocusWish): void {
  useLayoutEffect(() => {
    const element = drawer.current;
    const before = document.activeElement;
    return () => {
      if (element?.contains(document.activeElement) !== true) return;
      if (before instanceof HTMLElement && before.isConnected && before !== document.body)
        before.focus({ preventScroll: true });
      else focusLog();
    };
    // What had the focus when the drawer opened is where it goes back to, whatever is drawn in between.
  }, [drawer]);
  useLayoutEffect(() => {
    if (obeyed.current === asked) return;
    obeyed.current = asked;
    drawer.current?.querySelector<HTMLElement>("[data-first]")?.focus({ preventScroll: true });
  }, [asked, obeyed, drawer]);
}

interface FocusWish {
  /** How often the focus was asked for, and up to which time it was given. */
  readonly asked: number;
  readonly obeyed: { current: number };
  readonly focusLog: () => void;
}
