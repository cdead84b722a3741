import type { DecodeIssue } from "../decode-issue.ts";
import type { DecodedMessage } from "../hub-codec.ts";
import { type HubMessage, JsonNumber, type WireValue } from "../hub-message.ts";
import { LEAST_MORE } from "../json/least-length.ts";
import { exactNumber, mayHoldInexactNumbers } from "../json/numbers.ts";
import { leastLengthOfMessage, ordinaryMessage } from "../json/ordinary-message.ts";
import { encodeQuickly, isPlain } from "../json/quick-encode.ts";
import { setOwn } from "../own-property.ts";
import type { LeanCodec } from "./lean-codec.ts";
import { type Fields, fieldsOf, isFields, messageOf, namesOf, plainOf, undecodable } from "./message.ts";

const SEPARATOR = "\x1e";

/** The JSON hub protocol, without what `jsonCodec` of `hubscope/wire` has beyond it: see {@link LeanCodec}. */
export const leanJsonCodec: LeanCodec = {
  name: "json",
  transferFormat: "text",
  decode: (record) => decodeText(record.kind === "text" ? record.text : textOf(record.bytes)),
  decodePayload: (payload) => {
    if (typeof payload === "string" && payload.indexOf(SEPARATOR) === payload.length - 1) {
      return payload === "" ? [] : [decodeText(payload.slice(0, -1))];
    }
    const texts = (typeof payload === "string" ? payload : textOf(payload)).split(SEPARATOR);
    const rest = texts.pop();
    const decoded = texts.map(decodeText);
    return rest === "" ? decoded : [...decoded, undecodable("incomplete-at-close")];
  },
  encode: (message) => writeText(message),
};

/** What is not UTF-8 becomes U+FFFD. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function decodeText(text: string): DecodedMessage {
  if (text === "") return undecodable("empty-record");
  let value: WireValue;
  try {
    value = JSON.parse(text);
    const message = typeof value === "object" && value !== null ? ordinaryMessage(value) : undefined;
    if (message !== undefined && text.length - leastLengthOfMessage(message) < LEAST_MORE) {
      return { message, issues: NO_ISSUES };
    }
    if (mayHoldInexactNumbers(text)) value = parseExactly(text);
  } catch {
    return undecodable("not-json");
  }
  if (!isFields(value)) return undecodable("not-an-object", value);
  return messageOf(value, value, extraOf(value));
}

const NO_ISSUES: readonly DecodeIssue[] = [];

/** Strings by their quotes: a pattern for a whole one would overflow on ten million escapes. */
const TOKEN = /"|\\.|-?\d[\d.eE+-]*/g;

/** With a {@link JsonNumber} for what a double does not hold. The text is JSON; nobody outside can know the mark. */
function parseExactly(text: string): WireValue {
  const mark = `${Math.random()}:`;
  let isWithin = false;
  const marked = text.replace(TOKEN, (token) => {
    if (token === '"') isWithin = !isWithin;
    return isWithin || !/\d/.test(token) || !(exactNumber(token) instanceof JsonNumber)
      ? token
      : `"${mark}${token}"`;
  });
  return JSON.parse(marked, (_, value: WireValue) =>
    typeof value === "string" && value.startsWith(mark) ? new JsonNumber(value.slice(mark.length)) : value,
  );
}

function extraOf(value: Fields): Fields | undefined {
  const type = value["type"] as number;
  const known = type === 3 ? ["type", "error", "result"] : ["type"];
  const names = Object.keys(value).filter((name) => !known.includes(name) && !namesOf(type).includes(name));
  if (names.length === 0) return undefined;
  const extra: Fields = {};
  for (const name of names) setOwn(extra, name, value[name]);
  return extra;
}

function writeText(message: HubMessage): string {
  const quick = encodeQuickly(message, "javascript");
  if (quick !== undefined) return quick + SEPARATOR;
  const { handshake, value } = plainOf(message);
  const fields = fieldsOf(message);
  const record = fields === undefined ? (handshake ?? value) : withExtra(fields, message);
  if (!isPlain(record, 0, () => true))
    throw new TypeError("JSON cannot carry such a value, or it nests too deep");
  return JSON.stringify(record) + SEPARATOR;
}

function withExtra(fields: Fields, message: HubMessage): Fields {
  return "extra" in message && isFields(message.extra) ? { ...fields, ...message.extra } : fields;
}
