/** Without query, fragment and last slashes. */
export function pathOf(url: string): string {
  return withoutLastSlashes(url.replace(/[?#].*$/s, ""));
}

/** Host and path, by which a hub is known: negotiate is http, its socket is ws. */
export function hubPath(url: string): string {
  return pathOf(url.replace(/^[a-z]+:\/\//i, ""));
}

/** A pattern would look at a long row of slashes once for each of them. */
function withoutLastSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}
