import {
  type ConnectionList,
  type ConnectionTrack,
  createConnectionList,
  hasEnded,
} from "./connection-list.ts";
import { createEntryLog, type EntryLog } from "./entry-log.ts";
import { createInvocationList, type InvocationList } from "./invocation-list.ts";
import type { ConnectionEntry, EntryNumber, InvocationNumber, LogEntry } from "./model.ts";
import { forgetPayloads } from "./payload-journal.ts";
import type { SessionLimits } from "./session.ts";

/** What the modules of a session share: they all write one log. */
export interface SessionState {
  readonly log: EntryLog;
  readonly connections: ConnectionList;
  readonly invocations: InvocationList;
  /** Whoever remembers numbers of entries is told here when they change. */
  onRenumber(listener: (renumbered: Renumbered) => void): void;
  renumber(renumbered: Renumbered): void;
}

/** The number that an entry has now; undefined where it is gone. */
export type Renumbered = (number: EntryNumber) => EntryNumber | undefined;

const MOST_INVOCATIONS = 200_000;

export function createSessionState(limits: SessionLimits): SessionState {
  const invocations = createInvocationList(limits.entries ?? MOST_INVOCATIONS);
  const connections = createConnectionList(invocations);

  const onForget = (entries: readonly LogEntry[]): void => {
    const last = entries.at(-1);
    if (last === undefined) return;
    const touched = new Set<InvocationNumber>();
    const emptied = new Set<ConnectionTrack>();
    const met = new Set<ConnectionTrack>();
    for (const entry of entries) {
      if (entry.kind === "message" && entry.invocation !== undefined) {
        touched.add(entry.invocation);
        for (const other of entry.invocations ?? []) touched.add(other);
      }
      if (entry.kind === "source") continue;
      const track = connections.find(entry.connection);
      if (track === undefined) continue;
      met.add(track);
      track.entries--;
      if (track.entries === 0 && hasEnded(track.view)) emptied.add(track);
    }
    for (const track of met) forgetPayloads(track, last.number + 1);
    invocations.forget(touched, last.number + 1);
    connections.remove(emptied);
  };

  const listeners: ((renumbered: Renumbered) => void)[] = [];

  return {
    log: createEntryLog(limits, onForget),
    connections,
    invocations,
    onRenumber(listener) {
      listeners.push(listener);
    },
    renumber(renumbered) {
      for (const listener of listeners) listener(renumbered);
    },
  };
}

/** Notes something that is no hub message. */
export function note(
  { log, connections }: SessionState,
  track: ConnectionTrack,
  what: Pick<ConnectionEntry, "at" | "happening" | "isRewritten"> & { readonly isError?: boolean },
): void {
  const { at, happening, isRewritten, isError = false } = what;
  track.entries++;
  if (isError) {
    track.counts.errors++;
    connections.touch(track);
  }
  log.append({
    kind: "connection",
    number: log.nextNumber,
    at,
    connection: track.id,
    happening,
    ...(isRewritten && { isRewritten }),
    isError,
  });
}
