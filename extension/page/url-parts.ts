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
