import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HubCodec, RawRecord } from "../../../core/src/wire/hub-codec.ts";
import { Timestamp } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import type { ValueOutline } from "../../../core/src/wire/outline.ts";
import { outlineRecord } from "../../../core/src/wire/outline-record.ts";
import { jsonValue, messagePackValue } from "./arbitrary-messages.ts";
import { hex } from "./vector-values.ts";

/** A record whose item is `value`, without its framing. */
function itemRecord(codec: HubCodec, value: unknown): RawRecord {
  const encoded = codec.encode({ kind: "stream-item", invocationId: "1", item: value });
  if (typeof encoded === "string") return { kind: "text", text: encoded.slice(0, -1) };
  const prefix = encoded.findIndex((byte) => byte < 0x80) + 1;
  return { kind: "binary", bytes: encoded.slice(prefix) };
}

function outlined(codec: HubCodec, value: unknown): ValueOutline {
  const outline = outlineRecord(codec.name, itemRecord(codec, value));
  const item = outline?.root.children.at(-1);
  if (item === undefined) throw new Error("the record has an outline");
  return item;
}

/** Keys and values lie within, in order, and do not overlap. */
function expectOrder({ start, end, children }: ValueOutline): void {
  let at = start;
  for (const child of children) {
    const first = child.key ?? child;
    expect(first.start).toBeGreaterThan(at - (at === start ? 0 : 1));
    if (child.key !== undefined) expect(child.start).toBeGreaterThanOrEqual(child.key.end);
    expectOrder(child);
    at = child.end;
  }
  expect(end).toBeGreaterThanOrEqual(at);
}

/** The tree's own values put together again. */
function rebuilt(outline: ValueOutline): unknown {
  const { type, children } = outline;
  if (type === "array") return children.map(rebuilt);
  if (type !== "map" && type !== "object") return outline.value;
  return Object.fromEntries(children.map((child) => [child.key?.value, rebuilt(child)]));
}

describe.each([
  [jsonCodec, jsonValue],
  [messagePackCodec, messagePackValue],
] as const)("$name values", (codec, values) => {
  test("are at their places, each and all of them", () => {
    fc.assert(
      fc.property(values, (value) => {
        const item = outlined(codec, value);
        expectOrder(item);
        expect(item.value).toEqual(value);
        expect(rebuilt(item)).toEqual(value);
      }),
      { numRuns: 400 },
    );
  });
});

test("MessagePack says in which width each value was written", () => {
  const bytes = hex(
    "9c c0 c3 05 e0 cd 01 00 ca 3f c0 00 00 cb 3f f0 00 00 00 00 00 00 a1 61 c4 01 ff d6 ff 00 00 00 01 d4 05 aa 81 01 c2",
  );
  const root = outlineRecord("messagepack", { kind: "binary", bytes })?.root;
  expect(root?.children.map(({ type, start, end }) => [type, start, end])).toEqual([
    ["nil", 1, 2],
    ["boolean", 2, 3],
    ["fixint", 3, 4],
    ["fixint", 4, 5],
    ["uint16", 5, 8],
    ["float32", 8, 13],
    ["float64", 13, 22],
    ["str", 22, 24],
    ["bin", 24, 27],
    ["timestamp", 27, 33],
    ["ext", 33, 36],
    ["map", 36, 39],
  ]);
  expect(root?.children[9]?.value).toEqual(new Timestamp(1, 0));
  const [pair] = root?.children[11]?.children ?? [];
  expect([pair?.key?.value, pair?.value]).toEqual([1, false]);
});

test("JSON values are found between escapes, brackets in texts and white space", () => {
  const text = '{ "a\\"]" : [ 1.50 , "}," ] , "b":{} }tail';
  const root = outlineRecord("json", { kind: "text", text })?.root;
  const parts = (outline: ValueOutline) => text.slice(outline.start, outline.end);
  expect(root?.children.map((child) => [child.key && parts(child.key), child.type, parts(child)])).toEqual([
    ['"a\\"]"', "array", '[ 1.50 , "}," ]'],
    ['"b"', "object", "{}"],
  ]);
  expect(root?.children[0]?.children.map(parts)).toEqual(["1.50", '"},"']);
});

test.each([
  ["messagepack", "93 01"],
  ["messagepack", "dd ff ff ff ff"],
  ["messagepack", "c1"],
  ["messagepack", "da 00"],
  ["messagepack", "c7 02"],
  ["messagepack", ""],
  ["json", "7b 22"],
] as const)("a broken %s record has no outline: %s", (protocol, bytes) => {
  expect(outlineRecord(protocol, { kind: "binary", bytes: hex(bytes) })).toBeUndefined();
});

test("ten thousand arrays in each other are refused, not walked into", () => {
  const bytes = new Uint8Array(10_000).fill(0x91);
  expect(outlineRecord("messagepack", { kind: "binary", bytes })).toBeUndefined();
});

test("any bytes have an outline or none", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const outline = outlineRecord("messagepack", { kind: "binary", bytes });
      if (outline !== undefined) expectOrder(outline.root);
    }),
    { numRuns: 3000 },
  );
});

test.each(["x", "\\n", `\\"`, "\\\\", "é"])(
  "ten million times %s in a string have their place",
  { timeout: 60_000 },
  (unit) => {
    const record = `{"type":3,"invocationId":"1","result":"${unit.repeat(10_000_000)}"}`;
    const outline = outlineRecord("json", { kind: "text", text: record });
    expect(outline?.root.children.map(({ start, end }) => [start, end])).toEqual([
      [8, 9],
      [25, 28],
      [38, record.length - 1],
    ]);
  },
);
