import type { PayloadAct, TransportAct } from "../core/src/capture-event.ts";
import type { CircuitState, CircuitStep } from "../core/src/session/circuit.ts";
import type { ConnectionState, HttpEnding, ProtocolName, Undelivered } from "../core/src/session/model.ts";
import { redactText } from "../core/src/session/redaction.ts";
import type { ClassicMessage } from "../core/src/wire/classic/message.ts";
import type { DecodeIssue, DecodeIssueCode } from "../core/src/wire/decode-issue.ts";
import type { HubMessageKind } from "../core/src/wire/hub-message.ts";
import type { IrisMessage } from "../core/src/wire/iris/message.ts";
import type { PlainMessage } from "../core/src/wire/plain/message.ts";
import type { RefreshErrorCode } from "../core/src/wire/refresh.ts";
import { formatDuration } from "./format/format-duration.ts";
import { safeLine } from "./value/safe-text.ts";

/** Of all protocols: those of ASP.NET Core, classic SignalR, iris, and none. */
type AnyMessageKind = HubMessageKind | (ClassicMessage | IrisMessage | PlainMessage)["kind"];

/** The word of a message in the Type column; "stream call" is shorter than the specification's name and as clear. */
export const KIND_WORDS: Readonly<Record<AnyMessageKind, string>> = {
  "handshake-request": "handshake",
  "handshake-response": "handshake",
  invocation: "invocation",
  "stream-invocation": "stream call",
  "stream-item": "stream item",
  completion: "completion",
  "cancel-invocation": "cancel",
  ping: "ping",
  close: "close",
  ack: "ack",
  sequence: "sequence",
  unknown: "unknown",
  undecodable: "undecodable",
  "hub-call": "hub call",
  "hub-result": "result",
  "hub-error": "error",
  envelope: "envelope",
  "keep-alive": "keep-alive",
  "connection-error": "connection error",
  "persistent-data": "data",
  "stream-initialised": "stream opened",
  "frame-initialised": "frame opened",
  "iris-event": "event",
  "iris-native": "text",
  "plain-text": "text",
  "plain-json": "JSON",
  "plain-binary": "binary",
};

export const TRANSPORT_WORDS: Readonly<Record<string, string>> = {
  WebSockets: "WebSockets",
  ServerSentEvents: "SSE",
  LongPolling: "long polling",
  ForeverFrame: "forever frame",
};

export const PROTOCOL_WORDS: Readonly<Record<ProtocolName, string>> = {
  json: "JSON",
  messagepack: "MessagePack",
  blazorpack: "Blazor Server",
  classic: "classic SignalR",
  iris: "iris",
  plain: "no protocol",
};

export const STATE_WORDS: Readonly<Record<ConnectionState["kind"], string>> = {
  negotiating: "negotiating",
  "negotiate-failed": "negotiate failed",
  negotiated: "negotiated",
  opening: "opening",
  handshaking: "handshake sent",
  "handshake-failed": "handshake failed",
  connected: "connected",
  interrupted: "interrupted",
  reconnecting: "reconnecting",
  closed: "closed",
  ended: "ended",
  left: "page left",
};

/** Blazor Server: where the circuit that a connection carries is. */
export const CIRCUIT_WORDS: Readonly<Record<CircuitState, string>> = {
  starting: "circuit starting",
  connected: "circuit connected",
  paused: "circuit paused",
  gone: "circuit gone",
  failed: "circuit failed",
};

/** What a message means for the circuit, as a mark in its row. */
export const CIRCUIT_STEP_WORDS: Readonly<Record<CircuitStep, string>> = {
  started: "circuit started",
  connected: "circuit connected again",
  paused: "circuit paused",
  resumed: "circuit resumed",
  "not-started": "circuit not started",
  "not-found": "no circuit to go back to",
  "not-paused": "circuit not paused",
  "not-resumed": "circuit not resumed",
  "pause-wanted": "pause wanted",
  failed: "circuit failed",
};

export const CIRCUIT_STEP_SENTENCES: Readonly<Record<CircuitStep, string>> = {
  started: "The server keeps this page from here on: its components, their state, and what they render.",
  connected: "The page was away and is back at its circuit: nothing of its state is lost.",
  paused: "The server has given the page its state to keep, and lets go of it.",
  resumed: "The server has made a new circuit of the state that the page kept.",
  "not-started": "The server would not start a circuit for this page.",
  "not-found":
    "The server has no such circuit any more: it expired, was paused, or the server was started anew. Blazor's script then resumes it or loads the page again.",
  "not-paused": "The server would not pause the circuit.",
  "not-resumed": "The server could not make a circuit of the state that the page kept.",
  "pause-wanted": "The server asks the page to pause its circuit.",
  failed: "The circuit is dead: nothing that the page does reaches it, until it is loaded again.",
};

/** The state in a word or two. */
export function stateWords(state: ConnectionState): string {
  if (state.kind === "left" && state.isUnrecorded === true) return "not recorded any more";
  return state.kind === "left" && state.isOutOfSight === true ? "out of sight" : STATE_WORDS[state.kind];
}

