import { describe, expect, test } from "vitest";
import { createItemQueue } from "../../../core/src/flow/item-queue.ts";

describe("item queue", () => {
  test("items that came before the error are read before the error", async () => {
    const queue = createItemQueue<number>();
    queue.push(1);
    queue.push(2);
    queue.fail(new Error("no more"));
    expect(await queue.next()).toEqual({ done: false, value: 1 });
    expect(await queue.next()).toEqual({ done: false, value: 2 });
    await expect(queue.next()).rejects.toThrow("no more");
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  test("readers that wait are served in the order in which they asked", async () => {
    const queue = createItemQueue<string>();
    const readers = [queue.next(), queue.next(), queue.next()];
    queue.push("a");
    queue.push("b");
    queue.end();
    const results = await Promise.all(readers);
    expect(results.map((result) => result.value)).toEqual(["a", "b", undefined]);
  });

  test("nothing is taken after the end", async () => {
    const queue = createItemQueue<number>();
    queue.end();
    queue.push(1);
    queue.fail(new Error("too late"));
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  test("a hundred thousand items keep their order", async () => {
    const queue = createItemQueue<number>();
    for (let item = 0; item < 100_000; item++) queue.push(item);
    queue.end();
    let expected = 0;
    for (let next = await queue.next(); !next.done; next = await queue.next()) {
      if (next.value !== expected) expect.fail(`${next.value} came in the place of ${expected}`);
      expected += 1;
    }
    expect(expected).toBe(100_000);
  });

  test("cleared items are not read", async () => {
    const queue = createItemQueue<number>();
    queue.push(1);
    queue.clear();
    queue.push(2);
    expect(await queue.next()).toEqual({ done: false, value: 2 });
  });
});
