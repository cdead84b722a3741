import type { EntryNumber, Invocation, LogEntry, SessionMessage } from "./model.ts";
import { headOf } from "./record-head.ts";
import type { Session } from "./session.ts";

/** What belongs to an entry, in the order of the log; numbers of entries that are still in it. */
export interface RelatedEntries {
  readonly invocation: Invocation;
  /** The message that opened it. */
  readonly opening?: EntryNumber;
  /** Stream items and the ends of uploads, in both directions. */
  readonly items: readonly EntryNumber[];
  readonly cancel?: EntryNumber;
  readonly completion?: EntryNumber;
}

/** An envelope of classic SignalR opens what the server calls, and brings the progress of what it was asked. */
const OPENINGS: ReadonlySet<SessionMessage["kind"]> = new Set<SessionMessage["kind"]>([
  "invocation",
  "stream-invocation",
  "hub-call",
]);

/** undefined for an entry that belongs to no invocation, or to one that is no longer known. */
export function relatedEntries(
  session: Pick<Session, "entry" | "invocation">,
  entry: LogEntry,
): RelatedEntries | undefined {
  if (entry.kind !== "message" || entry.invocation === undefined) return undefined;
  const invocation = session.invocation(entry.invocation);
  if (invocation === undefined) return undefined;
  const completion = completionOf(invocation);
  const items: EntryNumber[] = [];
  let opening: EntryNumber | undefined;
  let cancel: EntryNumber | undefined;
  for (const number of invocation.entries) {
    const related = session.entry(number);
    if (related?.kind !== "message" || number === completion) continue;
    const { kind } = headOf(related.record);
    if (OPENINGS.has(kind) || (kind === "envelope" && invocation.direction === "in")) opening = number;
    else if (kind === "cancel-invocation") cancel ??= number;
    else items.push(number);
  }
  return {
    invocation,
    items,
    ...(opening !== undefined && { opening }),
    ...(cancel !== undefined && { cancel }),
    ...(completion !== undefined && session.entry(completion) !== undefined && { completion }),
  };
}

function completionOf({ state }: Invocation): EntryNumber | undefined {
  return state.kind === "completed" || state.kind === "failed" || state.kind === "cancelled"
    ? state.completion
    : undefined;
}
