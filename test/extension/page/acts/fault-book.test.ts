import { describe, expect, test } from "vitest";
import type { PageFault } from "../../../../extension/channel/acts.ts";
import { createFaultBook } from "../../../../extension/page/acts/fault-book.ts";

function open() {
  const told: [string, number][] = [];
  const book = createFaultBook({ random: () => 0, struck: (fault, count) => told.push([fault, count]) });
  return { book, told };
}

const refuse = (facts: Partial<Extract<PageFault, { kind: "refuse" }>> = {}): PageFault => ({
  id: "r",
  kind: "refuse",
  times: 2,
  elsewhere: 0,
  known: [],
  ...facts,
});

describe("refused attempts", () => {
  test("are as many as were asked for, and each is a strike", () => {
    const { book, told } = open();
    book.replace([refuse()]);
    const url = "http://h/hub/negotiate?negotiateVersion=1";
    expect([book.refuses(url, true), book.refuses(url, true), book.refuses(url, true)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(told).toEqual([
      ["r", 1],
      ["r", 2],
    ]);
  });

  test("stay counted when the list is told again, and those of other documents count too", () => {
    const { book } = open();
    book.replace([refuse({ times: 3 })]);
    book.refuses("ws://h/hub", true);
    book.replace([refuse({ times: 3, elsewhere: 1 }), { id: "s", kind: "silence" }]);
    expect([book.refuses("ws://h/hub", true), book.refuses("ws://h/hub", true)]).toEqual([true, false]);
  });

  test("begin anew with a fault that was gone", () => {
    const { book } = open();
    book.replace([refuse({ times: 1 })]);
    book.refuses("ws://h/hub", true);
    book.replace([]);
    book.replace([refuse({ times: 1 })]);
    expect(book.refuses("ws://h/hub", true)).toBe(true);
  });

  test("are those of hubs that are known, and of no other socket of the page", () => {
    const { book } = open();
    book.replace([refuse({ times: 100, known: ["http://h/hubs/quiet"] })]);
    expect(book.refuses("ws://h/vite", false)).toBe(false);
    expect(book.refuses("ws://h/hubs/negotiated", true)).toBe(true);
    expect(book.refuses("ws://h/hubs/quiet?access_token=x", false)).toBe(true);
  });

  test("are those of the hub that is named, by any scheme and with what is below it", () => {
    const { book } = open();
    book.replace([refuse({ hub: "https://h/hubs/chat", times: 100 })]);
    const urls = [
      "wss://h/hubs/chat?id=1",
      "https://h/hubs/chat/negotiate?negotiateVersion=1",
      "https://h/hubs/chat/",
      "wss://h/hubs/chatter?id=1",
      "wss://other/hubs/chat",
    ];
    expect(urls.map((url) => book.refuses(url, false))).toEqual([true, true, true, false, false]);
  });
});

test("an empty book refuses nothing and silences nobody", () => {
  const { book } = open();
  expect(book.isEmpty).toBe(true);
  expect(book.refuses("ws://h/hub", true)).toBe(false);
  expect(book.silenced("hook-1")).toBeUndefined();
});
