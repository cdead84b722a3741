import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { EntryNumber, Invocation, MessageEntry } from "../../../core/src/session/model.ts";
import { headOf } from "../../../core/src/session/record-head.ts";
import type { Session } from "../../../core/src/session/session.ts";
import type { Direction } from "../../../core/src/wire/payload.ts";
import { formatCountOf } from "../../format/format-count.ts";
import { formatDuration } from "../../format/format-duration.ts";
import { createRowListModel, type RowListModel } from "../../list/row-list-model.ts";
import { recomputed } from "../../recomputed.ts";
import { KIND_WORDS } from "../../texts.ts";
import { safeLine } from "../../value/safe-text.ts";

export interface RelatedRow {
  readonly number: EntryNumber;
  readonly direction: Direction;
  readonly word: string;
  readonly isError: boolean;
  /** "64 ms" after the opening message. */
  readonly after: string;
  /** Of the whole time of the invocation, 0 to 1. */
  readonly share: number;
}

/** All that belongs to the invocation of the selected message, in wire order. */
export interface RelatedModel {
  readonly title: ReadonlySignal<string>;
  readonly count: ReadonlySignal<number>;
  readonly list: RowListModel;
  readonly rows: ReadonlySignal<readonly RelatedRow[]>;
  /** The first few and the last, for the summary under the value. */
  readonly summary: ReadonlySignal<readonly RelatedRow[]>;
  readonly active: ReadonlySignal<EntryNumber>;
  press(key: string): boolean;
}

export const RELATED_ROW_HEIGHT = 19;
const SUMMARY_ROWS = 4;

export function createRelatedModel(
  session: Session,
  entry: MessageEntry,
  revision: ReadonlySignal<number>,
): RelatedModel | undefined {
  const own = entry.invocation;
  if (own === undefined) return undefined;
  const known = session.invocation(own);
  // A send without uploads is answered by nothing: there is no life to show.
  if (known?.kind === "send" && known.streamIds === undefined) return undefined;
  const invocation = recomputed(revision, () => session.invocation(own));
  const numbers = computed<readonly EntryNumber[]>(() => invocation.value?.entries ?? []);
  const count = recomputed(revision, () => numbers.value.length);
  const list = createRowListModel(count, RELATED_ROW_HEIGHT);
  const active = signal(entry.number);

  const rowOf = (number: EntryNumber | undefined): RelatedRow[] => {
    const found = number === undefined ? undefined : session.entry(number);
    const opened = invocation.value?.startedAt;
    if (found?.kind !== "message" || opened === undefined) return [];
    const last = session.entry(numbers.value[count.value - 1] ?? 0)?.at ?? found.at;
    const after = found.at - opened;
    return [
      {
        number: found.number,
        direction: found.direction,
        word: found.resend ? `${wordOf(found)}, sent again` : wordOf(found),
        isError: found.isError,
        after: formatDuration(after),
        share: last > opened ? Math.max(0, Math.min(1, after / (last - opened))) : 0,
      },
    ];
  };

  /** Blazor answers calls with calls: what each is, its target says. */
  const wordOf = (found: MessageEntry): string => {
    const word = KIND_WORDS[headOf(found.record).kind];
    const isAnotherCall = headOf(found.record).kind === "invocation" && found.number !== numbers.value[0];
    return isAnotherCall && found.target !== undefined ? safeLine(found.target) : word;
  };

  const moveTo = (index: number): boolean => {
    const bounded = Math.max(0, Math.min(index, count.value - 1));
    active.value = numbers.value[bounded] ?? active.value;
    list.show(bounded);
    return true;
  };

  return {
    title: computed(() => (invocation.value === undefined ? "" : invocationTitle(invocation.value))),
    count,
    list,
    rows: computed(() => {
      const { first, end } = list.window.value;
      return numbers.value.slice(first, end).flatMap(rowOf);
    }),
    summary: computed(() => {
      const all = numbers.value;
      const shown =
        count.value <= SUMMARY_ROWS ? all : [...all.slice(0, SUMMARY_ROWS - 1), all[count.value - 1]];
      return shown.flatMap(rowOf);
    }),
    active,
    press: (key) => {
      const at = numbers.value.indexOf(active.value);
      if (key === "ArrowDown") return moveTo(at + 1);
      if (key === "ArrowUp") return moveTo(at - 1);
      if (key === "Home") return moveTo(0);
      return key === "End" ? moveTo(count.value - 1) : false;
    },
  };
}

/** "Invocation 7, answered in 64 ms". */
export function invocationTitle({ kind, invocationId, state, latency, items }: Invocation): string {
  const noun = kind === "stream" ? "Stream" : kind === "send" ? "Send" : "Invocation";
  const name = invocationId === undefined ? noun : `${noun} ${invocationId}`;
  const took = latency === undefined ? "" : ` ${formatDuration(latency)}`;
  const carried = kind === "stream" || items > 0 ? `, ${formatCountOf(items, "item")}` : "";
  switch (state.kind) {
    case "sent":
      return `${name}, expects no answer`;
    case "open":
      return `${name}${carried}, still open`;
    case "completed":
      return kind === "stream"
        ? `${name}${carried}, finished after${took}`
        : `${name}${carried}, answered in${took}`;
    case "failed":
      return `${name}${carried}, failed after${took}`;
    case "cancelled":
      return `${name}${carried}, cancelled${took === "" ? "" : ` after${took}`}`;
    case "lost":
      return `${name}${carried}, lost: the connection ended first`;
    default:
      return state satisfies never;
  }
}
