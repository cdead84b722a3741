import { type ReadonlySignal, signal } from "@preact/signals";
import type { Milliseconds } from "../../../core/src/capture-event.ts";
import type { EntryNumber, LogEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { recomputed } from "../../recomputed.ts";
import type { InspectorPlatform } from "../platform.ts";

export type EntryFilter = (entry: LogEntry) => boolean;

/** Which entries are shown, in order. Entries are tested once each; a new filter tests all of them, in slices. */
export interface LogRowsModel {
  /** Grows and shrinks in place; read it after `version`. */
  readonly numbers: readonly EntryNumber[];
  readonly version: ReadonlySignal<number>;
  readonly count: ReadonlySignal<number>;
  /** Entries that were tested or wait for it, shown or not. */
  readonly total: ReadonlySignal<number>;
  /** 0 to 1 while testing takes longer than a moment. */
  readonly progress: ReadonlySignal<number | undefined>;
  readonly recording: ReadonlySignal<boolean>;
  /** Entries that arrived while paused. */
  readonly waiting: ReadonlySignal<number>;
  /** Takes what the session has got since. */
  refresh(): void;
  /** All entries have new numbers: shows as many from the first on as before, should the reader have paused. */
  renumbered(shown: number): void;
  filterBy(filter: EntryFilter): void;
  /** Index of the first row with this number or a later one. */
  indexOf(number: EntryNumber): number;
  dispose(): void;
}

const SLICE: Milliseconds = 8;
const TESTED_BETWEEN_CLOCKS = 128;
/** Drawing costs more than a slice: while filtering goes on, what it found so far is shown this often. */
const SHOW_EVERY: Milliseconds = 100;
const SHOW_PROGRESS_AFTER: Milliseconds = 200;

export interface LogRowsOptions {
  readonly recording: ReadonlySignal<boolean>;
  readonly filter: EntryFilter;
  readonly platform: InspectorPlatform;
  /** Called after rows came or went, with how many went at the front. */
  readonly onChange: (change: { readonly removedAtFront: number; readonly finished: boolean }) => void;
}

export function createLogRowsModel(session: Session, options: LogRowsOptions): LogRowsModel {
  const { recording, platform, onChange } = options;
  const numbers: EntryNumber[] = [];
  const version = signal(0);
  const total = signal(0);
  const waiting = signal(0);
  const progress = signal<number | undefined>(undefined);
  let filter = options.filter;
  let next: EntryNumber = session.firstNumber;
  let limit: EntryNumber = session.firstNumber;
  let scanStarted: Milliseconds | undefined;
  let shownAt: Milliseconds | undefined;
  let removedUnshown = 0;
  let sliceIsDue = false;
  let disposed = false;

  const firstAtOrAfter = (number: EntryNumber): number => {
    let low = 0;
    let high = numbers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((numbers[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const forgetOld = (): number => {
    const first = session.firstNumber;
    if (next < first) next = first;
    if (limit < first) limit = first;
    const removed = firstAtOrAfter(first);
    if (removed > 0) numbers.splice(0, removed);
    return removed;
  };

  const scan = (): void => {
    const until = platform.now() + SLICE;
    scanStarted ??= platform.now();
    while (next < limit) {
      const stop = Math.min(limit, next + TESTED_BETWEEN_CLOCKS);
      for (; next < stop; next += 1) {
        const entry = session.entry(next);
        if (entry !== undefined && filter(entry)) numbers.push(next);
      }
      if (platform.now() >= until) break;
    }
  };

  const step = (): void => {
    if (disposed) return;
    removedUnshown += forgetOld();
    scan();
    const finished = next >= limit;
    const now = platform.now();
    const isDue = finished || removedUnshown > 0 || shownAt === undefined || now - shownAt >= SHOW_EVERY;
    total.value = limit - session.firstNumber;
    if (finished) {
      progress.value = undefined;
    } else {
      if (isDue && now - (scanStarted ?? now) > SHOW_PROGRESS_AFTER) {
        progress.value = (next - session.firstNumber) / Math.max(1, limit - session.firstNumber);
      }
      continueLater();
    }
    if (!isDue) return;
    const removedAtFront = removedUnshown;
    removedUnshown = 0;
    version.value += 1;
    onChange({ removedAtFront, finished });
    shownAt = finished ? undefined : now;
    if (finished) scanStarted = undefined;
  };

  const continueLater = (): void => {
    if (sliceIsDue) return;
    sliceIsDue = true;
    platform.whenFree(() => {
      sliceIsDue = false;
      step();
    });
  };

  return {
    numbers,
    version,
    count: recomputed(version, () => numbers.length),
    total,
    progress,
    recording,
    waiting,
    refresh: () => {
      const end = session.firstNumber + session.log.length;
      if (recording.value) limit = end;
      waiting.value = Math.max(0, end - Math.max(limit, session.firstNumber));
      step();
    },
    renumbered: (shown) => {
      const end = session.firstNumber + session.log.length;
      limit = recording.value ? end : Math.min(end, session.firstNumber + shown);
      waiting.value = end - limit;
      step();
    },
    filterBy: (chosen) => {
      filter = chosen;
      numbers.length = 0;
      next = session.firstNumber;
      scanStarted = undefined;
      shownAt = undefined;
      removedUnshown = 0;
      step();
    },
    indexOf: firstAtOrAfter,
    dispose: () => {
      disposed = true;
    },
  };
}
