import type { WireValue } from "../core/src/wire/hub-message.ts";
import { jsonText } from "../ui/value/json-text.ts";
import { safeLine } from "../ui/value/safe-text.ts";

const LONGEST = 300;

/** Values on one line, separated by commas, cut where no line could show more. */
export function valueLine(values: readonly WireValue[]): string {
  const line = safeLine(values.map((value) => jsonText(value, 0)).join(", "));
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
