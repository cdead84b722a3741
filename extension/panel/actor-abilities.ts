import type { Connection } from "../../core/src/session/model.ts";
import type { Abilities, Ability } from "../../ui/inspector/act/actor.ts";

const CAN: Ability = { can: true };

/** What can be done with a connection. `isReachable`: the page hook of a document that is still there carries it. */
export function abilitiesOf(connection: Connection | undefined, isReachable: boolean): Abilities {
  if (connection === undefined) return nothing("This connection is not in the recording any more.");
  const gone = endOf(connection);
  if (gone !== undefined) return nothing(gone);
  if (connection.origin?.seenBy === "network-log")
    return nothing(
      "Hubscope sees this connection in the browser's network log only: it can be read, not acted on. What a page or a frame has can be acted on once its site is recorded, what a worker has cannot.",
    );
  if (!isReachable) return nothing("The page that has this connection is out of reach.");
  const warning = warningOf(connection);
  return { ...abilitiesOver(connection), ...(warning === undefined ? {} : { warning }) };
}

function abilitiesOver({ transport, protocol }: Connection): Abilities {
  switch (transport) {
    case undefined:
    case "WebSockets":
      return { send: CAN, simulate: CAN, cut: CAN, faults: CAN };
    case "ServerSentEvents":
      return {
        send: CAN,
        simulate: CAN,
        cut: CAN,
        faults: CAN,
      };
    case "LongPolling":
      return protocol?.name === "classic"
        ? {
            ...nothing(
              "What polls of classic SignalR bring can be read, not acted on. Reconnects can be refused on every connection.",
            ),
            send: CAN,
          }
        : { send: CAN, simulate: CAN, cut: CAN, faults: CAN };
    case "ForeverFrame":
      return {
        ...nothing("What a forever frame brings can be read, not acted on."),
        send: CAN,
      };
    default:
      return transport satisfies never;
  }
}

function endOf({ state }: Connection): string | undefined {
  switch (state.kind) {
    case "connected":
      return undefined;
    case "negotiating":
    case "negotiated":
    case "opening":
    case "handshaking":
      return "This connection is not open yet.";
    case "interrupted":
    case "reconnecting":
      return "This connection is interrupted: the client may bring it back.";
    default:
      return "This connection has ended.";
  }
}

function warningOf({ statefulReconnect, transport, protocol }: Connection): string | undefined {
  if (statefulReconnect)
    return "This connection uses stateful reconnect: both ends count messages. What you send, simulate, drop or reorder puts their counts out of step, so that after a lost socket messages may be sent twice or be missing. Replies to what you send reach the page's client too, which ignores them.";
  const isClassic = protocol?.name === "classic";
  if (transport === "ServerSentEvents" && isClassic)
    return "Over Server-Sent Events classic SignalR sends by forms of its own: faults meet only what the server sends.";
  if (transport === "ServerSentEvents")
    return "Over Server-Sent Events a page that stops closes its stream at once: what a fault holds of what it has sent may then come too late for the server.";
  if (transport === "LongPolling" && !isClassic)
    return "Long polling has no pings and its client no server timeout: silence holds messages, and that is all. Of a page that polls by XMLHttpRequest, as clients before 5.0 do, only what it sends can be broken; nothing can be simulated or cut there, and replies to what you send reach its client, which ignores them.";
  return undefined;
}

function nothing(reason: string): Abilities {
  const no = cannot(reason);
  return { send: no, simulate: no, cut: no, faults: no };
}

function cannot(reason: string): Ability {
  return { can: false, reason };
}
