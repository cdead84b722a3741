import { append, isAmong } from "./lists.ts";
import { lowerCase, placeIn, sliceText, unitAt } from "./text-natives.ts";

/** Where the path ends: at its query, its fragment, or the end. */
export function pathEnd(url: string): number {
  return endBefore(url, "?", queryEnd(url));
}

/** Where the query ends: at the fragment, or the end. */
export function queryEnd(url: string): number {
  return endBefore(url, "#", url.length);
}

function endBefore(url: string, mark: string, end: number): number {
  const place = placeIn(url, mark);
  return place < 0 || place > end ? end : place;
}

/** Without query, fragment and last slashes. */
export function pathOf(url: string): string {
  // A pattern would look at a long row of slashes once for each of them, and change what the page finds in `RegExp.$1`.
  let end = pathEnd(url);
  while (end > 0 && url[end - 1] === "/") end--;
  return sliceText(url, 0, end);
}

/** Host and path, by which a hub is known: negotiate is http, its socket is ws. */
export function hubPath(url: string): string {
  const scheme = placeIn(url, "://");
  return pathOf(scheme > 0 && isScheme(sliceText(url, 0, scheme)) ? sliceText(url, scheme + 3) : url);
}

function isScheme(text: string): boolean {
  const lower = lowerCase(text);
  for (let at = 0; at < lower.length; at++) {
    const unit = unitAt(lower, at);
    if (unit < 0x61 || unit > 0x7a) return false;
  }
  return true;
}

/** What the query's fields of these names say, as it is written, without empty ones. `names` in lower case. */
export function queryValues(url: string, names: readonly string[]): readonly string[] {
  const values: string[] = [];
  const end = queryEnd(url);
  let equals = 0;
  for (let at = pathEnd(url) + 1; at < end; ) {
    const mark = placeIn(url, "&", at);
    const fieldEnd = mark < 0 || mark > end ? end : mark;
    // Looked for once, however many fields have none.
    if (equals < at) equals = placeIn(url, "=", at);
    if (equals < 0) return values;
    if (equals + 1 < fieldEnd && isAmong(names, lowerCase(sliceText(url, at, equals))))
      append(values, sliceText(url, equals + 1, fieldEnd));
    at = fieldEnd + 1;
  }
  return values;
}

/** `url`: absolute, as the platform writes it. */
export function withPort(url: string, port: number): string {
  const start = placeIn(url, "://") + 3;
  let end = start;
  while (end < url.length && url[end] !== "/" && url[end] !== "?" && url[end] !== "#") end++;
  let digits = end;
  while (digits > start && isDigit(unitAt(url, digits - 1))) digits--;
  // The last part of an IPv4 address is digits too; one of IPv6 ends with its bracket.
  const host = url[digits - 1] === ":" ? digits - 1 : end;
  return `${sliceText(url, 0, host)}:${port}${sliceText(url, end)}`;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
