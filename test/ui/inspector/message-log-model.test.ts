import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import type { SessionLimits } from "../../../core/src/session/session.ts";
import { createMessageLogModel, ROW_HEIGHT } from "../../../ui/inspector/log/message-log-model.ts";
import { rowWindow } from "../../../ui/list/row-window.ts";
import { fakePlatform } from "../support/fake-platform.ts";
import { longSession } from "../support/long-session.ts";

function logOver(count: number, limits?: SessionLimits) {
  const long = longSession(count, limits);
  const platform = fakePlatform();
  const log = createMessageLogModel(long.session, { recording: signal(true), filter: () => true, platform });
  log.resized(10 * ROW_HEIGHT);
  log.refresh();
  const grow = (more: number): void => {
    long.grow(more);
    log.refresh();
  };
  /** Number of the entry at the top of what is seen, and how far it is above the edge. */
  const atTop = () => {
    const list = log.list.list.value;
    const offset = log.list.scrollTop.value;
    return { number: log.rows.numbers[Math.floor(offset / ROW_HEIGHT)], hidden: offset % ROW_HEIGHT, list };
  };
  return { ...long, log, grow, atTop };
}

const bottom = (rows: number): number => (rows - 10) * ROW_HEIGHT;

describe("message log", () => {
  test("it follows the newest entry", () => {
    const { log, grow } = logOver(97);
    expect(log.list.scrollTop.value).toBe(bottom(100));
    grow(40);
    expect(log.list.scrollTop.value).toBe(bottom(140));
    expect(log.newBelow.value).toBe(0);
  });

  test("scrolling up ends the following, and what comes then is counted", () => {
    const { log, grow } = logOver(97);
    log.userScrolled(500);
    grow(12);
    expect(log.following.value).toBe(false);
    expect(log.list.scrollTop.value).toBe(500);
    expect(log.newBelow.value).toBe(12);
  });

  test("the way back goes to the newest entry and follows again", () => {
    const { log, grow } = logOver(97);
    log.userScrolled(500);
    grow(12);
    log.followTail();
    expect(log.newBelow.value).toBe(0);
    grow(3);
    expect(log.list.scrollTop.value).toBe(bottom(115));
  });

  test("scrolling down to the end follows again, and what was passed is no longer new", () => {
    const { log, grow } = logOver(97);
    log.userScrolled(500);
    grow(20);
    log.userScrolled(bottom(110));
    expect(log.newBelow.value).toBe(10);
    log.userScrolled(bottom(120));
    expect(log.following.value).toBe(true);
  });

  test("selecting ends the following, so that what is read stays", () => {
    const { log, grow } = logOver(97);
    log.select(95);
    grow(30);
    expect(log.list.scrollTop.value).toBe(bottom(100));
    expect(log.newBelow.value).toBe(30);
  });

  test("a scroll event that says nothing new changes nothing", () => {
    const { log, grow } = logOver(97);
    const before = log.list.scrollTop.value;
    grow(10);
    log.userScrolled(log.list.scrollTop.value);
    expect(log.following.value).toBe(true);
    expect(log.list.scrollTop.value).toBeGreaterThan(before);
  });

  test("when old entries are forgotten, the rows that are read stay where they are", () => {
    const { log, grow, session, atTop } = logOver(197, { entries: 210 });
    log.userScrolled(150 * ROW_HEIGHT + 5);
    const before = atTop();
    grow(60);
    expect(session.firstNumber).toBeGreaterThan(1);
    expect(atTop()).toMatchObject({ number: before.number, hidden: before.hidden });
  });

  test("a new filter keeps the selected row where it is on the screen", () => {
    const { log } = logOver(397);
    log.select(200);
    log.userScrolled(log.rows.indexOf(200) * ROW_HEIGHT - 63);
    log.filterBy(({ number }) => number % 2 === 0);
    expect(log.rows.indexOf(200) * ROW_HEIGHT - log.list.scrollTop.value).toBe(63);
  });

  test("a filter that leaves few rows scrolls to the top", () => {
    const { log } = logOver(397);
    log.userScrolled(3000);
    log.filterBy(({ number }) => number > 398);
    expect(log.list.scrollTop.value).toBe(0);
  });

  test("the keys move the selection and keep it in sight", () => {
    const { log } = logOver(97);
    log.move(-1);
    expect(log.selected.value).toBe(100);
    log.move(-1);
    log.movePage(-1);
    expect(log.selected.value).toBe(90);
    log.moveToStart();
    expect([log.selected.value, log.list.scrollTop.value]).toEqual([1, 0]);
    log.move(-1);
    expect(log.selected.value).toBe(1);
    log.movePage(1);
    expect(log.selected.value).toBe(10);
    log.moveToEnd();
    expect(log.selected.value).toBe(100);
    const { first, end } = rowWindow(log.list.list.value, log.list.scrollTop.value, 0);
    expect([first, end]).toEqual([90, 100]);
  });

  test("from a selection that the filter hides, down goes to the next row that is shown", () => {
    const { log } = logOver(97);
    log.select(51);
    log.filterBy(({ number }) => number % 10 === 0);
    log.move(1);
    expect(log.selected.value).toBe(60);
    log.select(51);
    log.move(-1);
    expect(log.selected.value).toBe(50);
  });

  test("seeking stops where nothing matches", () => {
    const { log } = logOver(97);
    const rare = (number: number) => log.seek(1, (entry) => entry.number === number);
    log.select(10);
    expect(rare(40)).toBe(true);
    expect(rare(40)).toBe(false);
    expect(log.selected.value).toBe(40);
    expect(log.seek(-1, ({ number }) => number < 20)).toBe(true);
    expect(log.selected.value).toBe(19);
  });

  test("a pane that becomes smaller keeps the selected row in sight", () => {
    const { log } = logOver(97);
    log.select(99);
    log.resized(4 * ROW_HEIGHT);
    const { first, end } = rowWindow(log.list.list.value, log.list.scrollTop.value, 0);
    expect(first).toBeLessThanOrEqual(98);
    expect(end).toBeGreaterThan(98);
  });
});
