import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../../../core/src/bytes/utf8.ts";
import { codecFor } from "../../../core/src/wire/codecs.ts";
import { readLengthPrefix } from "../../../core/src/wire/framing/length-prefix.ts";
import type { HubProtocolName, RawRecord } from "../../../core/src/wire/hub-codec.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { outlineRecord } from "../../../core/src/wire/outline-record.ts";
import { createHexMarks, type HexMarks } from "../../../ui/inspector/detail/hex-marks-model.ts";
import { messageParts } from "../../../ui/inspector/detail/message-parts.ts";
import { createValuePlaces } from "../../../ui/inspector/detail/value-places.ts";
import { createValueTreeModel, type ValueTreeModel } from "../../../ui/value/value-tree-model.ts";

interface Marked {
  readonly marks: HexMarks;
  readonly tree: ValueTreeModel;
  readonly bytes: Uint8Array;
  /** What is marked, as text or hex. */
  marked(): string;
}

function open(protocol: HubProtocolName, message: HubMessage): Marked {
  const codec = codecFor(protocol);
  const data = codec.encode(message, "javascript");
  const raw: RawRecord =
    typeof data === "string"
      ? { kind: "text", text: data.slice(0, -1) }
      : { kind: "binary", bytes: data.subarray(readLengthPrefix(data, 0)?.size ?? 0) };
  const decoded = codec.decode(raw).message;
  const outline = outlineRecord(protocol, raw);
  if (outline === undefined) throw new Error("no outline");
  const parts = messageParts(decoded);
  const tree = createValueTreeModel(parts);
  const places = createValuePlaces(decoded, parts, outline);
  const text = raw.kind === "text" ? raw.text : "";
  const bytes = raw.kind === "text" ? encodeUtf8(text) : raw.bytes;
  const marks = createHexMarks({ tree, places, unit: outline.unit, text });
  const marked = (): string => {
    const span = marks.span.value;
    const own = bytes.subarray(span?.start ?? 0, span?.end ?? 0);
    return raw.kind === "text"
      ? new TextDecoder().decode(own)
      : Array.from(own, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  };
  return { marks, tree, bytes, marked };
}

const ORDER: HubMessage = {
  kind: "invocation",
  invocationId: "7",
  target: "PlaceOrder",
  arguments: ["MSFT", { limit: 300, "a/b": [true], a: { b: null } }],
  headers: { trace: "x" },
};

describe("values and their bytes", () => {
  test("MessagePack: the selected value is marked, a byte selects its value", () => {
    const { marks, tree, marked, bytes } = open("messagepack", ORDER);
    tree.activate("/arguments/0");
    expect(marked()).toBe("a4 4d 53 46 54");
    expect(marks.caption.value).toMatch(/^arguments › 0: "MSFT" · str · 5 bytes from 0x[0-9a-f]+$/);
    tree.activate("/arguments/1/limit");
    expect(marked()).toBe("cd 01 2c");
    expect(marks.caption.value).toContain("arguments › 1 › limit: 300 · uint16 · 3 bytes from");
    tree.activate("/headers/trace");
    expect(marked()).toBe("a1 78");
    marks.pick(bytes.indexOf(0xcd) + 1);
    expect(tree.active.value).toBe("/arguments/1/limit");
  });

  test("a key with a slash is not taken for a way down", () => {
    const { tree, marked } = open("messagepack", ORDER);
    tree.reveal(["/arguments", "/arguments/1", "/arguments/1/a/b", "/arguments/1/a/b/0"]);
    expect(tree.active.value).toBe("/arguments/1/a/b/0");
    expect(marked()).toBe("c3");
  });

  test("JSON: offsets in the text are told as bytes", () => {
    const { marks, tree, marked, bytes } = open("json", {
      kind: "completion",
      invocationId: "1",
      outcome: { kind: "result", value: { größe: "€ 😀", after: [1, 23] } },
    });
    tree.activate("/result/größe");
    expect(marked()).toBe('"€ 😀"');
    tree.activate("/result/after/1");
    expect(marked()).toBe("23");
    const euro = bytes.indexOf(0xe2);
    marks.pick(euro + 2);
    expect(tree.active.value).toBe("/result/größe");
    marks.pick(euro + 6);
    expect(tree.active.value).toBe("/result/größe");
  });

  test("bytes that the tree does not show select nothing", () => {
    const { marks, tree } = open("messagepack", ORDER);
    tree.activate("/arguments/0");
    marks.pick(0);
    expect(tree.active.value).toBe("/arguments/0");
  });

  test("in a list of 20,000 a byte opens the ranges above its value", () => {
    const { marks, tree, marked } = open("messagepack", {
      kind: "stream-item",
      invocationId: "1",
      item: Array.from({ length: 20_000 }, (_, index) => index),
    });
    tree.activate("/item");
    const start = marks.span.value?.start ?? 0;
    // Three bytes of head, 128 of one byte, 128 of two, the rest of three.
    marks.pick(start + 3 + 128 + 2 * 128 + 3 * (12_345 - 256));
    expect(tree.active.value).toBe("/item/10000…/12300…/12345");
    expect(tree.lines.value.some(({ id }) => id === tree.active.value)).toBe(true);
    expect(marked()).toBe("cd 30 39");
  });

  test("Right goes to what begins next, into lists; Left to what ends before", () => {
    const { marks, tree } = open("messagepack", ORDER);
    tree.activate("/arguments");
    const seen = [1, 1, 1, 1, -1, -1].map((step) => {
      marks.step(step === 1 ? 1 : -1);
      return tree.active.value;
    });
    expect(seen).toEqual([
      "/arguments/0",
      "/arguments/1",
      "/arguments/1/limit",
      "/arguments/1/a/b",
      "/arguments/1/limit",
      "/arguments/1",
    ]);
  });

  test.for(["json", "messagepack"] as const)(
    "every byte of every value leads back to it (%s)",
    (protocol) => {
      const value = fc.jsonValue({ maxDepth: 3 });
      fc.assert(
        fc.property(fc.array(value, { maxLength: 4 }), (values) => {
          const { marks, tree } = open(protocol, { kind: "invocation", target: "T", arguments: values });
          for (const { id, expandable } of tree.lines.value) {
            tree.activate(id);
            const span = marks.span.value;
            expect(span, id).toBeDefined();
            if (span === undefined || expandable) continue;
            marks.pick(span.start);
            expect(tree.active.value).toBe(id);
            marks.pick(span.end - 1);
            expect(tree.active.value).toBe(id);
          }
        }),
        { numRuns: 60 },
      );
    },
  );
});
