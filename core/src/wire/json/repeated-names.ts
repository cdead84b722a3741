import type { WireValue } from "../hub-message.ts";

/** The names of the specification, ready to be searched for: making them anew for every record costs as much again. */
const QUOTED: ReadonlyMap<string, string> = new Map(
  ["type", "target", "arguments", "invocationId", "item", "result", "error", "headers", "streamIds"].map(
    (name) => [name, `"${name}"`],
  ),
);

/** Two searches a name in native code, against a walk through the text. */
export function mayRepeatNames(text: string, value: WireValue): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  for (const name in value) {
    const quoted = QUOTED.get(name) ?? `"${name}"`;
    const first = text.indexOf(quoted);
    if (text.indexOf(quoted, first + 1) > first) return true;
  }
  return false;
}

/**
 * For a record whose other properties stand before its payload: true where one may follow it. The payload ends with
 * `closer`, so a property behind it follows a closer, a comma and a quote; few texts have those, and fewer with a name
 * of the record.
 */
export function behindPayload(text: string, start: number, closer: string, record: object): boolean {
  for (let at = text.indexOf(closer, start); at >= 0; at = text.indexOf(closer, at + 1)) {
    const comma = behindSpace(text, at + 1);
    if (text.charCodeAt(comma) !== COMMA) continue;
    const quote = behindSpace(text, comma + 1);
    if (text.charCodeAt(quote) !== QUOTE) continue;
    for (const name in record) {
      if (text.startsWith(QUOTED.get(name) ?? `"${name}"`, quote)) return true;
    }
  }
  return false;
}

const COMMA = 0x2c;
const QUOTE = 0x22;

function behindSpace(text: string, start: number): number {
  let at = start;
  for (; ; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return at;
  }
}