export const HTTP_ENDING_WORDS: Readonly<Record<HttpEnding, string>> = {
  "stream-ended": "the event stream ended",
  "stream-closed": "the client closed the event stream",
  "stream-broken": "the event stream broke: the network or the process went away",
  "poll-over": "the server said that there is nothing more to poll",
  "poll-broken": "a poll broke, and no other has followed",
  refused: "the server refused the event stream or the poll",
  deleted: "the client ended the connection",
  dismissed: "the server told the client to disconnect",
};

export const UNDELIVERED_WORDS: Readonly<Record<Undelivered, string>> = {
  refused: "The server never read this: the POST that carried it was answered with an error.",
  "after-close": "The server never read this: it had said Close before.",
  "after-fault": "The server never read this: what was sent before it ended the connection.",
  "too-large":
    "The server most likely never read this: it is over the default limit of 32 kB, and the server closed with an error. The limit is HubOptions.MaximumReceiveMessageSize.",
  stalled:
    "The server most likely never read this: it is behind a message of a type that the server does not know, and nothing behind that was answered.",
};

/** The mark of what the user sent, simulated or broke. */
export const ACT_WORDS: Readonly<Record<PayloadAct | TransportAct, string>> = {
  sent: "sent by Hubscope",
  simulated: "simulated by Hubscope",
  dropped: "dropped by Hubscope",
  delayed: "delayed by Hubscope",
  reordered: "reordered by Hubscope",
  cut: "cut by Hubscope",
  closed: "closed by Hubscope",
  refused: "refused by Hubscope",
};

export const ACT_SENTENCES: Readonly<Record<PayloadAct | TransportAct, string>> = {
  sent: "You sent this through the page's connection; the page did not.",
  simulated: "You delivered this to the page; the server did not send it.",
  dropped: "A fault that you set dropped this: the other side never got it.",
  delayed: "A fault that you set delayed this: the other side got it later.",
  reordered: "A fault that you set held this back until another message had overtaken it.",
  cut: "You cut this: the page sees a lost connection. Neither the network nor the server did it.",
  closed: "You closed this, with the code that you chose; the page did not.",
  refused: "A fault that you set made this attempt fail: the server never heard of it.",
};

const CLOSE_WORDS: Readonly<Record<number, string>> = {
  1000: "normal closure",
  1001: "going away: the page was left or the server is stopping",
  1002: "protocol error",
  1003: "unsupported data: this kind of payload is not accepted",
  1005: "close frame without a code",
  1006: "no close frame: the network or the process went away",
  1007: "invalid data: text that is not UTF-8",
  1008: "policy violation",
  1009: "message too big for the receiver",
  1010: "a required extension was not offered",
  1011: "server error",
  1012: "the server restarts",
  1013: "try again later",
  1014: "bad gateway",
  1015: "TLS handshake failed",
};

const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: "bad request",
  401: "not authorised",
  403: "forbidden",
  404: "not found: no hub at this address",
  405: "method not allowed: probably no hub at this address",
  429: "too many requests",
  500: "server error",
  502: "bad gateway",
  503: "not available",
  504: "gateway timeout",
};

/** Why negotiate failed: "401: not authorised". What the session says of a bare status is put in words. */
export function negotiateFailureText(status: number | undefined, reason: string): string {
  const isBareStatus = status !== undefined && reason === `HTTP status ${status}`;
  const words = isBareStatus ? (STATUS_WORDS[status] ?? "an HTTP error") : safeLine(reason);
  return status === undefined || status === 200 ? words : `${status}: ${words}`;
}

const REFRESH_ERROR_WORDS: Readonly<Record<RefreshErrorCode, string>> = {
  refresh_disabled: "the endpoint does not allow it",
  missing_connection_token: "the request names no connection",
  connection_not_found: "the server knows no such connection",
  invalid_token: "the new token authenticates nobody",
  windows_identity_not_supported: "a Windows identity cannot be refreshed",
};

/** Why a refresh failed: "401: the new token authenticates nobody". */
export function refreshFailureText(failure: {
  readonly status?: number;
  readonly error?: string;
  readonly reason?: string;
}): string {
  const { status, error, reason = "" } = failure;
  if (error === undefined) {
    const isUnknown = reason === "HTTP status 404" || reason === "HTTP status 405";
    return isUnknown
      ? `${status}: the server knows no refresh, most likely one before .NET 11`
      : negotiateFailureText(status, redactText(reason));
  }
  const known = Object.entries(REFRESH_ERROR_WORDS).find(([code]) => code === error);
  const words = known === undefined ? safeLine(redactText(error)) : known[1];
  return status === undefined ? words : `${status}: ${words}`;
}

/** "token good for 1 h": how long the token of a client is good for, as its server says. */
export function tokenLifetimeText(seconds: number): string {
  return `token good for ${formatDuration(seconds * 1000)}`;
}

/** Why the source does not have a payload. */
export const OMITTED_WORDS: Readonly<Record<string, string>> = {
  "too-large": "larger than what is recorded",
  "too-long": "it is longer than the megabyte of an answer that is put together",
  unreadable: "the page's data could not be read",
  "not-captured":
    "not captured: to read it would have used it up or changed it for the page, as with forms, streams and the body of a Request",
};

