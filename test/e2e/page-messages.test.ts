import { describe, expect, test } from "vitest";
import { expectedRows, messageRows, type PageMessage, showsInOrder } from "./page-messages.ts";

const out = (message: PageMessage["message"]): PageMessage => ({ direction: "out", message });
const incoming = (message: PageMessage["message"]): PageMessage => ({ direction: "in", message });

describe("the rows that a page's messages must give", () => {
  test("an answer has the target of its call, also when both sides use the same ID", () => {
    const messages = [
      out({ type: 1, target: "Ask", invocationId: "1", arguments: [] }),
      incoming({ type: 1, target: "Answer", invocationId: "1", arguments: ["why"] }),
      out({ type: 3, invocationId: "1", result: "because" }),
      incoming({ type: 3, invocationId: "1", result: 4 }),
    ];
    expect(expectedRows(messages, "out").map((row) => row.target)).toEqual(["Ask", "Answer"]);
    expect(expectedRows(messages, "in").map((row) => row.target)).toEqual(["Answer", "Ask"]);
  });

  test("an uploaded item has the target of the call that opened its stream", () => {
    const messages = [
      out({ type: 1, target: "Sum", invocationId: "1", streamIds: ["2"], arguments: [] }),
      out({ type: 2, invocationId: "2", item: 5 }),
      out({ type: 3, invocationId: "2" }),
    ];
    expect(expectedRows(messages, "out").map((row) => row.target)).toEqual(["Sum", "Sum", "Sum"]);
  });

  test("pings are left out", () => {
    expect(expectedRows([out({ type: 6 })], "out")).toEqual([]);
  });
});

test("rows of handshakes and connection events are no messages", () => {
  const row = (Type: string, Direction: string) => ({
    index: 1,
    cells: { Type, Direction },
    text: "",
    selected: false,
  });
  const rows = [row("negotiate", "·"), row("handshake", "↑"), row("invocation", "↑"), row("completion", "↓")];
  expect(messageRows(rows, "out").map(({ cells }) => cells["Type"])).toEqual(["invocation"]);
});

describe("data in order", () => {
  test("is found in any notation", () => {
    expect(showsInOrder('"a", {b: 1}', ["a", "b", "1"])).toBe(true);
  });

  test("is missed when a value is another, absent or in another place", () => {
    expect(showsInOrder('"a", 2', ["a", "1"])).toBe(false);
    expect(showsInOrder("", ["a"])).toBe(false);
    expect(showsInOrder('"b", "a"', ["a", "b"])).toBe(false);
  });

  test("is asked for only up to the cut", () => {
    expect(showsInOrder('"abc", "de…', ["abc", "def", "ghi"])).toBe(true);
    expect(showsInOrder('"abc", "dx…', ["abc", "def", "ghi"])).toBe(false);
  });

  test("may have something unknown before the cut", () => {
    expect(showsInOrder('"abc", 9007199254740993, x…', ["abc", undefined, "def"])).toBe(true);
  });
});
