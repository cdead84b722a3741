import { describe, expect, test } from "vitest";
import { createIdleTimer } from "../../../core/src/flow/idle-timer.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

describe("idle timer", () => {
  test("it calls after the interval, and again after the next", async () => {
    const clock = createFakeClock(0);
    const calls: number[] = [];
    createIdleTimer(clock, 100, () => calls.push(clock.now()), new AbortController().signal);
    await clock.advance(250);
    expect(calls).toEqual([100, 200]);
  });

  test("a touch starts the silence anew", async () => {
    const clock = createFakeClock(0);
    const calls: number[] = [];
    const timer = createIdleTimer(clock, 100, () => calls.push(clock.now()), new AbortController().signal);
    await clock.advance(90);
    timer.touch();
    await clock.advance(99);
    expect(calls).toEqual([]);
    await clock.advance(1);
    expect(calls).toEqual([190]);
  });

  test("a million touches keep one timer", () => {
    const clock = createFakeClock(0);
    const timer = createIdleTimer(clock, 100, () => undefined, new AbortController().signal);
    for (let touch = 0; touch < 1_000_000; touch++) timer.touch();
    expect(clock.pending).toBe(1);
  });

  test("an abort, also from within the call, ends it", async () => {
    const clock = createFakeClock(0);
    const abort = new AbortController();
    let calls = 0;
    const onIdle = () => {
      calls += 1;
      abort.abort();
    };
    createIdleTimer(clock, 100, onIdle, abort.signal);
    await clock.advance(1_000);
    expect(calls).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test("an infinite interval never calls", async () => {
    const clock = createFakeClock(0);
    createIdleTimer(
      clock,
      Number.POSITIVE_INFINITY,
      () => expect.fail("called"),
      new AbortController().signal,
    );
    await clock.advance(1e12);
    expect(clock.pending).toBe(0);
  });
});