/** Of a body that the page has read as a value. */
export const REWRITTEN_SENTENCE =
  "Read by the page as JSON: written anew from the value. Spaces, escapes and integers beyond 2^53 are not as they came, nor is the size.";

/** Of a connection that no page hook saw. */
export const SEEN_BY_NETWORK_LOG =
  "the browser's network log: it is of a worker, or a frame or site that Hubscope does not read. Messages from before devtools were open and close codes are not known.";

/** What a WebSocket close code means; RFC 6455 section 7.4 and the IANA registry. */
export function closeCodeText(code: number): string {
  if (code === 0) return "the network log does not say why";
  const known = CLOSE_WORDS[code];
  if (known !== undefined) return known;
  if (code >= 4000 && code <= 4999) return "a code of the application";
  if (code >= 3000 && code <= 3999) return "a code registered by a library";
  return "not a code that RFC 6455 knows";
}

const ISSUE_SENTENCES: Readonly<Record<DecodeIssueCode, string>> = {
  "incomplete-at-close": "The connection ended before this record was complete.",
  "length-prefix-too-long":
    "The length prefix says more than 2 GB; what follows cannot be split into records.",
  "empty-record": "The record is empty.",
  "wrong-payload-type": "Text came where this protocol sends binary, or binary where it sends text.",
  "payload-omitted": "The content was not captured.",
  "framing-lost": "A payload before this one was not captured, so where records begin is not known here.",
  "not-json": "This is not valid JSON.",
  "not-messagepack": "This is not valid MessagePack.",
  "invalid-utf8": "A string holds bytes that are not UTF-8; they are shown as replacement characters.",
  "duplicate-key": "A property occurs more than once; the last one counts.",
  "too-deep": "The value is nested too deeply to be decoded whole.",
  "trailing-data": "Bytes follow after the end of the message.",
  "not-an-object": "A JSON hub message must be an object.",
  "not-an-array": "A MessagePack hub message must be an array.",
  "missing-type": "The message has no type.",
  "unknown-message-type": "No specification knows this message type; receivers ignore it.",
  "missing-field": "A field that the protocol requires is missing.",
  "empty-field": "A field that must not be empty is empty.",
  "wrong-field-type": "A field has another type than the protocol says.",
  "null-field": "A field is null that the protocol does not allow to be null.",
  "ignored-field": "A field is there but counts as absent.",
  "unbindable-field":
    "A field cannot be bound to a parameter; a .NET server refuses this call and keeps the connection.",
  "result-and-error":
    "The completion carries a result and an error; the protocol forbids both. The error counts.",
  "unknown-result-kind": "The completion says a result kind that no specification knows.",
  "extra-items": "The message carries more items than its type has.",
  "wrong-item-count": "The array header says another number of items than there are.",
  "lenient-json": "This is not JSON to the letter. A classic server may have read it all the same.",
  "never-answered": "A classic server throws this away without an answer: the call hangs for ever.",
  "dropped-by-server": "An iris server drops this message without a word.",
  "read-differently": "The two ends read this differently.",
  "unusual-field": "No known peer writes this so; it is shown as it is.",
  "over-size-limit": "This is larger than a server with default options takes; it ends the connection.",
  "handshake-missing": "A hub message stands where the handshake belongs.",
  "handshake-malformed": "The handshake does not have the form that the protocol requires.",
  "unknown-protocol": "The handshake asks for a hub protocol that Hubscope cannot decode.",
  "protocol-guessed": "No handshake was seen; the hub protocol is concluded from the payloads.",
};

/** What is odd about a record, in one sentence with its field, place and detail. */
export function issueSentence({ code, field, at, detail }: DecodeIssue): string {
  const where = [
    ...(field === undefined ? [] : [`field ${safeLine(field)}`]),
    ...(at === undefined ? [] : [`at ${at}`]),
  ].join(", ");
  const said =
    code === "payload-omitted" && detail !== undefined ? (OMITTED_WORDS[detail] ?? detail) : detail;
  const facts = [where, said === undefined ? "" : safeLine(said)].filter((part) => part !== "").join(": ");
  return facts === "" ? ISSUE_SENTENCES[code] : `${ISSUE_SENTENCES[code]} (${facts})`;
}

/** The codes above, for the test that holds every code to have its sentence. */
export const ISSUE_CODES = Object.keys(ISSUE_SENTENCES) as readonly DecodeIssueCode[];

export const TEXTS = {
  nothingYet: "No SignalR traffic yet. Hubscope is recording. Use the page, or reload it.",
  filterHidesAll: "No message matches.",
  clearFilter: "Clear filter",
  goOn: "Go on",
  socketUnopened:
    "the socket could not be opened: nobody listens there, the server refused it, or the network is down. Browsers tell scripts no more than this; the console does",
  binaryHasNoText: "This record is binary. Its bytes are under Hex.",
  showHex: "Show hex",
} as const;
