/**
 * Entries of one kind that a circuit keeps. A page that renders ten times a second makes this many in a quarter of an
 * hour; the oldest go first, and the messages themselves are the session's to keep.
 */
const MAX_KEPT = 10_000;

export function keep<T>(list: T[], entry: T): void {
  list.push(entry);
  if (list.length > MAX_KEPT) list.splice(0, list.length - MAX_KEPT);
}
