import type {
  ConnectionId,
  EntryNumber,
  InvocationNumber,
  MessageEntry,
} from "../../../core/src/session/model.ts";
import { headOf } from "../../../core/src/session/record-head.ts";
import type { Session } from "../../../core/src/session/session.ts";
import type { Direction } from "../../../core/src/wire/payload.ts";

/** What the traffic so far suggests to whoever writes a message. */
export interface TrafficWords {
  /** Targets that were called in this direction on the hub of this connection, newest first. */
  targets(connection: ConnectionId | undefined, direction: Direction): readonly string[];
  /** IDs of invocations that wait for their end, newest first; "out": the client called. */
  openIds(connection: ConnectionId | undefined, direction: Direction): readonly string[];
  /** Looks at what the session has got since; each entry is looked at once. */
  refresh(): void;
}

const MOST_TARGETS = 200;
const MOST_INVOCATIONS = 1000;
const MOST_IDS = 50;

export function createTrafficWords(session: Session): TrafficWords {
  /** By direction and hub path; the set's order is the order of the last call. */
  const targets = new Map<string, Set<string>>();
  let invocations: InvocationNumber[] = [];
  let next: EntryNumber = 0;

  const look = (number: EntryNumber): void => {
    const entry = session.entry(number);
    if (entry?.kind !== "message" || entry.target === undefined) return;
    switch (headOf(entry.record).kind) {
      case "invocation":
      case "stream-invocation":
      case "hub-call":
        learn(entry, entry.target);
        if (entry.invocation !== undefined) invocations.push(entry.invocation);
        return;
      case "envelope":
        // Of several calls, each; progress is of a call the other way.
        for (const called of entry.invocations ?? [entry.invocation ?? 0]) {
          const { direction, target = "" } = session.invocation(called) ?? {};
          if (direction === entry.direction && target !== "") learn(entry, target);
        }
        return;
      default:
    }
  };

  const learn = ({ connection, direction }: MessageEntry, target: string): void => {
    const hubPath = session.connection(connection)?.hubPath ?? "";
    const key = `${direction} ${hubPath}`;
    const known = targets.get(key) ?? new Set();
    known.delete(target);
    known.add(target);
    if (known.size > MOST_TARGETS) known.delete(known.values().next().value ?? "");
    targets.set(key, known);
  };

  return {
    targets: (connection, direction) => {
      const hubPath = connection === undefined ? undefined : session.connection(connection)?.hubPath;
      return [...(targets.get(`${direction} ${hubPath ?? ""}`) ?? [])].reverse();
    },
    openIds: (connection, direction) => {
      const ids: string[] = [];
      for (let at = invocations.length - 1; at >= 0 && ids.length < MOST_IDS; at -= 1) {
        const found = session.invocation(invocations[at] ?? 0);
        if (found === undefined || found.connection !== connection) continue;
        if (found.direction !== direction) continue;
        if (found.state.kind === "open" && found.invocationId !== undefined) ids.push(found.invocationId);
      }
      return ids;
    },
    refresh: () => {
      const end = session.firstNumber + session.log.length;
      for (next = Math.max(next, session.firstNumber); next < end; next += 1) look(next);
      if (invocations.length > 2 * MOST_INVOCATIONS) invocations = invocations.slice(-MOST_INVOCATIONS);
    },
  };
}
