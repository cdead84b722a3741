/**
 * Requests as the devtools' network log tells them: HAR 1.2, with what each browser adds. What is there differs, so
 * every field is asked for and none is relied on. Shapes: Chromium 156 and Firefox 153, `test/extension/panel/sources`.
 *
 * @module
 */
import type { Milliseconds } from "../../../core/src/capture-event.ts";
import type { Payload } from "../../../core/src/wire/payload.ts";
import { decodeBase64 } from "../../channel/base64.ts";
import { type Fields, isFields, isNumber } from "../../channel/guards.ts";
import { MAX_PAYLOAD_SIZE } from "../../channel/limits.ts";

/** One request of the network log, as far as it has come. */
export interface NetworkEntry {
  /** The same at each sight of this request, and of no other. */
  readonly key: string;
  readonly method: string;
  readonly url: string;
  readonly isSocket: boolean;
  readonly startedAt: Milliseconds;
  /** Until the answer was complete, or the socket was closed; of a request under way, until now or 0. */
  readonly duration: Milliseconds;
  /** 0: there was no answer (yet). */
  readonly status: number;
  /** Names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly body?: Payload;
  /** Chromium: what passed over a socket so far. Absent in Firefox. */
  readonly socketMessages?: readonly unknown[];
  /** Chromium: the events of an event stream so far. Absent in Firefox. */
  readonly streamMessages?: readonly unknown[];
  /** Chromium says of requests of the page and its same-process frames which load they belong to; of workers not. */
  readonly isOfPage: boolean;
  /** Chromium says which document's script has led to a request of a dedicated worker. */
  readonly isBegunByDocument: boolean;
  /** Chromium's kind of request, for example "websocket"; absent in Firefox. */
  readonly resourceType?: string;
}

/** Whether a log that is read while requests are under way has more to say of this one than that it is there. */
export function isLiveEntry(value: unknown): boolean {
  if (!isFields(value)) return false;
  if (Array.isArray(value["_eventSourceMessages"])) return true;
  const request = value["request"];
  return isFields(request) && typeof request["url"] === "string" && /^wss?:/i.test(request["url"]);
}

/** Undefined for what is no HAR entry. */
export function readNetworkEntry(value: unknown): NetworkEntry | undefined {
  if (!isFields(value)) return undefined;
  const request = value["request"];
  const response = value["response"];
  if (!isFields(request) || typeof request["url"] !== "string") return undefined;
  const started = value["startedDateTime"];
  const startedAt = typeof started === "string" ? Date.parse(started) : Number.NaN;
  if (Number.isNaN(startedAt)) return undefined;
  const { url } = request;
  const method = textOf(request["method"]).toUpperCase();
  const requestHeaders = headersOf(request["headers"]);
  const isSocket = /^wss?:/i.test(url);
  // Chromium corrects the time of a socket when its handshake is sent; the key of RFC 6455 is random and stays.
  const nonce = isSocket ? requestHeaders["sec-websocket-key"] : undefined;
  const body = isFields(request["postData"]) ? bodyOf(request["postData"]) : undefined;
  const duration = value["time"];
  const resourceType = value["_resourceType"];
  const socketMessages: unknown = value["_webSocketMessages"];
  const streamMessages: unknown = value["_eventSourceMessages"];
  const answer = isFields(response) ? response : {};
  return {
    key: `${method} ${url} ${nonce ?? startedAt}`,
    method,
    url,
    isSocket,
    startedAt,
    duration: isNumber(duration) && duration > 0 ? duration : 0,
    status: isNumber(answer["status"]) ? answer["status"] : 0,
    requestHeaders,
    responseHeaders: headersOf(answer["headers"]),
    ...(body === undefined ? {} : { body }),
    ...(Array.isArray(socketMessages) ? { socketMessages } : {}),
    ...(Array.isArray(streamMessages) ? { streamMessages } : {}),
    isOfPage: typeof value["pageref"] === "string",
    isBegunByDocument: isBegunByDocument(value["_initiator"]),
    ...(typeof resourceType === "string" ? { resourceType } : {}),
  };
}

/** Script of another world is at the root of the calls: who sent the message that a worker acts on, or made the worker. */
function isBegunByDocument(initiator: unknown): boolean {
  let stack: unknown = isFields(initiator) ? initiator["stack"] : undefined;
  for (let depth = 0; isFields(stack) && depth < MOST_STACKS; depth++) {
    if (isFields(stack["parentId"])) return true;
    stack = stack["parent"];
  }
  return false;
}

