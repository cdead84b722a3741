import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { EntryNumber, LogEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { createRowListModel, type RowListModel } from "../../list/row-list-model.ts";
import { isAtEnd, offsetOfScroll, scrollOfOffset } from "../../list/row-window.ts";
import type { InspectorPlatform } from "../platform.ts";
import { createLogRowsModel, type EntryFilter, type LogRowsModel } from "./log-rows-model.ts";

export const ROW_HEIGHT = 21;

/** The log as it is read: rows, scroll position, the selection, and whether it follows the newest entry. */
export interface MessageLogModel {
  readonly rows: LogRowsModel;
  readonly list: RowListModel;
  readonly following: ReadonlySignal<boolean>;
  /** Rows that came below while the reader looked elsewhere. */
  readonly newBelow: ReadonlySignal<number>;
  readonly selected: ReadonlySignal<EntryNumber | undefined>;
  readonly selectedEntry: ReadonlySignal<LogEntry | undefined>;
  refresh(): void;
  filterBy(filter: EntryFilter): void;
  entryAt(index: number): LogEntry | undefined;
  select(number: EntryNumber | undefined): void;
  /** Moves the selection by rows; from nowhere it starts at the last row. */
  move(rows: number): void;
  moveToStart(): void;
  moveToEnd(): void;
  movePage(pages: number): void;
  /** Selects the nearest row before (−1) or after (1) the selection that `matches`; false where there is none. */
  seek(step: 1 | -1, matches: (entry: LogEntry) => boolean): boolean;
  followTail(): void;
  userScrolled(scrollTop: number): void;
  resized(viewport: number): void;
  dispose(): void;
}

export interface MessageLogOptions {
  readonly recording: ReadonlySignal<boolean>;
  readonly filter: EntryFilter;
  readonly platform: InspectorPlatform;
}

export function createMessageLogModel(session: Session, options: MessageLogOptions): MessageLogModel {
  const following = signal(true);
  const selected = signal<EntryNumber | undefined>(undefined);
  /** The newest entry that the reader has had in sight. */
  const newestSeen = signal<EntryNumber>(0);
  /** The row that must stay where it is while a new filter is applied, and its distance from the top. */
  let anchor: { readonly number: EntryNumber; readonly distance: number } | undefined;

  const rows = createLogRowsModel(session, { ...options, onChange: (change) => settle(change) });
  const list = createRowListModel(rows.count, ROW_HEIGHT);
  const offset = (): number => offsetOfScroll(list.list.value, list.scrollTop.value);
  const scrollToOffset = (wanted: number): void => list.scrollTo(scrollOfOffset(list.list.value, wanted));
  const scrollToEnd = (): void => scrollToOffset(Number.MAX_SAFE_INTEGER);

  function settle({
    removedAtFront,
    finished,
  }: {
    readonly removedAtFront: number;
    readonly finished: boolean;
  }): void {
    if (following.value) {
      scrollToEnd();
    } else if (anchor !== undefined) {
      scrollToOffset(rows.indexOf(anchor.number) * ROW_HEIGHT - anchor.distance);
    } else if (removedAtFront > 0) {
      scrollToOffset(offset() - removedAtFront * ROW_HEIGHT);
    } else if (offset() + list.list.value.viewport > rows.count.value * ROW_HEIGHT) {
      scrollToOffset(offset());
    }
    if (finished) anchor = undefined;
    noteSeen();
  }

  function noteSeen(): void {
    const { viewport, count } = list.list.value;
    const last = Math.min(count, Math.floor((offset() + viewport) / ROW_HEIGHT)) - 1;
    const number = rows.numbers[last];
    if (number !== undefined && number > newestSeen.value) newestSeen.value = number;
  }

  const isInSight = (number: EntryNumber | undefined): boolean => {
    const index = number === undefined ? -1 : rows.indexOf(number);
    if (index < 0 || rows.numbers[index] !== number) return false;
    const distance = index * ROW_HEIGHT - offset();
    return distance > -ROW_HEIGHT && distance < list.list.value.viewport;
  };

  const show = (number: EntryNumber): void => {
    const index = rows.indexOf(number);
    if (rows.numbers[index] === number) list.show(index);
  };

  const select = (number: EntryNumber | undefined): void =>
    batch(() => {
      selected.value = number;
      if (number === undefined) return;
      following.value = false;
      show(number);
      noteSeen();
    });

  const selectIndex = (index: number): void => {
    const number = rows.numbers[Math.max(0, Math.min(index, rows.count.value - 1))];
    if (number !== undefined) select(number);
  };

  const selectedIndex = (): number =>
    selected.value === undefined ? rows.count.value : rows.indexOf(selected.value);

  const move = (by: number): void => {
    const from = selectedIndex();
    // A selection that the filter hides lies between two rows: the next one down is at its own index.
    const isHidden = selected.value !== undefined && rows.numbers[from] !== selected.value;
    selectIndex(isHidden && by > 0 ? from + by - 1 : from + by);
  };

  return {
    rows,
    list,
    following,
    newBelow: computed(() => {
      const count = rows.count.value;
      return following.value ? 0 : count - rows.indexOf(newestSeen.value + 1);
    }),
    selected,
    selectedEntry: computed(() => {
      const seen = rows.version.value >= 0;
      return seen && selected.value !== undefined ? session.entry(selected.value) : undefined;
    }),
    refresh: () => batch(rows.refresh),
    filterBy: (filter) =>
      batch(() => {
        if (anchor !== undefined) return rows.filterBy(filter);
        const top = Math.floor(offset() / ROW_HEIGHT);
        const number = isInSight(selected.value) ? selected.value : rows.numbers[top];
        if (number !== undefined) {
          anchor = { number, distance: rows.indexOf(number) * ROW_HEIGHT - offset() };
        }
        rows.filterBy(filter);
      }),
    entryAt: (index) => {
      const number = rows.numbers[index];
      return number === undefined ? undefined : session.entry(number);
    },
    select,
    move,
    moveToStart: () => selectIndex(0),
    moveToEnd: () => selectIndex(rows.count.value - 1),
    movePage: (pages) => move(pages * Math.max(1, Math.floor(list.list.value.viewport / ROW_HEIGHT) - 1)),
    seek: (step, matches) => {
      const from = selected.value ?? (step > 0 ? 0 : Number.MAX_SAFE_INTEGER);
      let index = step > 0 ? rows.indexOf(from + 1) : rows.indexOf(from) - 1;
      for (; index >= 0 && index < rows.numbers.length; index += step) {
        const number = rows.numbers[index] ?? 0;
        const entry = session.entry(number);
        if (entry === undefined || !matches(entry)) continue;
        select(number);
        return true;
      }
      return false;
    },
    followTail: () =>
      batch(() => {
        following.value = true;
        scrollToEnd();
        noteSeen();
      }),
    userScrolled: (scrollTop) =>
      batch(() => {
        const before = list.scrollTop.value;
        if (Math.abs(scrollTop - before) < 1) return;
        anchor = undefined;
        list.scrolled(scrollTop);
        const end = isAtEnd(list.list.value, scrollTop);
        if (scrollTop < before && !end) following.value = false;
        if (scrollTop > before && end) following.value = true;
        noteSeen();
      }),
    resized: (viewport) =>
      batch(() => {
        const wasInSight = isInSight(selected.value);
        list.resized(viewport);
        if (following.value) scrollToEnd();
        else if (wasInSight && selected.value !== undefined) show(selected.value);
        noteSeen();
      }),
    dispose: rows.dispose,
  };
}
