import type { ByteLength } from "../wire/payload.ts";
import type { EntryNumber, LogEntry, Undelivered } from "./model.ts";
import type { Forgotten, SessionLimits } from "./session.ts";

/** The log of a session: numbered without gaps, bounded. */
export interface EntryLog {
  readonly entries: readonly LogEntry[];
  /** Number of `entries[0]`, or the number that the next entry will have. */
  readonly firstNumber: EntryNumber;
  readonly nextNumber: EntryNumber;
  readonly forgotten: Forgotten;
  /** The entry's number must be `nextNumber`. */
  append(entry: LogEntry): void;
  at(number: EntryNumber): LogEntry | undefined;
  /** Says of a message that the server never saw it, or takes that back; nothing if the entry is gone. */
  mark(number: EntryNumber, undelivered: Undelivered | undefined): void;
  /**
   * Takes everything out, and lets `write` append what is to be there instead; numbers go on. The limits are looked
   * at when it is done.
   */
  rewrite(write: (old: readonly LogEntry[]) => void): void;
  clear(): void;
}

const DEFAULT_ENTRIES = 200_000;
const DEFAULT_BYTES = 64 * 1024 * 1024;

/**
 * `onForget` is told what leaves the log, oldest first. An eighth of the log goes at a time, so that forgetting
 * costs amortised constant time although `entries` is one plain array.
 */
export function createEntryLog(
  limits: SessionLimits,
  onForget: (entries: readonly LogEntry[]) => void,
): EntryLog {
  const maxEntries = Math.max(1, limits.entries ?? DEFAULT_ENTRIES);
  const maxBytes = limits.bytes ?? DEFAULT_BYTES;
  const entries: LogEntry[] = [];
  let firstNumber: EntryNumber = 1;
  let held: ByteLength = 0;
  let forgotten: Forgotten = { entries: 0, bytes: 0 };
  let isRewriting = false;

  const isTooLong = (): boolean => entries.length > maxEntries || (held > maxBytes && entries.length > 1);

  const remove = (count: number): ByteLength => {
    const gone = entries.splice(0, count);
    const size = gone.reduce((sum, entry) => sum + sizeOf(entry), 0);
    firstNumber += gone.length;
    held -= gone.reduce((sum, entry) => sum + heldBy(entry), 0);
    onForget(gone);
    return size;
  };

  const forget = (): void => {
    const keptEntries = maxEntries - Math.floor(maxEntries / 8);
    const keptBytes = maxBytes - Math.floor(maxBytes / 8);
    const tooMany = entries.length > maxEntries ? entries.length - keptEntries : 0;
    let count = 0;
    let left = held;
    while (count < entries.length - 1) {
      if (count >= tooMany && (held <= maxBytes || left <= keptBytes)) break;
      left -= heldBy(entries[count]);
      count++;
    }
    const size = remove(count);
    forgotten = { entries: forgotten.entries + count, bytes: forgotten.bytes + size };
  };

  return {
    entries,
    get firstNumber() {
      return firstNumber;
    },
    get nextNumber() {
      return firstNumber + entries.length;
    },
    get forgotten() {
      return forgotten;
    },
    append(entry) {
      entries.push(entry);
      held += heldBy(entry);
      if (!isRewriting && isTooLong()) forget();
    },
    at: (number) => entries[number - firstNumber],
    mark(number, undelivered) {
      const entry = entries[number - firstNumber];
      if (entry?.kind !== "message") return;
      const { undelivered: _, ...others } = entry;
      entries[number - firstNumber] = undelivered === undefined ? others : { ...others, undelivered };
    },
    rewrite(write) {
      const old = entries.splice(0, entries.length);
      firstNumber += old.length;
      held = 0;
      isRewriting = true;
      write(old);
      isRewriting = false;
      if (isTooLong()) forget();
    },
    clear() {
      remove(entries.length);
      forgotten = { entries: 0, bytes: 0 };
    },
  };
}

/** What the log keeps alive, not what passed: an omitted payload may have been a hundred megabytes. */
function heldBy(entry: LogEntry | undefined): ByteLength {
  if (entry?.kind !== "message") return sizeOf(entry);
  const { raw } = entry.record;
  return raw.kind === "text" ? raw.text.length : raw.bytes.length;
}

/** Bytes on the wire. */
function sizeOf(entry: LogEntry | undefined): ByteLength {
  if (entry === undefined || entry.kind === "source") return 0;
  if (entry.kind === "message") return entry.size;
  const { happening } = entry;
  return "size" in happening ? happening.size : 0;
}
