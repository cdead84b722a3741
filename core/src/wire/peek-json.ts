/**
 * Looks into JSON text without decoding it. The page hook carries it into pages, where every method may have been
 * replaced since: what it calls was taken at the start.
 *
 * @module
 */

const { parse } = JSON;
const { apply, defineProperty } = Reflect;
const { create } = Object;
const { indexOf, slice } = String.prototype;

export function append<T>(list: T[], value: T): void {
  const place = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
  defineProperty(list, list.length, place);
}

export function placeIn(text: string, part: string, from: number): number {
  return apply(indexOf, text, [part, from]);
}

export function sliceOf(text: string, start: number, end: number): string {
  return apply(slice, text, [start, end]);
}

export type Fields = Readonly<Record<string, string>>;

/** Where a value stands: from its first unit to before its end. */
export type Places = Readonly<Record<string, { readonly start: number; readonly end: number }>>;

/** The source text of some properties of an object, the last of a name; undefined where it is no object. */
export function topFields(
  text: string,
  from: number,
  to: number,
  names: readonly string[],
): Fields | undefined {
  const places = topPlaces(text, from, to, names, false);
  if (places === undefined) return undefined;
  const fields: Record<string, string> = create(null);
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? "";
    const place = places[name];
    if (place !== undefined) fields[name] = sliceOf(text, place.start, place.end);
  }
  return fields;
}

/** Where their values stand. `areAll`: undefined also where the object has a property of another name. */
export function topPlaces(
  text: string,
  from: number,
  to: number,
  names: readonly string[],
  areAll: boolean,
): Places | undefined {
  let at = skipSpace(text, from);
  if (text[at] !== "{") return undefined;
  const places: Record<string, { start: number; end: number }> = create(null);
  at = skipSpace(text, at + 1);
  while (at < to && text[at] !== "}") {
    const nameEnd = skipJson(text, at);
    const name = textIn(sliceOf(text, at, nameEnd));
    const colon = skipSpace(text, nameEnd);
    if (name === undefined || text[colon] !== ":") return undefined;
    const start = skipSpace(text, colon + 1);
    const end = skipJson(text, start);
    if (end > to) return undefined;
    let isKnown = false;
    for (let of = 0; of < names.length; of++) isKnown ||= names[of] === name;
    if (isKnown) places[name] = { start, end };
    else if (areAll) return undefined;
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
    else if (text[at] !== "}") return undefined;
  }
  return at < to ? places : undefined;
}

/** The value, as the platform reads it; throws where it is no JSON. */
export function valueIn(source: string): unknown {
  return parse(source);
}

/** Where the value that begins here ends. Always moves on, whatever stands there. */
export function skipJson(text: string, from: number): number {
  let depth = 0;
  let at = from;
  do {
    // Behind its end a text is asked for what the page has put on its prototype.
    switch (at < text.length ? text[at] : undefined) {
      case '"':
        at = skipString(text, at);
        break;
      case "{":
      case "[":
        depth++;
        at++;
        break;
      case "}":
      case "]":
        depth--;
        at++;
        break;
      case undefined:
        return at + 1;
      default:
        at = depth > 0 ? at + 1 : skipScalar(text, at);
    }
  } while (depth > 0);
  return at;
}

function skipString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const unit = text[at];
    if (unit === "\\") at++;
    else if (unit === '"') return at + 1;
  }
  return text.length + 1;
}

function skipScalar(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && !endsScalar(text[at])) at++;
  return at;
}

function endsScalar(unit: string | undefined): boolean {
  return unit === "," || unit === ":" || unit === "]" || unit === "}" || isSpace(unit);
}

/** JSON's own; RFC 8259, section 2. */
function isSpace(unit: string | undefined): boolean {
  return unit === " " || unit === "\n" || unit === "\r" || unit === "\t";
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text[at])) at++;
  return at;
}

export function textIn(source: string | undefined): string | undefined {
  if (source === undefined || source[0] !== '"') return undefined;
  const value: unknown = parse(source);
  return typeof value === "string" ? value : undefined;
}

export function numberIn(source: string | undefined): number | undefined {
  if (source === undefined) return undefined;
  const first = source[0] === "-" ? source[1] : source[0];
  if (first === undefined || first < "0" || first > "9") return undefined;
  const value: unknown = parse(source);
  return typeof value === "number" ? value : undefined;
}

export function numberText(source: string | undefined): string | undefined {
  const value = numberIn(source);
  return value === undefined ? undefined : `${value}`;
}
