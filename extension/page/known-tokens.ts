import { isClassicChannelUrl } from "../../core/src/wire/classic/detect.ts";

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
      const oldest = order[next];
      if (oldest !== undefined) delete byToken[oldest];
      order[next] = token;
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
  return /[?&]id=[^&#]/i.test(url);
}

/** Clients append the token unencoded, encoded, or encoded twice by a URL class. */
function tokenValues(url: string): readonly string[] {
  const values: string[] = [];
  const pattern = isChannelBeforeTokens(url)
    ? /[?&](?:id|connectionId)=([^&#]+)/gi
    : /[?&](?:id|connectionToken)=([^&#]+)/gi;
  for (let match = pattern.exec(url); match !== null; match = pattern.exec(url)) {
    const raw = match[1] ?? "";
    values[values.length] = raw;
    values[values.length] = decoded(raw);
  }
  return values;
}

/** Anything else with a `connectionId` is the page's own, that tells its server which connection it has. */
function isChannelBeforeTokens(url: string): boolean {
  return isClassicChannelUrl(url) && !/[?&]connectionToken=/i.test(url);
}

function decoded(text: string): string {
  try {
    return decode(text);
  } catch {
    // A stray % is no escape: the text stands for itself.
    return text;
  }
}
