import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitLengthPrefixed } from "../../../core/src/wire/framing/length-prefix.ts";
import { splitRecordSeparated } from "../../../core/src/wire/framing/record-separator.ts";
import type { HubCodec, RawRecord } from "../../../core/src/wire/hub-codec.ts";
import { Extension, type HubMessage, JsonNumber, Timestamp } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { leanJsonCodec } from "../../../core/src/wire/lean/json.ts";
import type { LeanCodec } from "../../../core/src/wire/lean/lean-codec.ts";
import { leanMessagePackCodec } from "../../../core/src/wire/lean/messagepack.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import { hubMessages, jsonValue, messagePackValue } from "./arbitrary-messages.ts";
import { hexText } from "./vector-values.ts";
import { mutatedWires, wiresOf } from "./wire-mutations.ts";

/** What the lean codecs do not look for: {@link LeanCodec} says so. */
const NOT_LOOKED_FOR = new Set(["duplicate-key", "too-deep", "empty-field", "invalid-utf8"]);

interface Pair {
  readonly lean: LeanCodec;
  readonly whole: HubCodec;
  readonly messages: fc.Arbitrary<HubMessage>;
}

const pairs: readonly Pair[] = [
  { lean: leanJsonCodec, whole: jsonCodec, messages: hubMessages(jsonValue) },
  { lean: leanMessagePackCodec, whole: messagePackCodec, messages: hubMessages(messagePackValue) },
];

function recordsOf(wire: string | Uint8Array): readonly RawRecord[] {
  const { records } = typeof wire === "string" ? splitRecordSeparated(wire) : splitLengthPrefixed(wire);
  return records.map(({ raw }) => raw);
}

/** The same message, or none with a word about it; never another one, and never silence about what is wrong. */
function expectDegraded({ lean, whole }: Pair, record: RawRecord): void {
  const ours = lean.decode(record);
  const full = whole.decode(record);
  if (ours.message.kind === "undecodable") {
    expect(ours.issues).toHaveLength(1);
    expect(full.issues.length + Number(isSequence(full.message)), show(record)).toBeGreaterThan(0);
    return;
  }
  const looked = full.issues.filter(({ code }) => !NOT_LOOKED_FOR.has(code));
  if (full.issues.every(({ code }) => code !== "too-deep")) {
    expect(ours.message, show(record)).toStrictEqual(full.message);
  }
  expect(ours.issues.map(({ code }) => code)).toEqual(looked.map(({ code }) => code));
}

function isSequence(message: HubMessage): boolean {
  return message.kind === "sequence" || message.kind === "ack";
}

function show(record: RawRecord): string {
  return record.kind === "text" ? record.text : hexText(record.bytes);
}

for (const pair of pairs) {
  const { lean, whole, messages } = pair;
  const isJson = lean.name === "json";

  describe(`the lean codec of ${lean.name}`, () => {
    test("says what the whole one says of every vector, or that it cannot", () => {
      const wires = wiresOf(lean.name);
      const records = wires.flatMap((wire) => recordsOf(isJson ? new TextDecoder().decode(wire) : wire));
      expect(records.length).toBeGreaterThan(90);
      for (const record of records) expectDegraded(pair, record);
      const read = records.filter((record) => lean.decode(record).message.kind !== "undecodable");
      expect(read.length).toBeGreaterThan(30);
    });

    test("says all of what the peers write", () => {
      fc.assert(
        fc.property(
          fc.array(messages, { maxLength: 6 }),
          fc.constantFrom("dotnet" as const, "javascript" as const),
          (list, like) => {
            for (const message of list) {
              for (const record of recordsOf(whole.encode(message, like))) {
                const full = whole.decode(record);
                if (full.issues.length === 0 && !isSequence(full.message)) {
                  expect(lean.decode(record)).toStrictEqual(full);
                } else expectDegraded(pair, record);
              }
            }
          },
        ),
        { numRuns: 1500 },
      );
    });

    test("is not taken in by faults", () => {
      fc.assert(
        fc.property(mutatedWires(lean.name), (bytes) => {
          const payload = isJson ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : bytes;
          const records = recordsOf(payload);
          for (const record of records) expectDegraded(pair, record);
          const decoded = lean.decodePayload(payload);
          expect(decoded.slice(0, records.length)).toStrictEqual(
            records.map((record) => lean.decode(record)),
          );
          expect(decoded.length).toBe(whole.decodePayload(payload).length);
        }),
        { numRuns: 6000 },
      );
    });

    test("writes what the whole one reads as the same message", () => {
      fc.assert(
        fc.property(messages, (message) => {
          const written = attempt(() => lean.encode(message));
          if (written === undefined) {
            expect(isJson).toBe(true);
            return;
          }
          if (!isJson) expect(written).toEqual(whole.encode(message));
          else {
            expect(recordsOf(written).map((record) => whole.decode(record).message)).toEqual(
              recordsOf(whole.encode(message)).map((record) => whole.decode(record).message),
            );
          }
        }),
        { numRuns: 800 },
      );
    });

    test("writes the handshake, and nothing that has no value", () => {
      expect(lean.encode({ kind: "handshake-request", protocol: lean.name, version: 1 })).toBe(
        `{"protocol":"${lean.name}","version":1}\u001e`,
      );
      expect(lean.encode({ kind: "handshake-response" })).toBe("{}\u001e");
      expect(() => lean.encode({ kind: "undecodable" })).toThrow(TypeError);
    });
  });
}

function attempt(write: () => string | Uint8Array): string | Uint8Array | undefined {
  try {
    return write();
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return undefined;
  }
}

describe("lean JSON", () => {
  const item = (value: unknown): HubMessage => ({ kind: "stream-item", invocationId: "1", item: value });

  test("keeps numbers that a double does not hold, and texts that look like them", () => {
    const text =
      '{"type":2,"invocationId":"1","item":[9007199254740993,"9007199254740993 \\" 1e999",1.0,1e400,"0.5:1"]}';
    expect(leanJsonCodec.decode({ kind: "text", text }).message).toEqual(
      item([
        new JsonNumber("9007199254740993"),
        '9007199254740993 " 1e999',
        1,
        new JsonNumber("1e400"),
        "0.5:1",
      ]),
    );
  });

  test.each([
    1n,
    Number.NaN,
    new Uint8Array(1),
    new JsonNumber("1"),
    new Timestamp(0, 0),
    new Map(),
    new Extension(1, new Uint8Array()),
    () => 1,
  ])("refuses %s rather than write something else", (value) => {
    expect(() => leanJsonCodec.encode(item([value]))).toThrow(TypeError);
  });

  test("writes minus zero as JSON.stringify does", () => {
    expect(leanJsonCodec.encode(item([-0]))).toBe('{"type":2,"invocationId":"1","item":[0]}\u001e');
  });

  test("refuses what contains itself", () => {
    const list: unknown[] = [];
    list.push(list);
    expect(() => leanJsonCodec.encode(item(list))).toThrow(TypeError);
    expect(() => leanMessagePackCodec.encode(item(list))).toThrow(TypeError);
  });
});

test("an exact number beside a string of ten million escapes", { timeout: 60_000 }, () => {
  const text = "\n".repeat(9_500_000);
  const record = `{"type":2,"invocationId":"1","item":[${JSON.stringify(text)},12345678901234567890,"7\\"",0.5]}`;
  const { message } = leanJsonCodec.decode({ kind: "text", text: record });
  const items = message.kind === "stream-item" ? (message.item as readonly unknown[]) : [];
  expect(items[0] === text).toBe(true);
  expect(items.slice(1)).toEqual([new JsonNumber("12345678901234567890"), '7"', 0.5]);
});
