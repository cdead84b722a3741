import type { DecodedMessage } from "../hub-codec.ts";
import type { HubMessage, WireValue } from "../hub-message.ts";
import { MAX_LENGTH_PREFIX_SIZE, MAX_RECORD_LENGTH } from "../limits.ts";
import type { LeanCodec } from "./lean-codec.ts";
import { type Fields, fieldsOf, messageOf, namesOf, plainOf, undecodable } from "./message.ts";
import { readValues } from "./reader.ts";
import { writeValue } from "./writer.ts";

/** The MessagePack hub protocol, without what `messagePackCodec` of `hubscope/wire` has beyond it: see {@link LeanCodec}. */
export const leanMessagePackCodec: LeanCodec = {
  name: "messagepack",
  transferFormat: "binary",
  decode: (record) =>
    record.kind === "text"
      ? undecodable("wrong-payload-type")
      : decodeBetween(record.bytes, 0, record.bytes.length),
  decodePayload,
  encode: (message) => {
    const { handshake, value } = plainOf(message);
    if (handshake !== undefined) return `${JSON.stringify(handshake)}\x1e`;
    return framed(itemsOf(message) ?? value);
  },
};

function decodePayload(payload: string | Uint8Array): readonly DecodedMessage[] {
  if (typeof payload === "string") return [undecodable("wrong-payload-type")];
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
        : decodeBetween(payload, start, at),
    );
  }
  return decoded;
}

function decodeBetween(payload: Uint8Array, start: number, end: number): DecodedMessage {
  if (start === end) return undecodable("empty-record");
  try {
    const reader = readValues(payload, start, end);
    const items = reader.read();
    if (reader.offset() < end) return undecodable("trailing-data", items);
    return Array.isArray(items) ? fromItems(items) : undecodable("not-an-array", items);
  } catch (error) {
    return undecodable(error instanceof TypeError ? "invalid-utf8" : "not-messagepack");
  }
}

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
  if (fields["headers"] === undefined && namesOf(type as number).includes("headers")) {
    return undecodable("missing-field", items, "headers");
  }
  const decoded = messageOf(fields, items, items.length > own ? items.slice(own) : undefined);
  return items.length > own && decoded.issues.length === 0
    ? { message: decoded.message, issues: [{ code: "extra-items" }] }
    : decoded;
}

function itemsOf(message: HubMessage): readonly WireValue[] | undefined {
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
