import { Extension, JsonNumber, Timestamp } from "../../../core/src/wire/hub-message.ts";

/**
 * Values that the JSON of `test/vectors` cannot hold: `$bigint`, `$number` (a number kept by its text), `$bytes`
 * (base64), `$date` (a timestamp with up to nine decimals), `$ext` [type, base64], `$map` [[key, value], …] and
 * `$undefined`.
 */
export function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0].startsWith("$")) return reviveMarked(first[0], first[1]);
  return Object.fromEntries(entries.map(([key, item]) => [key, revive(item)]));
}

function reviveMarked(marker: string, content: unknown): unknown {
  switch (marker) {
    case "$bigint":
      return BigInt(content as string);
    case "$number":
      return new JsonNumber(content as string);
    case "$bytes":
      return bytes(content as string);
    case "$date":
      return timestamp(content as string);
    case "$ext": {
      const [type, data] = content as [number, string];
      return new Extension(type, bytes(data));
    }
    case "$map":
      return new Map((content as [unknown, unknown][]).map(([key, item]) => [revive(key), revive(item)]));
    case "$undefined":
      return undefined;
    default:
      return { [marker]: revive(content) };
  }
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function timestamp(text: string): Timestamp {
  const [, whole = "", fraction = ""] = /^(.*?)(?:\.(\d+))?Z$/.exec(text) ?? [];
  return new Timestamp(Date.parse(`${whole}Z`) / 1000, Number(fraction.padEnd(9, "0")));
}

/** `0b 95 01` to bytes. Without Node's `Buffer`: the vectors run in browsers too. */
export function hex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replaceAll(" ", "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/** Bytes to `0b9501`. */
export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
