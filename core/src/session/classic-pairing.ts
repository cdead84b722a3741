import type { Milliseconds } from "../capture-event.ts";
import type {
  ClassicMessage,
  Envelope,
  HubCall,
  HubError,
  HubResult,
  Progress,
} from "../wire/classic/message.ts";
import { idText } from "../wire/classic/message.ts";
import type { InvocationList } from "./invocation-list.ts";
import type { Carrier, ConnectionId, EntryNumber, InvocationNumber, InvocationState } from "./model.ts";

export interface PlacedClassic {
  readonly at: Milliseconds;
  readonly carrier: Carrier;
  readonly entry: EntryNumber;
}

/**
 * Which call each message of a classic connection makes, answers or tells of. A reply comes by the call's own socket
 * with the call's ID, or is the body of the call's own send request, whatever its ID. Where that body is empty, a
 * client takes the reply from the channel that receives, by the call's ID. Progress comes by the call's socket, or by
 * whatever channel the server has.
 */
export interface ClassicPairing {
  pair(message: ClassicMessage, placed: PlacedClassic): readonly InvocationNumber[];
  /** The socket or exchange is gone: nothing that waits for a reply by it gets one. */
  lose(carrier: Carrier): void;
  /** The send request has been taken and answered with nothing: calls with an ID may get their replies by another way. */
  leaveOpen(carrier: Carrier): void;
  /** The connection has ended. */
  end(): void;
}

interface Route {
  /** By ID, oldest first; by an empty ID what has none. */
  readonly open: Map<string, InvocationNumber[]>;
  /** By ID, answered or not. */
  readonly latest: Map<string, InvocationNumber>;
}

/** Bounds against a peer that asks without end and is never answered. */
const MOST_OPEN = 50_000;
const MOST_SHARING = 100;
const NONE: readonly InvocationNumber[] = [];

export function createClassicPairing(connection: ConnectionId, invocations: InvocationList): ClassicPairing {
  const routes = new Map<string, Route>();
  /** Of all send requests, whose exchanges are over when their progress may still come. */
  const sent = new Map<string, InvocationNumber>();

  const routeOf = (carrier: Carrier): Route => {
    const key = keyOf(carrier);
    const known = routes.get(key);
    if (known !== undefined) return known;
    const route: Route = { open: new Map(), latest: new Map() };
    routes.set(key, route);
    trim(routes);
    return route;
  };

  const call = (message: HubCall, { at, carrier, entry }: PlacedClassic): InvocationNumber => {
    const id = idText(message.id);
    const isAnswered = id !== undefined || "exchange" in carrier;
    const { number } = invocations.open(
      {
        connection,
        direction: "out",
        kind: isAnswered ? "call" : "send",
        ...(id !== undefined && { invocationId: id }),
        target: `${message.hub}.${message.method}`,
        state: { kind: isAnswered ? "open" : "sent" },
        startedAt: at,
      },
      entry,
    );
    if (!isAnswered) return number;
    const { open, latest } = routeOf(carrier);
    open.set(id ?? "", [...(open.get(id ?? "") ?? []).slice(1 - MOST_SHARING), number]);
    trim(open);
    if (id !== undefined) {
      const named = "exchange" in carrier ? sent : latest;
      named.delete(id);
      named.set(id, number);
      trim(named);
    }
    return number;
  };

  /** Of several calls with one ID the latest that waits. */
  const takeOpen = (carrier: Carrier, id: string | undefined): InvocationNumber | undefined => {
    const { open } = routeOf(carrier);
    const key = "exchange" in carrier ? open.keys().next().value : id;
    const numbers = key === undefined ? undefined : open.get(key);
    if (key === undefined || numbers === undefined) return undefined;
    const number = numbers.at(-1);
    if (numbers.length > 1) open.set(key, numbers.slice(0, -1));
    else open.delete(key);
    return number;
  };

  const stillOpen = (id: string | undefined): InvocationNumber | undefined => {
    const number = id === undefined ? undefined : sent.get(id);
    return number !== undefined && invocations.find(number)?.state.kind === "open" ? number : undefined;
  };

  const reply = (
    message: HubResult | HubError,
    { at, carrier, entry }: PlacedClassic,
  ): readonly InvocationNumber[] => {
    const id = idText(message.id);
    const number = takeOpen(carrier, id) ?? ("exchange" in carrier ? stillOpen(id) : undefined);
    const invocation = number === undefined ? undefined : invocations.find(number);
    if (invocation === undefined) return NONE;
    const state: InvocationState =
      message.kind === "hub-error"
        ? { kind: "failed", completion: entry, error: message.error }
        : { kind: "completed", completion: entry };
    invocations.extend(invocation.number, entry, { state, latency: at - invocation.startedAt });
    return [invocation.number];
  };

  const progress = ({ id }: Progress, { at, carrier, entry }: PlacedClassic): readonly InvocationNumber[] => {
    const key = idText(id);
    if (key === undefined) return NONE;
    const number = ("socket" in carrier ? routeOf(carrier).latest.get(key) : undefined) ?? sent.get(key);
    const told = number === undefined ? undefined : invocations.find(number);
    if (told === undefined) return NONE;
    const first = told.items === 0 ? { firstItemAfter: at - told.startedAt } : {};
    invocations.extend(told.number, entry, { items: told.items + 1, ...first });
    return [told.number];
  };

  const receive = (message: Envelope, placed: PlacedClassic): readonly InvocationNumber[] =>
    message.messages.flatMap((item) => {
      switch (item.kind) {
        case "client-invocation":
          return [
            invocations.open(
              {
                connection,
                direction: "in",
                kind: "send",
                target: `${item.hub}.${item.method}`,
                state: { kind: "sent" },
                startedAt: placed.at,
              },
              placed.entry,
            ).number,
          ];
        case "progress":
          return progress(item, placed);
        case "data":
          return NONE;
        default:
          return item satisfies never;
      }
    });

  const loseCall = (number: InvocationNumber): void => {
    if (invocations.find(number)?.state.kind === "open")
      invocations.change(number, { state: { kind: "lost" } });
  };

  const loseRoute = ({ open }: Route): void => {
    for (const number of [...open.values()].flat()) loseCall(number);
    open.clear();
  };

  return {
    pair(message, placed) {
      switch (message.kind) {
        case "hub-call":
          return [call(message, placed)];
        case "hub-result":
        case "hub-error":
          return reply(message, placed);
        case "envelope":
          return receive(message, placed);
        default:
          return NONE;
      }
    },
    lose(carrier) {
      const key = keyOf(carrier);
      const route = routes.get(key);
      if (route === undefined) return;
      loseRoute(route);
      routes.delete(key);
    },
    leaveOpen(carrier) {
      const key = keyOf(carrier);
      const waiting = routes.get(key)?.open;
      for (const number of waiting?.get("") ?? []) loseCall(number);
      routes.delete(key);
    },
    end() {
      for (const route of routes.values()) loseRoute(route);
      for (const number of sent.values()) loseCall(number);
    },
  };
}

function keyOf(carrier: Carrier): string {
  return "socket" in carrier ? `socket ${carrier.socket}` : `exchange ${carrier.exchange}`;
}

function trim(map: Map<string, unknown>): void {
  if (map.size <= MOST_OPEN) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
