import type { ConnectionId } from "../../core/src/session/model.ts";
import type { Fault, FaultId } from "../../ui/inspector/act/actor.ts";
import type { CarrierId, PageFault } from "../channel/acts.ts";

/** A second: long enough to be seen, short enough not to trip a client's timeouts. */
const DEFAULT_DELAY = 1_000;

export interface FaultContext {
  readonly carriersOf: (connection: ConnectionId) => readonly CarrierId[];
  readonly hubOf: (connection: ConnectionId) => string | undefined;
  /** URLs of the hubs in the recording; as many as a message may name. */
  readonly hubs: () => readonly string[];
  /** How often it has struck in other documents than the one that is told. */
  readonly strikesElsewhere: (fault: FaultId) => number;
}

/** A fault as the hook of one document knows it: by carriers and addresses rather than by connections. */
export function toPageFault(fault: Fault, context: FaultContext): PageFault {
  const { id, connection } = fault;
  const carriers = connection === undefined ? {} : { carriers: context.carriersOf(connection) };
  switch (fault.kind) {
    case "drop":
    case "delay":
    case "reorder":
      return {
        id,
        kind: fault.kind,
        ...carriers,
        direction: fault.direction,
        ...(fault.target === undefined ? {} : { target: fault.target }),
        share: fault.share,
        delay: fault.delay ?? DEFAULT_DELAY,
      };
    case "silence":
      return { id, kind: "silence", ...carriers };
    case "refuse": {
      const hub = connection === undefined ? undefined : context.hubOf(connection);
      return {
        id,
        kind: "refuse",
        // The client comes back as another connection, to the same address.
        ...(hub === undefined ? {} : { hub }),
        known: hub === undefined ? context.hubs() : [],
        times: fault.times,
        elsewhere: context.strikesElsewhere(id),
      };
    }
    default:
      return fault satisfies never;
  }
}
