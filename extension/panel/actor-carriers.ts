import type { Carrier, ConnectionId, LogEntry } from "../../core/src/session/model.ts";
import { headOf } from "../../core/src/session/record-head.ts";
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
  /** What receives. Undefined where no page hook has it, or its document is out of reach. */
  find(connection: ConnectionId): LiveCarrier | undefined;
  /**
   * What shows how the page sends: the same, but for a forever frame, which is a document of its own, whose page makes
   * all other requests.
   */
  findSender(connection: ConnectionId): LiveCarrier | undefined;
}

type ConnectionEntry = Exclude<LogEntry, { kind: "source" }>;

/** A tab that is left open for days visits more documents than are worth remembering. */
const MOST_DOCUMENTS = 5_000;

/** A page hook names its sockets and exchanges `hook-1`, `hook-2`, …; one document has one hook. */
export function createActorCarriers(session: Session): ActorCarriers {
  const documentOfHook = new Map<string, string>();
  const known = new Set<string>();
  const reachable = new Set<string>();
  const receivers = new Map<ConnectionId, CarrierId>();
  const senders = new Map<ConnectionId, CarrierId>();

  /** The newest exchange of a connection that an entry of its log names, also when that entry is gone. */
  function newestOf(
    connection: ConnectionId,
    known: Map<ConnectionId, CarrierId>,
    nameOf: (entry: ConnectionEntry) => CarrierId | undefined,
  ): CarrierId | undefined {
    const { log } = session;
    for (let at = log.length - 1; at >= 0; at--) {
      const entry = log[at];
      if (entry === undefined || entry.kind === "source" || entry.connection !== connection) continue;
      const name = nameOf(entry);
      if (name === undefined) continue;
      known.set(connection, name);
      return name;
    }
    return known.get(connection);
  }

  function live(carrier: CarrierId | undefined): LiveCarrier | undefined {
    const document = carrier === undefined ? undefined : documentOfHook.get(hookOf(carrier));
    if (carrier === undefined || document === undefined || !reachable.has(document)) return undefined;
    return { document, carrier };
  }

  function carriersOf(id: ConnectionId): readonly CarrierId[] {
    const connection = session.connection(id);
    if (connection === undefined) return [];
    const isSocket = connection.transport === "WebSockets" || connection.transport === undefined;
    const exchange = isSocket ? undefined : newestOf(id, receivers, receiverIn);
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
    find: (connection) => live(carriersOf(connection).at(-1)),
    findSender(connection) {
      const receiver = live(carriersOf(connection).at(-1));
      if (session.connection(connection)?.transport !== "ForeverFrame") return receiver;
      return live(newestOf(connection, senders, senderIn)) ?? receiver;
    },
  };
}

/** What the answer of a send request of classic SignalR holds. */
const MAY_ANSWER: ReadonlySet<string> = new Set(["hub-result", "hub-error", "undecodable"]);

/** What receives is what can be simulated on; of ASP.NET Core SignalR any exchange shows how it sends. */
function receiverIn(entry: ConnectionEntry): CarrierId | undefined {
  if (entry.kind === "connection")
    return "carrier" in entry.happening ? exchangeIn(entry.happening.carrier) : undefined;
  if (entry.direction === "out" || MAY_ANSWER.has(headOf(entry.record).kind)) return undefined;
  return exchangeIn(entry.carrier);
}

/** A request that the page made to say something, or to start. */
function senderIn(entry: ConnectionEntry): CarrierId | undefined {
  if (entry.kind === "message")
    return entry.direction === "out" && entry.act !== "sent" ? exchangeIn(entry.carrier) : undefined;
  const { happening } = entry;
  const isOfPage =
    happening.kind === "request" && (happening.action === "start" || happening.action === "send");
  return isOfPage ? happening.exchange : undefined;
}

function exchangeIn(carrier: Carrier): CarrierId | undefined {
  return "exchange" in carrier ? carrier.exchange : undefined;
}

/** A socket or an exchange that the event, or the first of a run, is of. */
function nameIn(event: Fields): unknown {
  const sockets = event["sockets"];
  return event["socket"] ?? event["exchange"] ?? (Array.isArray(sockets) ? sockets[0] : undefined);
}

function hookOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("-")));
}
