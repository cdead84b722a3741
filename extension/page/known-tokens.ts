import { append, isAmong } from "./lists.ts";
import { queryValues } from "./url-parts.ts";

/** Connection tokens that negotiate answers named, and what has been seen of each connection. */
export interface KnownTokens {
  add(token: string): void;
  /**
   * The connection whose token the address carries as `id` or `connectionToken`, as written or percent-encoded; classic
   * SignalR before 1.0 had the ID alone, as `connectionId`.
   */
  find(url: string): KnownConnection | undefined;
}

/** What is pinned once for each connection. */
export interface KnownConnection {
  /** The handshake request has gone out. */
  hasSent: boolean;
  /** The handshake response has come in. */
  hasReceived: boolean;
}

/** Connections of one page. The oldest are forgotten: they have ended long since. */
const MAX_TOKENS = 500;

const { decodeURIComponent: decode } = globalThis;

export function createKnownTokens(): KnownTokens {
  const byToken: Record<string, KnownConnection | undefined> = Object.create(null);
  /** A ring: where the next one goes is the oldest. */
  const order: string[] = [];
  let next = 0;

  return {
    add(token) {
      if (token === "" || byToken[token] !== undefined) return;
      byToken[token] = { hasSent: false, hasReceived: false };
      const oldest = next < order.length ? order[next] : undefined;
      if (oldest !== undefined) delete byToken[oldest];
      if (next === order.length) append(order, token);
      else order[next] = token;
      next = (next + 1) % MAX_TOKENS;
    },
    find(url) {
      const values = tokenValues(url);
      for (let at = 0; at < values.length; at++) {
        const known = byToken[values[at] ?? ""];
        if (known !== undefined) return known;
      }
      return undefined;
    },
  };
}

/** True where the address has an `id`, which a connection of ASP.NET Core SignalR has on every request. */
export function hasConnectionId(url: string): boolean {
  return queryValues(url, ["id"]).length > 0;
}

const TOKEN = ["id", "connectiontoken"];
const ID_ALONE = ["id", "connectionid"];

/** Clients append the token unencoded, encoded, or encoded twice by a URL class. */
function tokenValues(url: string): readonly string[] {
  const values: string[] = [];
  const written = queryValues(url, isChannelBeforeTokens(url) ? ID_ALONE : TOKEN);
  for (let at = 0; at < written.length; at++) {
    const raw = written[at] ?? "";
    append(values, raw);
    append(values, decoded(raw));
  }
  return values;
}

const TRANSPORTS = ["webSockets", "serverSentEvents", "foreverFrame", "longPolling"];

/**
 * A channel as `isClassicChannelUrl` of the core knows it. Anything else with a `connectionId` is the page's own, that tells its
 * server which connection it has.
 */
function isChannelBeforeTokens(url: string): boolean {
  if (queryValues(url, ["connectiontoken"]).length > 0) return false;
  const transports = queryValues(url, ["transport"]);
  return (
    transports.length > 0 &&
    isAmong(TRANSPORTS, transports[0]) &&
    queryValues(url, ["connectionid"]).length > 0
  );
}

function decoded(text: string): string {
  try {
    return decode(text);
  } catch {
    // A stray % is no escape: the text stands for itself.
    return text;
  }
}
