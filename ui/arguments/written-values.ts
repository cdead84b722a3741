import { decodeBase64 } from "../../core/src/bytes/base64.ts";
import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";
import { Extension, Timestamp, type WireValue } from "../../core/src/wire/hub-message.ts";

/** What the text is read for. */
export interface ArgumentsContext {
  readonly protocol: HubProtocolName;
  /** What `secret(1)`, `secret(2)` … stand for: texts of a captured message that are not shown. */
  readonly secrets?: readonly string[];
}

export type Written = { readonly value: WireValue } | { readonly fault: string };

/**
 * The value of `name(…)`, for what JSON has no word for: `bytes("base64")`, `timestamp("2026-11-21T12:04:31Z")`,
 * `ext(5, "base64")`, `map([1, "one"])` in MessagePack, `secret(1)` in any protocol.
 */
export function writtenValue(name: string, parts: readonly WireValue[], context: ArgumentsContext): Written {
  if (name === "secret") return secretOf(parts, context.secrets ?? []);
  const write = Object.hasOwn(BINARY_ONLY, name) ? BINARY_ONLY[name] : undefined;
  if (write === undefined) return { fault: `${name} is not a value. Texts go in quotes.` };
  if (context.protocol === "json")
    return { fault: `JSON has no ${name}. Write what the hub expects instead.` };
  return write(parts);
}

/** A word that names a number; JSON has none of them. */
export function wordValue(word: string, { protocol }: ArgumentsContext): Written {
  if (word === "null") return { value: null };
  if (word === "true" || word === "false") return { value: word === "true" };
  return protocol === "json" ? { fault: `JSON has no ${word}.` } : { value: Number(word) };
}

const BINARY_ONLY: Readonly<Record<string, (parts: readonly WireValue[]) => Written>> = {
  bytes: ([text, ...more]) => {
    const bytes = typeof text === "string" && more.length === 0 ? decodeBase64(text) : undefined;
    return bytes === undefined ? { fault: 'Bytes are written bytes("base64").' } : { value: bytes };
  },
  timestamp: ([text, ...more]) => {
    const value = typeof text === "string" && more.length === 0 ? timestampOf(text) : undefined;
    return value === undefined
      ? { fault: 'A timestamp is written timestamp("2026-11-21T12:04:31.5Z").' }
      : { value };
  },
  ext: ([type, text, ...more]) => {
    const bytes = typeof text === "string" && more.length === 0 ? decodeBase64(text) : undefined;
    const isType = typeof type === "number" && Number.isInteger(type) && type >= -128 && type <= 127;
    return bytes === undefined || !isType
      ? { fault: 'An extension is written ext(5, "base64"), its type from -128 to 127.' }
      : { value: new Extension(type, bytes) };
  },
  map: (pairs) => {
    const map = new Map<WireValue, WireValue>();
    for (const pair of pairs) {
      if (!Array.isArray(pair) || pair.length !== 2)
        return { fault: "A map is written map([key, value], [key, value])." };
      map.set(pair[0], pair[1]);
    }
    return { value: map };
  },
};

function secretOf([number, ...more]: readonly WireValue[], secrets: readonly string[]): Written {
  const secret = typeof number === "number" && more.length === 0 ? secrets[number - 1] : undefined;
  return secret === undefined
    ? { fault: "No secret of a captured message has this number. Write the text in quotes." }
    : { value: secret };
}

function timestampOf(text: string): Timestamp | undefined {
  const [, date, count, fraction = ""] =
    /^(?:([+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d)|(-?\d+))(?:\.(\d{1,9}))?(?:Z| s)$/.exec(text) ?? [];
  const nanoseconds = Number(fraction.padEnd(9, "0"));
  if (count !== undefined && text.endsWith(" s")) return new Timestamp(safe(BigInt(count)), nanoseconds);
  const time = date === undefined || !text.endsWith("Z") ? Number.NaN : Date.parse(`${date}Z`);
  return Number.isNaN(time) ? undefined : new Timestamp(time / 1000, nanoseconds);
}

function safe(integer: bigint): number | bigint {
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}
