import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createConnectionDecoder } from "../../../../core/src/wire/connection-decoder.ts";
import { Extension, type HubMessage } from "../../../../core/src/wire/hub-message.ts";
import { compressedValue, plainValue } from "../../../../core/src/wire/messagepack/compressed-value.ts";
import { unpackLz4Block } from "../../../../core/src/wire/messagepack/lz4.ts";
import expectation from "../../../captures/lz4-ws-msgpack.expected.json?raw";
import recording from "../../../captures/lz4-ws-msgpack.ndjson?raw";
import { hex, revive } from "../vector-values.ts";

interface Expected {
  readonly dir: "in" | "out";
  readonly plainResult?: unknown;
  readonly plainItem?: unknown;
  readonly plainArgs?: readonly unknown[];
}

interface RecordedPayload {
  readonly kind: string;
  readonly dir: "in" | "out";
  readonly text?: string;
  readonly base64?: string;
}

function recordedMessages(): readonly HubMessage[] {
  const decoder = createConnectionDecoder();
  return recording
    .trim()
    .split("\n")
    .map((line): RecordedPayload => JSON.parse(line))
    .filter(({ kind }) => kind === "ws-message")
    .flatMap(({ dir, text, base64 = "" }) =>
      decoder.decode(
        dir,
        text === undefined
          ? { kind: "binary", bytes: new Uint8Array(Buffer.from(base64, "base64")) }
          : { kind: "text", text },
      ),
    )
    .map(({ message }) => message);
}

/** Timestamps and extensions of the recording are written otherwise there; the session's tests compare those. */
function plainContent(message: HubMessage): unknown {
  if (message.kind === "invocation") return message.arguments.map(plainValue);
  if (message.kind === "stream-item") return plainValue(message.item);
  if (message.kind === "completion" && message.outcome.kind === "result")
    return plainValue(message.outcome.value);
  return undefined;
}

describe("a real server with Lz4BlockArray", () => {
  const messages = recordedMessages();
  const expected = JSON.parse(expectation) as { readonly messages: readonly Expected[] };
  const rows = expected.messages.map((row, index) => ({ row, index }));
  const compressed = rows.filter(({ row }) => row.plainResult ?? row.plainItem ?? row.plainArgs);

  test("has compressed results and arguments", () => {
    expect(messages).toHaveLength(rows.length);
    expect(compressed.length).toBeGreaterThanOrEqual(6);
  });

  test.for(compressed)("message $index unpacks to what was compressed", ({ row, index }) => {
    const wanted = revive(row.plainResult ?? row.plainItem ?? row.plainArgs);
    const message = messages[index];
    expect(message && plainContent(message)).toEqual(wanted);
  });

  test("keeps what was on the wire, and says how much it saved", () => {
    const message = messages[7];
    if (message?.kind !== "completion" || message.outcome.kind !== "result") throw new Error("a result");
    expect(message.outcome.value).toEqual([expect.any(Extension), expect.any(Uint8Array)]);
    expect(compressedValue(message.outcome.value)).toMatchObject({
      form: "Lz4BlockArray",
      packedSize: 16,
      size: 603,
      issues: [],
    });
  });
});

describe("Lz4Block", () => {
  test("carries its size before the block", () => {
    // a9 "aaaaaaaaa": a literal of two bytes and a match over itself would be too short, so literals only.
    const bytes = hex("d2 00 00 00 0a a0 a9 61 61 61 61 61 61 61 61 61");
    expect(compressedValue(new Extension(99, bytes))).toMatchObject({
      value: "aaaaaaaaa",
      form: "Lz4Block",
      size: 10,
    });
  });
});

describe("an LZ4 block", () => {
  test("repeats what it has just written", () => {
    expect(unpackLz4Block(hex("17 61 01 00 50 62 63 64 65 66"), 17)).toEqual(
      new Uint8Array(Buffer.from("aaaaaaaaaaaabcdef")),
    );
  });

  test.each([
    ["another size than it has", "50 62 63 64 65 66", 6],
    ["a size that no block of its length can have", "50 62 63 64 65 66", 2 ** 31],
    ["a match before its beginning", "10 61 02 00 50 62 63 64 65 66", 10],
    ["a match at no distance", "10 61 00 00 50 62 63 64 65 66", 10],
    ["literals beyond its end", "f0 ff", 300],
    ["a length without an end", "f0", 15],
    ["no bytes", "", 0],
  ])("with %s is refused", (_name, block, size) => {
    expect(unpackLz4Block(hex(block), size)).toBeUndefined();
  });

  test("of anything gives the size that was asked for, or nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(4000), (block, size) => {
        const unpacked = unpackLz4Block(block, size);
        expect(unpacked === undefined || unpacked.length === size).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

test.each([
  ["a plain value", [1, 2]],
  ["another extension", new Extension(98, hex("01"))],
  ["sizes without blocks", [new Extension(98, hex(""))]],
  ["more sizes than blocks", [new Extension(98, hex("01 01")), hex("10 c0")]],
  ["blocks that are none", [new Extension(98, hex("01")), "text"]],
  ["a block that is broken", [new Extension(98, hex("02")), hex("10 c0")]],
  ["no MessagePack inside", [new Extension(98, hex("01")), hex("10 c1")]],
])("%s is no compressed value and stays as it is", (_name, value) => {
  expect(compressedValue(value)).toBeUndefined();
  expect(plainValue(value)).toBe(value);
});
