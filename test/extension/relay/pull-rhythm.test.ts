import { expect, test } from "vitest";
import { BATCH_DELAY, FLOOD_BATCH_DELAY, FLOOD_EVENTS } from "../../../extension/channel/limits.ts";
import { createPullRhythm } from "../../../extension/relay/pull-rhythm.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

function start() {
  const clock = createFakeClock();
  const pulls: number[] = [];
  const began = clock.now();
  const rhythm = createPullRhythm(clock, () => pulls.push(clock.now() - began), new AbortController().signal);
  return { clock, pulls, rhythm };
}

test("what a quiet page says is pulled after one short wait, however often it says that it has something", async () => {
  const { clock, pulls, rhythm } = start();
  rhythm.wait();
  rhythm.wait();
  await clock.advance(1_000);
  expect(pulls).toEqual([BATCH_DELAY]);
});

test("a page that floods is pulled less often until it is quiet again", async () => {
  const { clock, pulls, rhythm } = start();
  rhythm.came(FLOOD_EVENTS);
  rhythm.wait();
  await clock.advance(FLOOD_BATCH_DELAY);
  expect(pulls).toEqual([FLOOD_BATCH_DELAY]);
  rhythm.came(1);
  rhythm.wait();
  await clock.advance(BATCH_DELAY);
  expect(pulls).toEqual([FLOOD_BATCH_DELAY, FLOOD_BATCH_DELAY + BATCH_DELAY]);
});
