import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { compileFilter, type EntryFilter } from "../../../core/src/session/message-filter.ts";
import type { ConnectionId, LogEntry } from "../../../core/src/session/model.ts";
import { headOf } from "../../../core/src/session/record-head.ts";
import type { Session } from "../../../core/src/session/session.ts";
import type { Direction } from "../../../core/src/wire/payload.ts";
import { isBoolean, keptSignal, type PreferenceStore } from "../preferences.ts";

export type DirectionChoice = Direction | "all";

/** What the toolbar narrows the log to. */
export interface FilterModel {
  readonly text: ReadonlySignal<string>;
  readonly direction: ReadonlySignal<DirectionChoice>;
  readonly errorsOnly: ReadonlySignal<boolean>;
  readonly pings: ReadonlySignal<boolean>;
  readonly filter: ReadonlySignal<EntryFilter>;
  /** Something besides the pings is filtered out. */
  readonly isNarrowed: ReadonlySignal<boolean>;
  search(text: string): void;
  choose(direction: DirectionChoice): void;
  toggleErrors(): void;
  togglePings(): void;
  clear(): void;
}

export function createFilterModel(
  session: Session,
  connection: ReadonlySignal<ConnectionId | undefined>,
  store: PreferenceStore,
): FilterModel {
  const text = signal("");
  const direction = signal<DirectionChoice>("all");
  const errorsOnly = signal(false);
  const pings = keptSignal(store, "inspector.pings", false, isBoolean);
  const matches = computed(() => compileFilter(text.value, session));

  const filter = computed<EntryFilter>(() => {
    const [wanted, errors, withPings, only, hasText] = [
      direction.value,
      errorsOnly.value,
      pings.value,
      connection.value,
      matches.value,
    ];
    return (entry) =>
      (withPings || !isPing(entry)) &&
      (!errors || entry.isError) &&
      (wanted === "all" || goes(wanted, entry)) &&
      (only === undefined || entry.kind === "source" || entry.connection === only) &&
      hasText(entry);
  });

  return {
    text,
    direction,
    errorsOnly,
    pings,
    filter,
    isNarrowed: computed(() => text.value.trim() !== "" || direction.value !== "all" || errorsOnly.value),
    search: (wanted) => {
      text.value = wanted;
    },
    choose: (wanted) => {
      direction.value = wanted;
    },
    toggleErrors: () => {
      errorsOnly.value = !errorsOnly.value;
    },
    togglePings: () => {
      pings.value = !pings.value;
    },
    clear: () => {
      text.value = "";
      direction.value = "all";
      errorsOnly.value = false;
    },
  };
}

function isPing(entry: LogEntry): boolean {
  if (entry.kind !== "message") return false;
  const { kind } = headOf(entry.record);
  return kind === "ping" || kind === "keep-alive";
}

/** Lost events went in no known direction: they are said whichever is asked for. */
function goes(direction: Direction, entry: LogEntry): boolean {
  if (entry.kind === "message") return entry.direction === direction;
  if (entry.kind === "source") return entry.happening.kind === "dropped";
  return entry.happening.kind === "payload" && entry.happening.direction === direction;
}
