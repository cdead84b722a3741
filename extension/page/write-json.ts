const { isArray } = Array;
const { keys } = Object;
const { stringify } = JSON;

/** Of a value that the platform has parsed: deeper than this it is not ours. */
const MAX_DEPTH = 200;

/**
 * JSON text of a parsed value, as `JSON.stringify` would write it, but without asking for a `toJSON` that the page may
 * have put on every object. Throws a RangeError beyond a depth of 200.
 */
export function writeJson(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new RangeError("too deep");
  // Text and numbers are asked for no `toJSON`.
  if (typeof value !== "object" || value === null) return stringify(value) ?? "null";
  let text = "";
  if (isArray(value)) {
    for (let at = 0; at < value.length; at++)
      text += `${at > 0 ? "," : ""}${writeJson(value[at], depth + 1)}`;
    return `[${text}]`;
  }
  const names = keys(value);
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? "";
    const item = (value as Readonly<Record<string, unknown>>)[name];
    text += `${at > 0 ? "," : ""}${stringify(name)}:${writeJson(item, depth + 1)}`;
  }
  return `{${text}}`;
}
