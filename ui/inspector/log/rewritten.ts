import type { LogEntry } from "../../../core/src/session/model.ts";

/** What is known of its text is a value that the page has read; how it was written on the wire is not. */
export function isRewrittenEntry(entry: LogEntry): boolean {
  return entry.kind !== "source" && entry.isRewritten === true;
}
