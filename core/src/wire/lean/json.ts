import type { DecodedMessage } from "../hub-codec.ts";
import { type HubMessage, JsonNumber, type WireValue } from "../hub-message.ts";
import { exactNumber, mayHoldInexactNumbers } from "../json/numbers.ts";
import { MAX_DEPTH } from "../limits.ts";
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
    if (mayHoldInexactNumbers(text)) value = parseExactly(text);
  } catch {
    return undecodable("not-json");
  }
  if (!isFields(value)) return undecodable("not-an-object", value);
  return messageOf(value, value, extraOf(value));
}

const TOKEN = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g;

/** With a {@link JsonNumber} for what a double does not hold. The text is JSON; nobody outside can know the mark. */
function parseExactly(text: string): WireValue {
  const mark = `${Math.random()}:`;
  const marked = text.replace(TOKEN, (token) =>
    token.startsWith('"') || !(exactNumber(token) instanceof JsonNumber) ? token : `"${mark}${token}"`,
  );
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
  const { handshake, value } = plainOf(message);
  const fields = fieldsOf(message);
  const record = fields === undefined ? (handshake ?? value) : withExtra(fields, message);
  requirePlain(record, 0);
  return JSON.stringify(record) + SEPARATOR;
}

function withExtra(fields: Fields, message: HubMessage): Fields {
  return "extra" in message && isFields(message.extra) ? { ...fields, ...message.extra } : fields;
}

/** Throws on what `JSON.stringify` would write as something else. */
function requirePlain(value: WireValue, depth: number): void {
  const isPlain =
    typeof value === "number"
      ? Number.isFinite(value)
      : typeof value === "object" && value !== null
        ? depth <= MAX_DEPTH && (Array.isArray(value) || isFields(value))
        : typeof value !== "function" && typeof value !== "symbol" && typeof value !== "bigint";
  if (!isPlain) throw new TypeError(`JSON cannot carry ${String(value)}, or it nests too deep`);
  if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) requirePlain(item, depth + 1);
  }
}
