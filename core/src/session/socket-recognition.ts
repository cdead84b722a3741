/**
 * When a socket counts as SignalR. A page has other sockets too; these must not fill the list of connections.
 *
 * 1. Its URL has `id=` with a token that a negotiate answered (the token may become known after the socket opened).
 * 2. Its first text to the server is a handshake request, or its first payload from the server a handshake response.
 * 3. It was joined late: one of the first payloads that were seen is made of hub records.
 *
 * Until one of these holds, payloads are held. A socket that shows none of them within {@link MOST_HELD} payloads or
 * {@link MOST_HELD_SIZE} is not SignalR, and what was held is dropped. A negotiated token settles it even then.
 *
 * Classic SignalR is known by the URL of its socket; one whose URL was not seen, by what its messages look like.
 * Sockets of iris by their prefix. In a session that shows every socket (`isEager`), one whose first payload was seen
 * and is none of these is "other" at once.
 *
 * @module
 */
import type { SocketPayload } from "../capture-event.ts";
import { looksLikeClassicCall, looksLikeClassicServerText } from "../wire/classic/detect.ts";
import { createConnectionDecoder } from "../wire/connection-decoder.ts";
import { isHandshakeRequest, looksLikeHubTraffic } from "../wire/detect-protocol.ts";
import type { HubProtocolName } from "../wire/hub-codec.ts";
import { isIrisText } from "../wire/iris/detect.ts";
import type { Payload } from "../wire/payload.ts";

export type Verdict = "signalr" | "classic" | "iris" | "other" | "undecided";

const MOST_HELD = 8;
const MOST_HELD_SIZE = 256 * 1024;
const RECORD_SEPARATOR = "\u001e";

/** `held` are all payloads of the socket so far, in wire order. */
export function recognise(
  held: readonly SocketPayload[],
  { isEager = false, isUrlKnown = false }: { readonly isEager?: boolean; readonly isUrlKnown?: boolean } = {},
): Verdict {
  const last = held.at(-1);
  if (last === undefined) return "undecided";
  if (showsHandshake(held) || looksLikeHubTraffic(last.payload)) return "signalr";
  if (last.payload.kind === "text") {
    if (isClassicText(last, last.payload.text, isUrlKnown)) return "classic";
    if (isIrisText(last.payload.text)) return "iris";
  }
  if (isEager && !mayBeHandshake(held)) return "other";
  const size = held.reduce((sum, { payload }) => sum + lengthOf(payload), 0);
  return held.length >= MOST_HELD || size > MOST_HELD_SIZE ? "other" : "undecided";
}

/**
 * `{}` alone is a keep-alive of classic SignalR, or anybody's. Where the URL was seen and is not classic SignalR's, so
 * is a reply: only an envelope with its cursor counts.
 */
function isClassicText({ direction }: SocketPayload, text: string, isUrlKnown: boolean): boolean {
  if (isUrlKnown) return direction === "in" && /^\{"C":"[ds]-[0-9A-F]/.test(text);
  return direction === "in"
    ? text.length > 2 && looksLikeClassicServerText(text)
    : looksLikeClassicCall(text);
}

/** The first text to the server may be a handshake that is cut. */
function mayBeHandshake(held: readonly SocketPayload[]): boolean {
  const [first] = held;
  if (first === undefined || first.direction === "in") return false;
  const text = firstText(first.payload);
  return /^\s*\{/.test(text) && /^\s*\{\s*(?:"(?:p|protocol|v|version)?"?|$)/.test(text) && text.length < 64;
}

/** Whether the handshake is among them, be it cut over several. */
export function showsHandshake(held: readonly SocketPayload[]): boolean {
  return (
    held.some(isHandshakePayload) ||
    isHandshakeRequest(textOf(held, "out")) ||
    isHandshakeResponse(textOf(held, "in"))
  );
}

/** A payload that begins with a handshake request, or with the answer to one. */
export function isHandshakePayload({ direction, payload }: SocketPayload): boolean {
  const text = firstText(payload);
  return direction === "out" ? isHandshakeRequest(text) : isHandshakeResponse(text);
}

/** A socket that goes on where another broke: its first record is a Sequence message. */
export function beginsWithSequence(
  { direction, payload }: SocketPayload,
  protocol: HubProtocolName,
): boolean {
  const [first] = createConnectionDecoder({ protocol, resumed: true }).decode(direction, payload);
  return first?.head.kind === "sequence";
}

function isHandshakeResponse(text: string): boolean {
  const end = text.indexOf(RECORD_SEPARATOR);
  if (end < 0) return false;
  const record = text.slice(0, end).trim();
  return record === "{}" || /^\{\s*"error"\s*:/.test(record);
}

/** The beginning as text: long enough for a handshake, which is text even where the protocol is binary. */
function firstText(payload: Payload): string {
  switch (payload.kind) {
    case "text":
      return payload.text.slice(0, LONGEST_HANDSHAKE);
    case "binary":
      return payload.bytes[0] === OPENING_BRACE
        ? new TextDecoder().decode(payload.bytes.subarray(0, LONGEST_HANDSHAKE))
        : "";
    case "omitted":
      return "";
    default:
      return payload satisfies never;
  }
}

const OPENING_BRACE = 0x7b;
const LONGEST_HANDSHAKE = 4096;

function textOf(held: readonly SocketPayload[], way: SocketPayload["direction"]): string {
  return held
    .filter(({ direction }) => direction === way)
    .map(({ payload }) => firstText(payload))
    .join("")
    .slice(0, LONGEST_HANDSHAKE);
}

function lengthOf(payload: Payload): number {
  switch (payload.kind) {
    case "text":
      return payload.text.length;
    case "binary":
      return payload.bytes.length;
    case "omitted":
      return 0;
    default:
      return payload satisfies never;
  }
}
