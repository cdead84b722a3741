import { expect, test } from "vitest";
import { FLOOD_EVENTS } from "../../../extension/channel/limits.ts";
import {
  createDrawingRhythm,
  DRAWING_INTERVAL,
  FLOOD_DRAWING_INTERVAL,
} from "../../../extension/panel/drawing-rhythm.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

function start() {
  const clock = createFakeClock();
  const began = clock.now();
  const draws: number[] = [];
  const came = createDrawingRhythm(
    clock,
    () => draws.push(clock.now() - began),
    new AbortController().signal,
  );
  return { clock, draws, came };
}

test("what comes after a silence is drawn at once, and what comes with it soon after", async () => {
  const { clock, draws, came } = start();
  came();
  expect(draws).toEqual([0]);
  came();
  await clock.advance(1_000);
  expect(draws).toEqual([0, DRAWING_INTERVAL]);
  came();
  expect(draws).toEqual([0, DRAWING_INTERVAL, 1_000]);
});

test("a flood is drawn less often, its end is drawn too, and after it all is as before", async () => {
  const { clock, draws, came } = start();
  for (let at = 0; at < 9; at++) {
    for (let event = 0; event <= FLOOD_EVENTS; event++) came();
    await clock.advance(DRAWING_INTERVAL);
  }
  const flood = draws.length;
  expect(flood).toBeLessThanOrEqual(2 + (9 * DRAWING_INTERVAL) / FLOOD_DRAWING_INTERVAL);
  await clock.advance(1_000);
  expect(draws.length).toBe(flood + 1);
  came();
  expect(draws.length).toBe(flood + 2);
});

test("nothing is drawn while nothing comes", async () => {
  const { clock, draws } = start();
  await clock.advance(10_000);
  expect(draws).toEqual([]);
});
