import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isAtEnd,
  offsetOfScroll,
  rowWindow,
  scrollOfOffset,
  scrollToShow,
  TALLEST,
  trackHeight,
} from "../../../ui/list/row-window.ts";

const list = (count: number) => ({ count, rowHeight: 21, viewport: 420 });
const lists = fc.record({
  count: fc.integer({ min: 0, max: 5_000_000 }),
  rowHeight: fc.constant(21),
  viewport: fc.integer({ min: 0, max: 2000 }),
});

describe("rowWindow", () => {
  test("at the top the rows in sight and eight more are drawn", () => {
    expect(rowWindow(list(100_000), 0)).toEqual({ first: 0, end: 28, top: 0 });
  });

  test("in the middle there are eight more on both sides", () => {
    expect(rowWindow(list(100_000), 21_000)).toEqual({ first: 992, end: 1028, top: 992 * 21 });
  });

  test("never more rows than fit, and none that does not exist", () => {
    fc.assert(
      fc.property(lists, fc.double({ min: 0, max: 1, noNaN: true }), (any, at) => {
        const { first, end } = rowWindow(any, at * trackHeight(any));
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(any.count);
        expect(end - first).toBeLessThanOrEqual(Math.ceil(any.viewport / 21) + 18);
      }),
    );
  });

  test("a million rows stay below what browsers allow, and the last one can be seen", () => {
    const million = list(1_000_000);
    expect(trackHeight(million)).toBe(TALLEST);
    const end = TALLEST - million.viewport;
    expect(rowWindow(million, end).end).toBe(1_000_000);
    expect(isAtEnd(million, end)).toBe(true);
    expect(isAtEnd(million, end - 1000)).toBe(false);
    const { first, top } = rowWindow(million, end);
    expect(top + (1_000_000 - first) * 21).toBeCloseTo(TALLEST, 3);
  });
});

describe("scroll positions", () => {
  test("a position and its offset are each other's inverse", () => {
    fc.assert(
      fc.property(lists, fc.double({ min: 0, max: 1, noNaN: true }), (any, share) => {
        const offset = share * Math.max(0, any.count * 21 - any.viewport);
        expect(offsetOfScroll(any, scrollOfOffset(any, offset))).toBeCloseTo(offset, 3);
      }),
    );
  });

  test("a row that is in sight moves nothing", () => {
    expect(scrollToShow(list(1000), 2100, 105)).toBe(2100);
  });

  test("a row above comes to the top, one below to the bottom", () => {
    expect(scrollToShow(list(1000), 2100, 3)).toBe(63);
    expect(scrollToShow(list(1000), 0, 100)).toBe(101 * 21 - 420);
  });
});
