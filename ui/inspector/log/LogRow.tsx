import type { ComponentChildren } from "preact";
import type { Invocation, LogEntry } from "../../../core/src/session/model.ts";
import { formatSize } from "../../format/format-size.ts";
import { formatMoment, formatTime } from "../../format/format-time.ts";
import { ACT_SENTENCES, ACT_WORDS } from "../../texts.ts";
import { CircuitMark } from "./CircuitMark.tsx";
import type { Column } from "./column-model.ts";
import { Direction } from "./Direction.tsx";
import { type EntryRow, entryRow, latencyText } from "./entry-row.ts";

export interface LogRowProps {
  readonly entry: LogEntry;
  readonly invocation: Invocation | undefined;
  readonly columns: readonly Column[];
  readonly noteSpan: number;
  /** From 1, the header not counted. */
  readonly position: number;
  readonly isSelected: boolean;
  readonly isRelated: boolean;
  /** For how long ago it was; as coarse as the reader cares. */
  readonly now: number;
  readonly onOpen: () => void;
}

export function LogRow(props: LogRowProps) {
  const { entry, columns, position, isSelected, isRelated, onOpen } = props;
  const row = entryRow(entry);
  const shown = row.note === undefined ? columns : columns.filter(({ id }) => id !== "id" && id !== "data");
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are drawn only while they are seen, which a table cannot do.
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys.
    <div
      id={rowId(entry.number)}
      data-entry={entry.number}
      class={`log-row ${row.tone}${row.act === undefined ? "" : ` act ${row.act}`}${isNavigation(entry) ? " navigated" : ""}${isSelected ? " selected" : ""}${isRelated ? " related" : ""}`}
      role="row"
      aria-rowindex={position + 1}
      aria-selected={isSelected}
      onClick={onOpen}
    >
      {shown.map((column) => (
        <LogCell key={column.id} column={column} row={row} props={props} />
      ))}
    </div>
  );
}

interface LogCellProps {
  readonly column: Column;
  readonly row: EntryRow;
  readonly props: LogRowProps;
}

function LogCell({ column, row, props: { entry, invocation, noteSpan, now } }: LogCellProps) {
  switch (column.id) {
    case "time":
      return (
        <Cell name="time" title={formatMoment(entry.at, now)}>
          {formatTime(entry.at)}
        </Cell>
      );
    case "direction":
      return (
        <Cell name="direction-cell">
          <Direction direction={row.direction} />
        </Cell>
      );
    case "type":
      return (
        <Cell name="type" title={row.type}>
          {row.type}
        </Cell>
      );
    case "target":
      if (row.note !== undefined) return <NoteCell note={row.note} act={row.act} span={noteSpan} />;
      return (
        <Cell name="target" title={row.target}>
          {row.target}
        </Cell>
      );
    case "id":
      return (
        <Cell name="id" title={row.id}>
          <bdi>{row.id}</bdi>
        </Cell>
      );
    case "data":
      return (
        <Cell name="data">
          <ActMark act={row.act} />
          <CircuitMark step={row.circuit} />
          {row.data.map(({ kind, text }, index) => (
            <span key={index} class={`v-${kind}`}>
              {text}
            </span>
          ))}
        </Cell>
      );
    case "size":
      return <Cell name="numeric">{sizeText(row)}</Cell>;
    case "latency":
      return <Cell name="numeric">{latencyText(entry, invocation)}</Cell>;
    default:
      return column.id satisfies never;
  }
}

function sizeText({ size, isSizeAbout }: EntryRow): string {
  if (size === undefined) return "";
  return isSizeAbout ? `~${formatSize(size)}` : formatSize(size);
}

function ActMark({ act }: { readonly act: EntryRow["act"] }) {
  if (act === undefined) return null;
  return (
    <span class="act-mark" title={ACT_SENTENCES[act]}>
      {ACT_WORDS[act]}
    </span>
  );
}

interface NoteCellProps {
  readonly note: string;
  readonly act: EntryRow["act"];
  readonly span: number;
}

/** The sentence of a connection event takes the place of target, ID and data. */
function NoteCell({ note, act, span }: NoteCellProps) {
  return (
    <Cell name="note" title={note} span={span}>
      <ActMark act={act} />
      {note}
    </Cell>
  );
}

interface CellProps {
  readonly name: string;
  readonly title?: string | undefined;
  readonly span?: number;
  readonly children: ComponentChildren;
}

function Cell({ name, title, span, children }: CellProps) {
  const spanning = span === undefined ? {} : { "aria-colspan": span, style: { gridColumn: `span ${span}` } };
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are drawn only while they are seen, which a table cannot do.
    // biome-ignore lint/a11y/useFocusableInteractive: cells are read, not entered.
    <span role="gridcell" class={name} title={title} {...spanning}>
      {children}
    </span>
  );
}

const isNavigation = (entry: LogEntry): boolean =>
  entry.kind === "source" && entry.happening.kind === "navigated";

export const rowId = (number: number): string => `log-row-${number}`;
