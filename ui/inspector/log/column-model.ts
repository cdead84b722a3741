import { computed, type ReadonlySignal } from "@preact/signals";
import { keptSignal, type PreferenceStore } from "../preferences.ts";

export type ColumnId = "time" | "direction" | "type" | "target" | "id" | "data" | "size" | "latency";

export interface Column {
  readonly id: ColumnId;
  readonly label: string;
  /** Pixels; the data column takes what the others leave. */
  readonly width: number;
  readonly numeric: boolean;
  readonly resizable: boolean;
}

export interface ColumnChoice {
  readonly id: ColumnId;
  readonly label: string;
  readonly isShown: boolean;
  /** Wanted, but the log is too narrow for it now. */
  readonly hasNoRoom: boolean;
}

export interface ColumnModel {
  /** Columns that are seen now, in order. */
  readonly columns: ReadonlySignal<readonly Column[]>;
  /** For grid-template-columns. */
  readonly template: ReadonlySignal<string>;
  /** How many columns the sentence of a connection event spans: target, ID and data as far as they are seen. */
  readonly noteSpan: ReadonlySignal<number>;
  readonly choices: ReadonlySignal<readonly ColumnChoice[]>;
  resize(id: ColumnId, width: number): void;
  toggle(id: ColumnId): void;
  reset(): void;
}

const ALL: readonly (Column & { readonly canHide: boolean })[] = [
  { id: "time", label: "Time", width: 94, numeric: false, resizable: true, canHide: true },
  { id: "direction", label: "Direction", width: 20, numeric: false, resizable: false, canHide: false },
  { id: "type", label: "Type", width: 106, numeric: false, resizable: true, canHide: true },
  { id: "target", label: "Target", width: 128, numeric: false, resizable: true, canHide: false },
  { id: "id", label: "ID", width: 44, numeric: false, resizable: true, canHide: true },
  { id: "data", label: "Data", width: 0, numeric: false, resizable: false, canHide: false },
  { id: "size", label: "Size", width: 62, numeric: true, resizable: true, canHide: true },
  { id: "latency", label: "Latency", width: 66, numeric: true, resizable: true, canHide: true },
];

/** What gives way first where the log is narrow. Time, direction, target and data stay to the last. */
const FIRST_TO_GO: readonly ColumnId[] = ["latency", "size", "id", "type"];
const LEAST_DATA_WIDTH = 150;
const VERY_NARROW = 360;
const LEAST_WIDTH = 32;
const MOST_WIDTH = 800;

interface Kept {
  readonly widths: Partial<Record<ColumnId, number>>;
  readonly hidden: readonly ColumnId[];
}

/** `available` is the width of the log in pixels; 0 while it is not known. */
export function createColumnModel(available: ReadonlySignal<number>, store: PreferenceStore): ColumnModel {
  const kept = keptSignal<Kept>(store, "inspector.columns", { widths: {}, hidden: [] }, isKept);

  const wanted = computed(() =>
    ALL.filter(({ id }) => !kept.value.hidden.includes(id)).map((column) => ({
      ...column,
      width: kept.value.widths[column.id] ?? column.width,
    })),
  );
  const columns = computed(() => fitInto(wanted.value, available.value));

  return {
    columns,
    template: computed(() =>
      columns.value.map(({ id, width }) => (id === "data" ? "minmax(0, 1fr)" : `${width}px`)).join(" "),
    ),
    noteSpan: computed(() => columns.value.filter(({ id }) => ["target", "id", "data"].includes(id)).length),
    choices: computed(() =>
      ALL.filter(({ canHide }) => canHide).map(({ id, label }) => ({
        id,
        label,
        isShown: !kept.value.hidden.includes(id),
        hasNoRoom: !kept.value.hidden.includes(id) && !columns.value.some((column) => column.id === id),
      })),
    ),
    resize: (id, width) => {
      const bounded = Math.round(Math.max(LEAST_WIDTH, Math.min(width, MOST_WIDTH)));
      kept.value = { ...kept.value, widths: { ...kept.value.widths, [id]: bounded } };
    },
    toggle: (id) => {
      const { hidden, widths } = kept.value;
      const next = hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id];
      kept.value = { widths, hidden: next };
    },
    reset: () => {
      kept.value = { widths: {}, hidden: [] };
    },
  };
}

function fitInto(wanted: readonly Column[], available: number): readonly Column[] {
  if (available === 0) return wanted;
  const veryNarrow = available < VERY_NARROW;
  let columns = veryNarrow ? wanted.filter(({ id }) => !FIRST_TO_GO.includes(id)) : wanted;
  for (const id of FIRST_TO_GO) {
    if (fixedWidth(columns) + LEAST_DATA_WIDTH <= available) break;
    columns = columns.filter((column) => column.id !== id);
  }
  if (!veryNarrow) return columns;
  return columns.map((column) =>
    column.id === "target" ? { ...column, width: Math.min(column.width, 92) } : column,
  );
}

function fixedWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0);
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null || !("widths" in value) || !("hidden" in value))
    return false;
  const { widths, hidden } = value;
  const ids = ALL.filter(({ canHide }) => canHide).map(({ id }) => id);
  return (
    typeof widths === "object" &&
    widths !== null &&
    Object.values(widths).every(
      (width) => typeof width === "number" && width >= LEAST_WIDTH && width <= MOST_WIDTH,
    ) &&
    Array.isArray(hidden) &&
    hidden.every((id) => ids.includes(id))
  );
}
