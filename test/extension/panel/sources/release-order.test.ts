import fc from "fast-check";
import { expect, test } from "vitest";
import type { CaptureEvent } from "../../../../core/src/capture-event.ts";
import type { NetworkItem } from "../../../../extension/panel/sources/network-item.ts";
import { putInOrder, takeDue, type WaitingQueue } from "../../../../extension/panel/sources/release-order.ts";

const NEVER = Number.POSITIVE_INFINITY;
const FIREFOX = { slack: 15 };

function createQueue(id: string, browser: { readonly slack?: number } = {}): WaitingQueue {
  const item: NetworkItem = {
    id,
    kind: "exchange",
    method: "GET",
    url: "http://site.test/hub?id=1",
    startedAt: 0,
    connectionSince: 0,
    tokens: ["1"],
    hook: "none",
    ...browser,
  };
  return { item, waiting: [] };
}

const request = (exchange: string, at: number): CaptureEvent => ({
  type: "http-request",
  at,
  exchange,
  method: "GET",
  url: "http://site.test/hub?id=1",
});
const ended = (exchange: string, at: number): CaptureEvent => ({ type: "http-ended", at, exchange });
const names = (taken: ReturnType<typeof takeDue>) =>
  taken.map(({ queue, event }) => `${queue.item.id} ${event.type}`);

test("Firefox's telling is waited for from when it began to tell, not from when it happened", () => {
  const late = createQueue("late", FIREFOX);
  putInOrder(late, [request("late", 0)], 9_000);
  expect(names(takeDue([late], 10_499, NEVER))).toEqual([]);
  expect(names(takeDue([late], 10_500, NEVER))).toEqual(["late http-request"]);
});

test("what is due takes along what came before it, though that was told a moment ago", () => {
  const answer = createQueue("answer", FIREFOX);
  const call = createQueue("call", FIREFOX);
  const after = createQueue("after", FIREFOX);
  putInOrder(answer, [ended("answer", 20)], 1_000);
  putInOrder(call, [request("call", 10)], 2_499);
  putInOrder(after, [request("after", 90)], 2_499);
  expect(names(takeDue([answer, call, after], 2_500, NEVER))).toEqual([
    "call http-request",
    "answer http-ended",
  ]);
  expect(after.waiting).toHaveLength(1);
});

test("of one moment, what was asked comes before what may be its answer", () => {
  const answer = createQueue("answer", FIREFOX);
  const call = createQueue("call", FIREFOX);
  putInOrder(answer, [ended("answer", 20)], 100);
  putInOrder(call, [request("call", 25)], 100);
  expect(names(takeDue([answer, call], 5_000, NEVER))).toEqual(["call http-request", "answer http-ended"]);
});

test("Chromium's log is waited for until it was read, and no longer than six seconds", () => {
  const socket = createQueue("socket");
  putInOrder(socket, [request("socket", 1_000)], 1_000);
  expect(names(takeDue([socket], 1_499, NEVER))).toEqual([]);
  expect(names(takeDue([socket], 6_999, 999))).toEqual([]);
  expect(names(takeDue([socket], 7_000, 999))).toEqual(["socket http-request"]);
  putInOrder(socket, [request("socket", 8_000)], 8_000);
  expect(names(takeDue([socket], 8_500, NEVER))).toEqual(["socket http-request"]);
});

test("an answer that comes after the end of its page has its place before it", () => {
  const queue = createQueue("poll", FIREFOX);
  const other = createQueue("other", FIREFOX);
  putInOrder(other, [request("other", 600)], 600);
  putInOrder(queue, [request("poll", 10), { type: "document-ended", at: 900, document: "1" }], 900);
  putInOrder(queue, [ended("poll", 500)], 1_000);
  expect(names(takeDue([queue, other], 2_100, NEVER))).toEqual([
    "poll http-request",
    "poll http-ended",
    "other http-request",
  ]);
  expect(names(takeDue([queue, other], 2_400, NEVER))).toEqual(["poll document-ended"]);
});

test("whatever is told within a second and a half is shown in the order of time, all of it, once", () => {
  const told = fc.record({
    at: fc.integer({ min: 0, max: 20_000 }),
    apart: fc.integer({ min: 0, max: 1_500 }),
  });
  fc.assert(
    fc.property(fc.array(told, { maxLength: 30 }), fc.integer({ min: 0, max: 60_000 }), (all, delay) => {
      const queues = all.map((one, number) => ({ ...one, queue: createQueue(String(number), FIREFOX) }));
      const shown: number[] = [];
      for (let now = 0; now <= 100_000; now += 100) {
        for (const { at, apart, queue } of queues) {
          const arrived = at + delay + apart;
          if (arrived > now - 100 && arrived <= now) putInOrder(queue, [request(queue.item.id, at)], now);
        }
        const taken = takeDue(
          queues.map(({ queue }) => queue),
          now,
          NEVER,
        );
        shown.push(...taken.map(({ event }) => event.at));
      }
      expect(shown).toEqual(all.map(({ at }) => at).sort((a, b) => a - b));
    }),
    { numRuns: 60 },
  );
});
