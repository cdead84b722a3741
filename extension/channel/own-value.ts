const { isArray } = Array;
const { create, keys } = Object;

/**
 * A value that was parsed from JSON, with nothing but what the text said: a page may have put names on
 * `Object.prototype`, which every object has that leaves them out.
 */
export function ownValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = ownValue(value[at]);
    return value;
  }
  const own: Record<string, unknown> = create(null);
  const names = keys(value);
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? "";
    own[name] = ownValue((value as Readonly<Record<string, unknown>>)[name]);
  }
  return own;
}
