import { expect, test } from "vitest";
import { UNWATCHED_LIMITS } from "../../../extension/channel/limits.ts";
import { binaryProbe } from "../../../extension/channel/wire-event.ts";
import { createRelay } from "../../../extension/relay/relay.ts";
import { numberedPayload } from "../../support/extension-chain.ts";
import { createPortWorld, type PortPair } from "../../support/extension-ports.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const COUNT = UNWATCHED_LIMITS.events + 5_000;

/** A relay whose background is the test. */
function createScene() {
  const clock = createFakeClock();
  const world = createPortWorld((message) => structuredClone(message));
  const pairs: PortPair[] = [];
  const told: unknown[] = [];
  let undone = 0;
  const relay = createRelay({
    clock,
    identity: () => ({ document: "d", url: "http://localhost/", frame: "top" }),
    connect() {
      const pair = world.open("relay");
      pairs.push(pair);
      pair.far.onMessage((message) => told.push(message));
      return pair.near;
    },
    isOrphaned: () => false,
    orphaned() {},
    toPage(message) {
      if (message.type === "undo-acts") undone++;
    },
    isLate: false,
    isHidden: false,
  });
  const say = (message: unknown) => {
    pairs.at(-1)?.far.post(message);
    world.deliver();
  };
  const resume = () => say({ type: "resume", body: { document: "d", number: 0, probe: binaryProbe() } });
  return {
    clock,
    relay,
    resume,
    unwatched: () => say({ type: "unwatched", body: undefined }),
    act: () => say({ type: "act", body: { document: "d", command: 1, act: { kind: "faults", faults: [] } } }),
    breakPort() {
      pairs.at(-1)?.far.disconnect();
      world.deliver();
    },
    async greetings() {
      await clock.advance(0);
      world.deliver();
      return told.filter((message) => (message as { type: string }).type === "hello").length;
    },
    /** Of all that was recorded, the first number that a panel would get now. */
    firstKept() {
      told.length = 0;
      resume();
      const first = told.find((message) => (message as { type: string }).type === "batch") as
        | { body: { events: readonly { number: number; event: { type: string } }[] } }
        | undefined;
      return first?.body.events[0]?.event.type;
    },
    get undone() {
      return undone;
    },
  };
}

test("a new background that knows of no panel yet costs neither what was kept for it nor its acts", async () => {
  const scene = createScene();
  scene.relay.watch();
  scene.resume();
  scene.act();
  scene.breakPort();
  for (let number = 1; number <= COUNT; number++) scene.relay.record(numberedPayload(number), false);
  await scene.clock.advance(100);
  expect(await scene.greetings()).toBe(2);
  scene.unwatched();
  await scene.clock.advance(5_000);
  scene.relay.watch();
  expect(await scene.greetings()).toBe(3);
  expect(scene.firstKept()).not.toBe("events-dropped");
  expect(scene.undone).toBe(0);
});

test("where no panel comes back, acts are undone after ten seconds and the buffer is small after five minutes", async () => {
  const scene = createScene();
  scene.relay.watch();
  scene.resume();
  scene.act();
  scene.breakPort();
  for (let number = 1; number <= COUNT; number++) scene.relay.record(numberedPayload(number), false);
  await scene.clock.advance(100);
  scene.unwatched();
  await scene.clock.advance(10_000);
  expect(scene.undone).toBe(1);
  await scene.clock.advance(290_000);
  scene.relay.watch();
  await scene.greetings();
  expect(scene.firstKept()).toBe("events-dropped");
});

test("a panel that is closed undoes its acts at once", async () => {
  const scene = createScene();
  scene.relay.watch();
  scene.resume();
  scene.act();
  scene.unwatched();
  expect(scene.undone).toBe(1);
});
