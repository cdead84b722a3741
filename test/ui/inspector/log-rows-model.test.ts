import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../core/src/session/model.ts";
import type { SessionLimits } from "../../../core/src/session/session.ts";
import { createLogRowsModel } from "../../../ui/inspector/log/log-rows-model.ts";
import { fakePlatform } from "../support/fake-platform.ts";
import { longSession } from "../support/long-session.ts";

function rowsOver(count: number, limits?: SessionLimits) {
  const long = longSession(count, limits);
  const platform = fakePlatform();
  const recording = signal(true);
  const changes: { removedAtFront: number; finished: boolean }[] = [];
  const tested: number[] = [];
  const filter = (entry: LogEntry): boolean => {
    tested.push(entry.number);
    return true;
  };
  const rows = createLogRowsModel(long.session, {
    recording,
    filter,
    platform,
    onChange: (c) => changes.push(c),
  });
  return { ...long, platform, recording, changes, tested, rows };
}

describe("log rows", () => {
  test("an entry is tested once, however often the log is refreshed", () => {
    const { rows, grow, tested } = rowsOver(100);
    rows.refresh();
    grow(50);
    rows.refresh();
    rows.refresh();
    expect(tested).toEqual(Array.from({ length: 153 }, (_, index) => index + 1));
    expect(rows.count.value).toBe(153);
  });

  test("filtering gives way to input after a slice of 8 ms, and goes on later", () => {
    const { rows, platform } = rowsOver(10_000);
    platform.perReading = 1;
    rows.refresh();
    const first = rows.count.value;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(2000);
    let slices = 1;
    while (platform.runFree()) slices += 1;
    expect(rows.count.value).toBe(10_003);
    expect(slices).toBeGreaterThan(5);
  });

  test("what takes longer than 200 ms shows how far it is, and no longer once it is done", () => {
    const { rows, platform } = rowsOver(5000);
    platform.perReading = 8;
    rows.refresh();
    expect(rows.progress.value).toBeUndefined();
    for (let slice = 0; slice < 15; slice += 1) platform.runFree();
    expect(rows.progress.value).toBeGreaterThan(0.2);
    expect(rows.progress.value).toBeLessThan(1);
    platform.runAllFree();
    expect(rows.progress.value).toBeUndefined();
  });

  test("a new filter drops the work of the one before", () => {
    const { rows, platform, tested } = rowsOver(5000);
    platform.perReading = 8;
    rows.refresh();
    const before = tested.length;
    rows.filterBy(({ number }) => number % 2 === 0);
    platform.runAllFree();
    expect(tested).toHaveLength(before);
    expect(rows.count.value).toBe(2501);
    expect(rows.numbers.slice(0, 3)).toEqual([2, 4, 6]);
  });

  test("while paused entries wait and are counted, and come when recording goes on", () => {
    const { rows, grow, recording } = rowsOver(10);
    rows.refresh();
    recording.value = false;
    grow(318);
    rows.refresh();
    expect([rows.count.value, rows.waiting.value]).toEqual([13, 318]);
    recording.value = true;
    rows.refresh();
    expect([rows.count.value, rows.waiting.value]).toEqual([331, 0]);
  });

  test("what the session forgets leaves the rows too", () => {
    const { rows, grow, session, changes } = rowsOver(100, { entries: 200 });
    rows.refresh();
    grow(150);
    rows.refresh();
    expect(rows.numbers[0]).toBe(session.firstNumber);
    expect(rows.count.value).toBe(session.log.length);
    expect(changes.at(-1)?.removedAtFront).toBe(session.firstNumber - 1);
  });

  test("after the session was cleared there are no rows, and later ones count from nought", () => {
    const { rows, grow, session } = rowsOver(100);
    rows.refresh();
    session.clear();
    rows.refresh();
    expect([rows.count.value, rows.total.value]).toEqual([0, 0]);
    grow(5);
    rows.refresh();
    expect([rows.count.value, rows.total.value]).toEqual([5, 5]);
  });

  test("the index of a number that is not shown is the one of the next that is", () => {
    const { rows } = rowsOver(10);
    rows.refresh();
    rows.filterBy(({ number }) => number > 5);
    expect([rows.indexOf(1), rows.indexOf(6), rows.indexOf(7), rows.indexOf(99)]).toEqual([0, 0, 1, 8]);
  });
});
