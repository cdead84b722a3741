import type { TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { Menu } from "../../controls/Menu.tsx";
import type { Column, ColumnModel } from "./column-model.ts";

const STEP = 8;

/** The heads of the columns: dragged to resize, and a context menu that shows and hides them. */
export function LogHeader({ model }: { readonly model: ColumnModel }) {
  const header = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState("time");
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number }>();
  const columns = model.columns.value;
  const tabStop = columns.some(({ id }) => id === focused) ? focused : columns[0]?.id;

  const openMenu = (x: number, y: number): void => setMenu({ x, y });
  const press = (event: TargetedKeyboardEvent<HTMLElement>, column: Column): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const bounds = event.currentTarget.getBoundingClientRect();
    if (step !== 0 && event.shiftKey) {
      if (column.resizable) model.resize(column.id, column.width + step * STEP);
    } else if (step !== 0) {
      const next = columns[columns.indexOf(column) + step];
      if (next === undefined) return;
      setFocused(next.id);
      header.current?.querySelector<HTMLElement>(`[data-column="${next.id}"]`)?.focus();
    } else if (
      event.key === "Enter" ||
      event.key === "ContextMenu" ||
      (event.key === "F10" && event.shiftKey)
    ) {
      openMenu(bounds.left, bounds.bottom);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: the log is no table, see LogRow.
    <div class="log-header" role="rowgroup">
      {/* biome-ignore lint/a11y/useSemanticElements: the log is no table, see LogRow. */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: its cells have the focus. */}
      <div
        ref={header}
        class="log-row head"
        role="row"
        aria-rowindex={1}
        onContextMenu={(event) => {
          event.preventDefault();
          openMenu(event.clientX, event.clientY);
        }}
      >
        {columns.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: the log is no table, see LogRow.
          <span
            key={column.id}
            role="columnheader"
            class={column.numeric ? "numeric" : ""}
            data-column={column.id}
            tabIndex={column.id === tabStop ? 0 : -1}
            onFocus={() => setFocused(column.id)}
            onKeyDown={(event) => press(event, column)}
            {...(column.id === "direction" ? { title: "Direction" } : {})}
          >
            {column.id === "direction" ? <span class="visually-hidden">{column.label}</span> : column.label}
            {column.resizable ? <Resizer column={column} model={model} /> : null}
          </span>
        ))}
      </div>
      {menu === undefined ? null : (
        <Menu
          label="Columns"
          at={menu}
          onClose={() => setMenu(undefined)}
          items={[
            ...model.choices.value.map(({ id, label, isShown, hasNoRoom }) => ({
              label,
              checked: isShown,
              ...(hasNoRoom ? { hint: "no room now" } : {}),
              run: () => model.toggle(id),
            })),
            { label: "Reset columns", run: model.reset },
          ]}
        />
      )}
    </div>
  );
}

/** For the pointer only: the header takes Shift and the arrow keys. */
function Resizer({ column, model }: { readonly column: Column; readonly model: ColumnModel }) {
  const drag = (event: TargetedPointerEvent<HTMLSpanElement>): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const element = event.currentTarget;
    const start = event.clientX;
    // A column right of the data is held at its left border.
    const sign = column.numeric ? -1 : 1;
    const controller = new AbortController();
    const { signal } = controller;
    element.setPointerCapture(event.pointerId);
    const follow = (moved: PointerEvent): void =>
      model.resize(column.id, column.width + sign * (moved.clientX - start));
    element.addEventListener("pointermove", follow, { signal });
    for (const end of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(end, () => controller.abort(), { signal });
    }
  };
  return <span class={column.numeric ? "resizer left" : "resizer"} aria-hidden="true" onPointerDown={drag} />;
}
