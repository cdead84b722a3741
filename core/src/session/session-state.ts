import type { Milliseconds } from "../capture-event.ts";
import {
  type ConnectionList,
  type ConnectionTrack,
  createConnectionList,
  hasEnded,
} from "./connection-list.ts";
import { createEntryLog, type EntryLog } from "./entry-log.ts";
import { createInvocationList, type InvocationList } from "./invocation-list.ts";
import type { ConnectionHappening, InvocationNumber, LogEntry } from "./model.ts";
import type { SessionLimits } from "./session.ts";

/** What the modules of a session share: they all write one log. */
export interface SessionState {
  readonly log: EntryLog;
  readonly connections: ConnectionList;
  readonly invocations: InvocationList;
}

const MOST_INVOCATIONS = 200_000;

export function createSessionState(limits: SessionLimits): SessionState {
  const invocations = createInvocationList(limits.entries ?? MOST_INVOCATIONS);
  const connections = createConnectionList(invocations);

  const onForget = (entries: readonly LogEntry[]): void => {
    const last = entries.at(-1);
    if (last === undefined) return;
    const touched = new Set<InvocationNumber>();
    const emptied = new Set<ConnectionTrack>();
    for (const entry of entries) {
      if (entry.kind === "message" && entry.invocation !== undefined) touched.add(entry.invocation);
      if (entry.kind === "source") continue;
      const track = connections.find(entry.connection);
      if (track === undefined) continue;
      track.entries--;
      if (track.entries === 0 && hasEnded(track.view)) emptied.add(track);
    }
    invocations.forget(touched, last.number + 1);
    connections.remove(emptied);
  };

  return { log: createEntryLog(limits, onForget), connections, invocations };
}

/** Notes something that is no hub message. */
export function note(
  { log, connections }: SessionState,
  track: ConnectionTrack,
  what: { readonly at: Milliseconds; readonly happening: ConnectionHappening; readonly isError?: boolean },
): void {
  const { at, happening, isError = false } = what;
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
    isError,
  });
}