/** Chromium keeps 32. */
const MOST_STACKS = 64;

/** A message of a socket as Chromium tells it; undefined for what is none. */
export function readSocketMessage(
  value: unknown,
): { readonly direction: "in" | "out"; readonly at: Milliseconds; readonly payload: Payload } | undefined {
  if (!isFields(value) || typeof value["data"] !== "string" || !isNumber(value["time"])) return undefined;
  const type = value["type"];
  // Chromium lists the platform's own error, whose data is a sentence, among the messages.
  if (type !== "send" && type !== "receive") return undefined;
  return {
    direction: type === "send" ? "out" : "in",
    at: value["time"] * 1000,
    payload: value["opcode"] === BINARY_OPCODE ? binaryPayload(value["data"]) : textPayload(value["data"]),
  };
}

/**
 * An event of an event stream as Chromium tells it, written again as a server would: what was on the wire besides its
 * fields is not known.
 */
export function readStreamMessage(
  value: unknown,
): { readonly at: Milliseconds; readonly payload: Payload } | undefined {
  if (!isFields(value) || typeof value["data"] !== "string" || !isNumber(value["time"])) return undefined;
  const name = value["eventName"];
  const lines = [
    ...(typeof name === "string" && name !== "message" && name !== "" ? [`event: ${name}`] : []),
    ...value["data"].split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
  ];
  return { at: value["time"] * 1000, payload: textPayload(`${lines.join("\n")}\n\n`) };
}

/**
 * The content of an answer as `getContent` gives it. That it is base64 is said with it in Chromium, in the entry in
 * Firefox, where `encoding` is the MIME type.
 */
export function contentPayload(entry: unknown, content: unknown, encoding: unknown): Payload | undefined {
  if (typeof content !== "string") return undefined;
  const response = isFields(entry) ? entry["response"] : undefined;
  const described = isFields(response) ? response["content"] : undefined;
  if (encoding === "base64") return binaryPayload(content);
  const isDescribedAsBase64 = isFields(described) && described["encoding"] === "base64";
  return isDescribedAsBase64 ? repaired(binaryPayload(content), content) : textPayload(content);
}

/**
 * Firefox decodes what it takes for UTF-8, whatever its type, and writes base64 with one byte for each character: JSON
 * with an "é" would be no UTF-8. What is no UTF-8 from the start, as MessagePack, comes as it was.
 */
function repaired(payload: Payload, base64: string): Payload {
  if (payload.kind !== "binary") return payload;
  const [first, second = 0x80] = payload.bytes;
  // A MessagePack record of 123 bytes begins with a brace too, and goes on with an array.
  if (first !== OPENING_BRACE || second >= 0x80) return payload;
  return textPayload(atob(base64));
}

const BINARY_OPCODE = 2;
const OPENING_BRACE = 0x7b;

function textPayload(text: string): Payload {
  return text.length > MAX_PAYLOAD_SIZE
    ? { kind: "omitted", reason: "too-large", size: text.length }
    : { kind: "text", text };
}

function binaryPayload(base64: string): Payload {
  const size = Math.floor((base64.length * 3) / 4);
  if (size > MAX_PAYLOAD_SIZE) return { kind: "omitted", reason: "too-large", size };
  const bytes = decodeBase64(base64);
  return bytes === undefined ? { kind: "omitted", reason: "unreadable", size } : { kind: "binary", bytes };
}

/** Both browsers give bytes as one character each where the type is not text. */
function bodyOf(postData: Fields): Payload | undefined {
  const { text, mimeType } = postData;
  if (typeof text !== "string" || text === "") return undefined;
  if (typeof mimeType !== "string" || !/^application\/octet-stream\b/i.test(mimeType))
    return textPayload(text);
  if (text.length > MAX_PAYLOAD_SIZE) return { kind: "omitted", reason: "too-large", size: text.length };
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0xff) return { kind: "omitted", reason: "unreadable", size: text.length };
    bytes[at] = unit;
  }
  return { kind: "binary", bytes };
}

const MOST_HEADERS = 200;

function headersOf(list: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(list)) return {};
  const pairs = list
    .slice(0, MOST_HEADERS)
    .flatMap((header: unknown): [string, string][] =>
      isFields(header) && typeof header["name"] === "string" && typeof header["value"] === "string"
        ? [[header["name"].toLowerCase(), header["value"]]]
        : [],
    );
  return Object.fromEntries(pairs);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
