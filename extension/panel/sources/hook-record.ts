import type { CaptureEvent, Milliseconds } from "../../../core/src/capture-event.ts";
import { isNegotiateUrl } from "../../../core/src/wire/detect-protocol.ts";
import { tokensOfNegotiate, tokensOfUrl } from "./connection-tokens.ts";
import type { NetworkItem } from "./network-item.ts";

/** What page hooks have reported, so that the same is known when the network log shows it. */
export interface HookRecord {
  note(event: CaptureEvent): void;
  /** Takes note of `item` as one that a hook has seen; at most one item for each that it saw. */
  claims(item: NetworkItem): boolean;
}

interface Seen {
  readonly kind: NetworkItem["kind"];
  readonly method: string;
  readonly url: string;
  readonly at: Milliseconds;
  isClaimed: boolean;
}

/** Two clocks tell when a request began: the page's and the network log's. */
export const CLOCK_TOLERANCE: Milliseconds = 1_000;
const MOST_REMEMBERED = 5_000;
/** A negotiate answer is some hundred characters. */
const MOST_ANSWER = 64 * 1024;

export function createHookRecord(): HookRecord {
  const seen: Seen[] = [];
  /** A hook saw the negotiate, so it sees all that follows. */
  const negotiated = new Set<string>();
  const answers = new Map<string, string>();

  function add(entry: Omit<Seen, "isClaimed">): void {
    seen.push({ ...entry, isClaimed: false });
    if (seen.length > MOST_REMEMBERED) seen.shift();
  }

  function learn(token: string): void {
    negotiated.add(token);
    const [oldest] = negotiated;
    if (negotiated.size > MOST_REMEMBERED && oldest !== undefined) negotiated.delete(oldest);
  }

  return {
    note(event) {
      switch (event.type) {
        case "socket-opening":
          add({ kind: "socket", method: "GET", url: event.url, at: event.at });
          return;
        case "http-request":
          add({ kind: "exchange", method: event.method.toUpperCase(), url: event.url, at: event.at });
          if (isNegotiateUrl(event.url)) answers.set(event.exchange, "");
          return;
        case "http-response-body": {
          const before = answers.get(event.exchange);
          if (before === undefined || event.payload.kind !== "text") return;
          const answer = before + event.payload.text;
          if (answer.length > MOST_ANSWER) answers.delete(event.exchange);
          else answers.set(event.exchange, answer);
          for (const token of tokensOfNegotiate(answer)) learn(token);
          return;
        }
        case "http-ended":
          answers.delete(event.exchange);
          return;
        default:
          return;
      }
    },
    claims(item) {
      const same = nearest(
        seen.filter((entry) => !entry.isClaimed && isSame(entry, item)),
        item.startedAt,
      );
      if (same !== undefined) same.isClaimed = true;
      return same !== undefined || item.tokens.some((token) => negotiated.has(token));
    },
  };
}

/** The same request, as the page's hook and the network log tell it. A token in the URL needs no clock. */
function isSame(seen: Seen, item: NetworkItem): boolean {
  if (seen.kind !== item.kind || seen.method !== item.method) return false;
  if (withoutFragment(seen.url) !== withoutFragment(item.url)) return false;
  const isNamed = item.kind === "socket" && tokensOfUrl(item.url).length > 0;
  return isNamed || Math.abs(seen.at - item.startedAt) <= CLOCK_TOLERANCE;
}

/** The one of `entries` that began closest to `at`. */
export function nearest<T extends { readonly at: Milliseconds }>(
  entries: readonly T[],
  at: Milliseconds,
): T | undefined {
  return entries.reduce<T | undefined>(
    (best, entry) => (best === undefined || Math.abs(entry.at - at) < Math.abs(best.at - at) ? entry : best),
    undefined,
  );
}

/** A log may leave out what is never sent. */
export function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, "");
}
