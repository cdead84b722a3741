import type { DecodeIssue } from "../decode-issue.ts";
import type { DecodedMessage } from "../hub-codec.ts";
import type { HubMessage, WireValue } from "../hub-message.ts";
import { ordinaryMessage, type Parsed } from "../json/ordinary-message.ts";
import { MAX_LENGTH_PREFIX_SIZE, MAX_RECORD_LENGTH } from "../limits.ts";
import type { LeanCodec } from "./lean-codec.ts";
import { type Fields, fieldsOf, isFields, messageOf, namesOf, plainOf, undecodable } from "./message.ts";
import { openPayload, readRecord } from "./reader.ts";
import { writeValue } from "./writer.ts";

/** The MessagePack hub protocol, without what `messagePackCodec` of `hubscope/wire` has beyond it: see {@link LeanCodec}. */
export const leanMessagePackCodec: LeanCodec = {
  name: "messagepack",
  transferFormat: "binary",
  decode: (record) => (record.kind === "text" ? undecodable("wrong-payload-type") : decodeOne(record.bytes)),
  decodePayload,
  encode: (message) => {
    const { handshake, value } = plainOf(message);
    if (handshake !== undefined) return `${JSON.stringify(handshake)}\x1e`;
    return framed(itemsOf(message) ?? value);
  },
};

function decodeOne(record: Uint8Array): DecodedMessage {
  openPayload(record);
  const decoded = decodeBetween(0, record.length);
  openPayload();
  return decoded;
}

function decodePayload(payload: string | Uint8Array): readonly DecodedMessage[] {
  if (typeof payload === "string") return [undecodable("wrong-payload-type")];
  openPayload(payload);
  const decoded: DecodedMessage[] = [];
  let at = 0;
  while (at < payload.length) {
    let length = 0;
    let size = 0;
    let byte: number;
    do {
      byte = payload[at + size] ?? 0;
      // Not `<<`: the fifth group would overflow into the sign bit.
      length += (byte & 0x7f) * 2 ** (7 * size);
      size += 1;
    } while (byte > 0x7f && size < MAX_LENGTH_PREFIX_SIZE);
    const start = at + size;
    if (byte > 0x7f || length > MAX_RECORD_LENGTH) {
      decoded.push(undecodable("length-prefix-too-long"));
      break;
    }
    at = start + length;
    decoded.push(
      at > payload.length || start > payload.length
        ? undecodable("incomplete-at-close")
        : decodeBetween(start, at),
    );
  }
  openPayload();
  return decoded;
}

/** The payload is open. */
function decodeBetween(start: number, end: number): DecodedMessage {
  if (start === end) return undecodable("empty-record");
  let items: WireValue;
  try {
    items = readRecord(start, end);
  } catch (error) {
    return undecodable(error instanceof TypeError ? "invalid-utf8" : "not-messagepack");
  }
  if (!Array.isArray(items)) return undecodable("not-an-array", items);
  const message = ordinaryMessage(ordinaryFields(items));
  return message === undefined ? fromItems(items) : { message, issues: NO_ISSUES };
}

const NO_ISSUES: readonly DecodeIssue[] = [];

/** What peers send nearly always; nothing where the record has what is rare. */
function ordinaryFields(items: readonly WireValue[]): Parsed {
  const [type, headers, id, second, third] = items;
  const { length } = items;
  if (length < 4 || length > 6 || !isFields(headers) || Object.keys(headers).length > 0) return NOTHING;
  const invocationId = id === null ? undefined : id;
  if (type === 1 && length > 4) {
    const streamIds = items[5];
    const hasNone = length === 5 || (Array.isArray(streamIds) && streamIds.length === 0);
    return hasNone ? { type, invocationId, target: second, arguments: third } : NOTHING;
  }
  if (type === 2 && length === 4) return { type, invocationId, item: second };
  return type === 3 && second === VALUE_RESULT && length === 5
    ? { type, invocationId, result: third }
    : NOTHING;
}

const NOTHING: Parsed = {};

const ERROR_RESULT = 1;
const VOID_RESULT = 2;
const VALUE_RESULT = 3;

/** By position. Nil stands for an ID or an error that is not there. */
function fromItems(items: readonly WireValue[]): DecodedMessage {
  const type = items[0];
  const fields: Fields = { type };
  let own = 1;
  for (const name of namesOf(type as number)) {
    const item = items[own++];
    if (item !== null || (name !== "invocationId" && name !== "error")) fields[name] = item;
  }
  if (type === 3) {
    const kind = items[own++];
    if (kind === ERROR_RESULT) fields["error"] = items[own++];
    else if (kind === VALUE_RESULT) fields["result"] = items[own++];
    const isWhole = kind === VOID_RESULT || fields[kind === ERROR_RESULT ? "error" : "result"] !== undefined;
    if (!isWhole) return undecodable("unknown-result-kind", items);
  }
  // Nil or an empty map must be there even where it says nothing.
  const first = namesOf(type as number)[0];
  if (first !== undefined && items.length < 2) return undecodable("missing-field", items, first);
  const decoded = messageOf(fields, items, items.length > own ? items.slice(own) : undefined);
  return items.length > own && decoded.issues.length === 0
    ? { message: decoded.message, issues: [{ code: "extra-items" }] }
    : decoded;
}

function itemsOf(message: HubMessage): readonly WireValue[] | undefined {
  if (message.kind === "invocation" && message.extra === undefined) {
    const { headers = {}, invocationId = null, target, streamIds = [] } = message;
    return [1, headers, invocationId, target, message.arguments, streamIds];
  }
  if (message.kind === "stream-item" && message.extra === undefined) {
    return [2, message.headers ?? {}, message.invocationId, message.item];
  }
  const fields = fieldsOf(message);
  if (fields === undefined) return undefined;
  const type = fields["type"] as number;
  const items = [type, ...namesOf(type).map((name) => fields[name] ?? DEFAULTS[name] ?? null)];
  if (message.kind === "completion") {
    const { error, result } = fields;
    if (error !== undefined) items.push(ERROR_RESULT, error);
    else if (result !== undefined) items.push(VALUE_RESULT, result);
    else items.push(VOID_RESULT);
  }
  return "extra" in message && Array.isArray(message.extra) ? [...items, ...message.extra] : items;
}

const DEFAULTS: Fields = { headers: {}, streamIds: [], allowReconnect: false };

function framed(value: WireValue): Uint8Array<ArrayBuffer> {
  const record = writeValue(value, MAX_LENGTH_PREFIX_SIZE);
  let rest = record.length - MAX_LENGTH_PREFIX_SIZE;
  const groups: number[] = [];
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) groups.push((rest % 0x80) | 0x80);
  groups.push(rest);
  const start = MAX_LENGTH_PREFIX_SIZE - groups.length;
  record.set(groups, start);
  return record.subarray(start);
}
