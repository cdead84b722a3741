import { expect, test } from "vitest";
import { createPanelLease } from "../../../extension/relay/panel-lease.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

function open() {
  const clock = createFakeClock();
  const state = { undone: 0 };
  const lease = createPanelLease(clock, 10_000, () => state.undone++);
  return { clock, state, lease };
}

test("what a panel holds ends ten seconds after the way to the panel was lost", async () => {
  const { clock, state, lease } = open();
  lease.begin();
  lease.loseWay();
  await clock.advance(9_999);
  expect(state.undone).toBe(0);
  await clock.advance(1);
  expect(state.undone).toBe(1);
});

test("a way that is found again keeps them, and attempts that fail do not put the end off", async () => {
  const { clock, state, lease } = open();
  lease.begin();
  lease.loseWay();
  await clock.advance(6_000);
  lease.renew();
  await clock.advance(60_000);
  expect(state.undone).toBe(0);
  lease.loseWay();
  await clock.advance(6_000);
  lease.loseWay();
  await clock.advance(4_000);
  expect(state.undone).toBe(1);
});

test("where nothing was done nothing is undone, and no timer runs", async () => {
  const { clock, state, lease } = open();
  lease.loseWay();
  expect(clock.pending).toBe(0);
  lease.end();
  expect(state.undone).toBe(0);
  lease.begin();
  lease.end();
  lease.end();
  expect(state.undone).toBe(1);
});
