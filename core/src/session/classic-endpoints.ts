import type { EventOrigin, Milliseconds } from "../capture-event.ts";
import type { ConnectionKind } from "../wire/classic/envelope.ts";
import { type ClassicTransport, parseClassicAddress } from "../wire/classic/urls.ts";
import type { ConnectionTrack } from "./connection-list.ts";
import { hubPathOf, hubUrlOfClassic, queryValues } from "./hub-url.ts";
import type { Transport } from "./model.ts";
import type { SessionState } from "./session-state.ts";

/** What the URLs of classic SignalR say: which connection, and whether its endpoint has hubs. */
export interface ClassicEndpoints {
  /** One endpoint has either hubs or a persistent connection; only the former is told of hubs. */
  learn(url: string): void;
  kindOf(url: string): ConnectionKind;
  /** Compares equal for all requests of one endpoint. */
  endpointOf(url: string): string;
  /** The connection whose token the URL has; undefined where no negotiate and no channel has shown it. */
  find(url: string): ConnectionTrack | undefined;
  /** The same, or a new one that was joined late. */
  join(
    url: string,
    facts: { readonly at: Milliseconds; readonly origin?: EventOrigin | undefined },
  ): ConnectionTrack;
}

/** A page with more endpoints than this is not one. */
const MOST_ENDPOINTS = 1000;

export function createClassicEndpoints({ connections }: SessionState): ClassicEndpoints {
  const withHubs = new Set<string>();
  const endpointOf = (url: string): string => hubUrlOfClassic(url).split("?", 1)[0] ?? "";

  const kindOf = (url: string): ConnectionKind => (withHubs.has(endpointOf(url)) ? "hubs" : "persistent");

  const find = (url: string): ConnectionTrack | undefined => {
    for (const token of tokensOf(url)) {
      const track = connections.byToken(token)?.track;
      if (track === undefined) continue;
      // Up to 1.x a negotiate does not say whether there are hubs; what connects does.
      if (kindOf(url) === "hubs") track.classic.kind = "hubs";
      return track;
    }
    return undefined;
  };

  return {
    learn(url) {
      if (withHubs.size < MOST_ENDPOINTS && parseClassicAddress(url).hubs !== undefined)
        withHubs.add(endpointOf(url));
    },
    kindOf,
    endpointOf,
    find,
    join(url, { at, origin }) {
      const known = find(url);
      if (known !== undefined) return known;
      const hubUrl = hubUrlOfClassic(url);
      const track = connections.create({
        url: hubUrl,
        hubPath: hubPathOf(hubUrl),
        state: { kind: "opening" },
        startedAt: at,
        ...(origin && { origin }),
      });
      track.classic.kind = kindOf(url);
      connections.change(track, { protocol: { name: "classic", guessed: false } });
      // As written, then decoded, which is what a negotiate says.
      const token = tokensOf(url).at(-1);
      if (token !== undefined) connections.nameToken(track, token, false);
      return track;
    },
  };
}

/** Before 1.0 the ID was all there was. */
function tokensOf(url: string): readonly string[] {
  const tokens = queryValues(url, "connectionToken");
  return tokens.length > 0 ? tokens : queryValues(url, "connectionId");
}

export function transportOf(transport: ClassicTransport | undefined): Transport {
  switch (transport) {
    case "webSockets":
      return "WebSockets";
    case "serverSentEvents":
      return "ServerSentEvents";
    case "foreverFrame":
      return "ForeverFrame";
    case "longPolling":
    case undefined:
      return "LongPolling";
    default:
      return transport satisfies never;
  }
}
