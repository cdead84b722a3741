import type { Milliseconds } from "../../../core/src/capture-event.ts";
import type { EntryNumber, LogEntry, SessionRecord } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";

/** Where an entry stands, so that it is found again once the log has other numbers. */
export interface EntryPlace {
  readonly at: Milliseconds;
  readonly connection: string | undefined;
  /** Of a message: entries of other connections keep it. */
  readonly record: SessionRecord | undefined;
  /** Which one it is of those of its connection and time. */
  readonly ordinal: number;
}

export function placeOf({ log }: Pick<Session, "log">, entry: LogEntry): EntryPlace {
  const peers = log.filter((other) => isPeer(other, { at: entry.at, connection: connectionOf(entry) }));
  return {
    at: entry.at,
    connection: connectionOf(entry),
    record: entry.kind === "message" ? entry.record : undefined,
    ordinal: peers.findIndex(({ number }) => number === entry.number),
  };
}

/** The same entry, else what stands in its place now. Undefined where nothing of that time is left. */
export function entryAt({ log }: Pick<Session, "log">, place: EntryPlace): EntryNumber | undefined {
  const peers = log.filter((entry) => isPeer(entry, place));
  const same = peers.find((entry) => entry.kind === "message" && entry.record === place.record);
  return (same ?? peers[Math.min(place.ordinal, peers.length - 1)])?.number;
}

function isPeer(entry: LogEntry, { at, connection }: Pick<EntryPlace, "at" | "connection">): boolean {
  return entry.at === at && connectionOf(entry) === connection;
}

function connectionOf(entry: LogEntry): string | undefined {
  return entry.kind === "source" ? undefined : entry.connection;
}
