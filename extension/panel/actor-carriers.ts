import type { ConnectionId } from "../../core/src/session/model.ts";
import type { Session } from "../../core/src/session/session.ts";
import type { CarrierId } from "../channel/acts.ts";
import { type Fields, isFields } from "../channel/guards.ts";
import type { NumberedEvent } from "../channel/messages.ts";

/** Where a connection can be met: the document that has it, and what carries it there. */
export interface LiveCarrier {
  readonly document: string;
  readonly carrier: CarrierId;
}

export interface ActorCarriers {
  /** Events of a document as they came: the names in them say whose they are. */
  arrived(document: string, events: readonly NumberedEvent[]): void;
  connected(document: string): void;
  disconnected(document: string): void;
  /** The documents that can be told something now. */
  readonly documents: Iterable<string>;
  /** All carriers of a connection, the newest last. */
  carriersOf(connection: ConnectionId): readonly CarrierId[];
  /** Undefined where no page hook has it, or its document is out of reach. */
  find(connection: ConnectionId): LiveCarrier | undefined;
}

/** A tab that is left open for days visits more documents than are worth remembering. */
const MOST_DOCUMENTS = 5_000;

/** A page hook names its sockets and exchanges `hook-1`, `hook-2`, …; one document has one hook. */
export function createActorCarriers(session: Session): ActorCarriers {
  const documentOfHook = new Map<string, string>();
  const known = new Set<string>();
  const reachable = new Set<string>();
  const exchanges = new Map<ConnectionId, CarrierId>();

  function exchangeOf(connection: ConnectionId): CarrierId | undefined {
    const { log } = session;
    for (let at = log.length - 1; at >= 0; at--) {
      const entry = log[at];
      if (entry === undefined || entry.kind === "source" || entry.connection !== connection) continue;
      const carrier = entry.kind === "message" ? entry.carrier : carrierIn(entry.happening);
      if (carrier === undefined || !("exchange" in carrier)) continue;
      // What receives is what can be simulated on; any exchange of the connection shows how it sends.
      if (entry.kind === "message" && (entry.direction === "out" || entry.act === "sent")) continue;
      exchanges.set(connection, carrier.exchange);
      return carrier.exchange;
    }
    return exchanges.get(connection);
  }

  function carriersOf(id: ConnectionId): readonly CarrierId[] {
    const connection = session.connection(id);
    if (connection === undefined) return [];
    const isSocket = connection.transport === "WebSockets" || connection.transport === undefined;
    const exchange = isSocket ? undefined : exchangeOf(id);
    return exchange === undefined ? connection.sockets : [exchange];
  }

  return {
    arrived(document, events) {
      if (known.has(document)) return;
      for (const { event } of events) {
        const name = isFields(event) ? nameIn(event) : undefined;
        if (typeof name !== "string") continue;
        known.add(document);
        documentOfHook.set(hookOf(name), document);
        break;
      }
      const [oldest] = documentOfHook;
      if (documentOfHook.size <= MOST_DOCUMENTS || oldest === undefined) return;
      documentOfHook.delete(oldest[0]);
      known.delete(oldest[1]);
    },
    connected(document) {
      reachable.add(document);
    },
    disconnected(document) {
      reachable.delete(document);
    },
    documents: reachable,
    carriersOf,
    find(connection) {
      const carrier = carriersOf(connection).at(-1);
      const document = carrier === undefined ? undefined : documentOfHook.get(hookOf(carrier));
      if (carrier === undefined || document === undefined || !reachable.has(document)) return undefined;
      return { document, carrier };
    },
  };
}

function carrierIn(
  happening: object,
): { readonly socket: string } | { readonly exchange: string } | undefined {
  return "carrier" in happening
    ? (happening.carrier as { readonly socket: string } | { readonly exchange: string })
    : undefined;
}

/** A socket or an exchange that the event, or the first of a run, is of. */
function nameIn(event: Fields): unknown {
  const sockets = event["sockets"];
  return event["socket"] ?? event["exchange"] ?? (Array.isArray(sockets) ? sockets[0] : undefined);
}

function hookOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("-")));
}
