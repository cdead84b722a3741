import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { Menu } from "../../controls/Menu.tsx";
import { formatCount, formatCountOf } from "../../format/format-count.ts";
import { useRowList } from "../../list/use-row-list.ts";
import { TEXTS } from "../../texts.ts";
import { entryMenuItems } from "../entry-menu.ts";
import type { InspectorModel } from "../inspector-model.ts";
import { keyPress } from "../keys/key-press.ts";
import { pressInLog } from "../keys/shortcuts.ts";
import { LogHeader } from "./LogHeader.tsx";
import { LogRow, rowId } from "./LogRow.tsx";
import { ROW_HEIGHT } from "./message-log-model.ts";
import "./log.css";

export interface MessageLogProps {
  readonly model: InspectorModel;
  readonly grid: RefObject<HTMLDivElement | null>;
}

/** The log as a grid: one tab stop, the selected row is the active one. */
export function MessageLog({ model, grid }: MessageLogProps) {
  const { log, columns, layout } = model;
  useRowList(
    log.list,
    {
      scrolled: log.userScrolled,
      resized: (height, width) => {
        log.resized(Math.max(0, height - ROW_HEIGHT));
        layout.logResized(width);
      },
    },
    grid,
  );
  const count = log.rows.count.value;
  const selected = log.selected.value;
  const [menuAt, setMenuAt] = useState<{ readonly x: number; readonly y: number }>();
  const isSelectedDrawn = selected !== undefined && drawnNumbers(model).includes(selected);

  return (
    <section
      id="inspector-log"
      class="log"
      aria-label="Messages"
      style={{ "--columns": columns.template.value }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: the log is no table, see LogRow. */}
      <div
        ref={grid}
        class="log-grid"
        role="grid"
        aria-label="Messages"
        aria-rowcount={count + 1}
        tabIndex={0}
        {...(isSelectedDrawn ? { "aria-activedescendant": rowId(selected) } : {})}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget) return;
          const isMenuKey = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
          if (isMenuKey && log.selectedEntry.value !== undefined)
            setMenuAt(cornerOf(event.currentTarget, log.selected.value));
          else if (!pressInLog(model, keyPress(event))) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onContextMenu={(event) => {
          const number = numberOf(event.target);
          if (number === undefined) return;
          event.preventDefault();
          log.select(number);
          setMenuAt({ x: event.clientX, y: event.clientY });
        }}
      >
        <LogHeader model={columns} />
        {/* biome-ignore lint/a11y/useSemanticElements: the log is no table, see LogRow. */}
        <div class="track" role="rowgroup" style={{ height: `${log.list.height.value}px` }}>
          <LogRows model={model} />
        </div>
      </div>
      {count === 0 ? <EmptyLog model={model} /> : null}
      {menuAt === undefined || log.selectedEntry.value === undefined ? null : (
        <Menu
          label="Message"
          at={menuAt}
          items={entryMenuItems(model, log.selectedEntry.value)}
          onClose={() => setMenuAt(undefined)}
        />
      )}
      <LogFooter model={model} />
    </section>
  );
}

/** The entry whose row was meant. */
function numberOf(target: EventTarget | null): number | undefined {
  const row = target instanceof Element ? target.closest("[data-entry]") : null;
  return row === null ? undefined : Number(row.getAttribute("data-entry"));
}

/** Below the beginning of the selected row, or of the log where that is not drawn. */
function cornerOf(grid: HTMLElement, selected: number | undefined): { x: number; y: number } {
  const row = selected === undefined ? null : grid.querySelector(`[data-entry="${selected}"]`);
  const { left, bottom, top } = (row ?? grid).getBoundingClientRect();
  return { x: left + 12, y: row === null ? top + ROW_HEIGHT : bottom };
}

function drawnNumbers({ log }: InspectorModel): readonly number[] {
  const { first, end } = log.list.window.value;
  return log.rows.version.value >= 0 ? log.rows.numbers.slice(first, end) : [];
}

function LogRows({ model }: { readonly model: InspectorModel }) {
  const { log, columns, session } = model;
  const { first, top } = log.list.window.value;
  const selectedEntry = log.selectedEntry.value;
  const chosen = selectedEntry?.kind === "message" ? selectedEntry.invocation : undefined;
  const isAnswered = chosen !== undefined && (session.invocation(chosen)?.entries.length ?? 0) > 1;
  const invocation = isAnswered ? chosen : undefined;
  // Latencies and states of invocations change without the entry changing.
  model.revision.value;
  return (
    <div class="rows" role="presentation" style={{ transform: `translateY(${top}px)` }}>
      {drawnNumbers(model).map((number, index) => {
        const entry = session.entry(number);
        if (entry === undefined) return null;
        const own = entry.kind === "message" ? entry.invocation : undefined;
        return (
          <LogRow
            key={number}
            entry={entry}
            invocation={own === undefined ? undefined : session.invocation(own)}
            columns={columns.columns.value}
            noteSpan={columns.noteSpan.value}
            position={first + index + 1}
            isSelected={number === selectedEntry?.number}
            isRelated={invocation !== undefined && own === invocation}
            now={model.time.value}
            onOpen={() => model.open(number)}
          />
        );
      })}
    </div>
  );
}

function EmptyLog({ model }: { readonly model: InspectorModel }) {
  const { log, filter } = model;
  if (log.rows.progress.value !== undefined) return null;
  if (log.rows.total.value > 0) {
    return (
      <div class="log-empty">
        <p>{TEXTS.filterHidesAll}</p>
        {filter.isNarrowed.value ? (
          <button type="button" class="push" onClick={filter.clear}>
            {TEXTS.clearFilter}
          </button>
        ) : null}
      </div>
    );
  }
  if (!model.recording.value) return null;
  const { sentence, action } = model.nothingYet.value;
  return (
    <div class="log-empty">
      <p>{sentence}</p>
      {action === undefined ? null : (
        <button type="button" class="push" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}

/** What floats over the end of the log: new rows below, paused, filtering. */
function LogFooter({ model }: { readonly model: InspectorModel }) {
  const { log, recording } = model;
  const below = log.newBelow.value;
  if (!recording.value) {
    const waiting = log.rows.waiting.value;
    const arrived =
      waiting === 1
        ? "1 message has arrived since"
        : `${formatCountOf(waiting, "message")} have arrived since`;
    return (
      <div class="log-footer paused">
        <span>{waiting === 0 ? "Paused." : `Paused. ${arrived}.`}</span>
        <button type="button" class="push" onClick={model.toggleRecording}>
          {TEXTS.goOn}
        </button>
      </div>
    );
  }
  if (below === 0) return null;
  return (
    <div class="log-footer">
      <button type="button" class="push below" onClick={log.followTail}>
        {`${formatCount(below)} new below`} <span aria-hidden="true">↓</span>
      </button>
    </div>
  );
}
