import { describe, expect, test } from "vitest";
import { createConnectionDecoder } from "../../../core/src/wire/connection-decoder.ts";
import type { DecodedMessage } from "../../../core/src/wire/hub-codec.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { leanMessagePackCodec } from "../../../core/src/wire/lean/messagepack.ts";
import { MAX_DEPTH } from "../../../core/src/wire/limits.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import { processorTime } from "../../support/processor-time.ts";
import { hex } from "./vector-values.ts";

const json = (text: string) => jsonCodec.decode({ kind: "text", text });
const messagePack = (bytes: Uint8Array | string) =>
  messagePackCodec.decode({ kind: "binary", bytes: typeof bytes === "string" ? hex(bytes) : bytes });
const codes = ({ issues }: DecodedMessage) => issues.map(({ code }) => code);
const item = (value: unknown): HubMessage => ({ kind: "stream-item", invocationId: "1", item: value });

/** Far more than linear work on 1 MB takes, far less than quadratic work would. */
const BOUND = 3_000;

function within<T>(action: () => T): T {
  const started = processorTime();
  const result = action();
  expect(processorTime() - started).toBeLessThan(BOUND);
  return result;
}

/** `[2, {}, "1", …]` */
function messagePackItem(body: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([hex("94 02 80 a1 31"), body]));
}

describe("nesting", () => {
  test.for([100_000, 1_000_000])("%i nested JSON arrays are too deep, and nothing overflows", (depth) => {
    const text = `{"type":2,"invocationId":"1","item":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    expect(within(() => json(text))).toEqual({
      message: { kind: "undecodable" },
      issues: [{ code: "too-deep", detail: `more than ${MAX_DEPTH} levels` }],
    });
  });

  test("nested arrays that never close, and an inexact number among them, are no way around it", () => {
    expect(codes(within(() => json("[".repeat(500_000))))).toEqual(["too-deep"]);
    expect(codes(within(() => json(`${"[".repeat(500_000)}9007199254740993`)))).toEqual(["too-deep"]);
    expect(codes(within(() => json('{"a":'.repeat(100_000))))).toEqual(["too-deep"]);
  });

  test("deeper than .NET's reader goes is said, and still decoded", () => {
    const nested = (depth: number) =>
      json(`{"type":2,"invocationId":"1","item":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect(codes(nested(63))).toEqual([]);
    expect(nested(64)).toMatchObject({
      message: { kind: "stream-item" },
      issues: [{ code: "too-deep", detail: "65 levels" }],
    });
    expect(nested(MAX_DEPTH - 1).message.kind).toBe("stream-item");
    expect(nested(MAX_DEPTH).message.kind).toBe("undecodable");
  });

  test("brackets within strings do not nest", () => {
    expect(codes(json(`{"type":2,"invocationId":"1","item":"${'[\\"{'.repeat(1_000)}"}`))).toEqual([]);
  });

  test.for([100_000, 1_000_000])(
    "%i nested MessagePack arrays are too deep, and nothing overflows",
    (depth) => {
      const decoded = within(() => messagePack(messagePackItem(new Uint8Array(depth).fill(0x91))));
      expect(codes(decoded)).toContain("too-deep");
      expect(decoded.message).toEqual({ kind: "undecodable", value: [2, {}, "1", []] });
    },
  );

  test.for([0x81, 0xdc, 0xdd, 0xdf])("nesting by head %i costs linear time", (head) => {
    expect(
      codes(within(() => messagePack(messagePackItem(new Uint8Array(1_000_000).fill(head))))),
    ).not.toEqual([]);
  });

  test("what contains itself cannot be encoded", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => jsonCodec.encode(item(loop))).toThrow(TypeError);
    expect(() => messagePackCodec.encode(item(loop))).toThrow(TypeError);
  });
});

describe("counts and lengths", () => {
  test.for([
    ["an array of 4 billion items", "dd ff ff ff ff 01"],
    ["a map of 4 billion pairs", "df ff ff ff ff 01"],
    ["a string of 4 GB", "db ff ff ff ff 61"],
    ["bytes of 4 GB", "c6 ff ff ff ff 00"],
    ["an extension of 4 GB", "c9 ff ff ff ff 05 00"],
    ["an array of one item too many", "93 01 02"],
  ])("%s is refused at once", ([, body]) => {
    const decoded = within(() => messagePack(messagePackItem(hex(body as string))));
    expect(codes(decoded)).toContain("not-messagepack");
    expect(decoded.message).toEqual({ kind: "undecodable", value: [2, {}, "1"] });
  });

  test("arrays within each other cannot promise the same bytes twice", () => {
    // Each of 500 levels claims all of the megabyte behind it.
    const body = new Uint8Array(1_000_000);
    const view = new DataView(body.buffer);
    for (let level = 0; level < 500; level++) {
      view.setUint8(level * 5, 0xdd);
      view.setUint32(level * 5 + 1, body.length - (level + 1) * 5);
    }
    expect(codes(within(() => messagePack(messagePackItem(body))))).toContain("not-messagepack");
  });

  test("a record header of 4 billion items is read by position, as .NET does", () => {
    const { message, issues } = messagePack("dd ff ff ff ff 06");
    expect(message).toEqual({ kind: "ping" });
    expect(issues).toEqual([
      { code: "wrong-item-count", detail: "the array says 4294967295 items and has 1" },
    ]);
  });

  test("a header that says too few items is read by position, as .NET does", () => {
    const { message, issues } = messagePack("94 03 80 a3 78 79 7a 01 a5 45 72 72 6f 72");
    expect(message).toEqual({
      kind: "completion",
      invocationId: "xyz",
      outcome: { kind: "error", message: "Error" },
    });
    expect(issues).toEqual([{ code: "wrong-item-count", detail: "the array says 4 items and has 5" }]);
  });

  test("a length prefix of 2 GiB waits, and what came is kept at the end", () => {
    const decoder = createConnectionDecoder({ protocol: "messagepack", resumed: true });
    expect(decoder.decode("in", { kind: "binary", bytes: hex("ff ff ff ff 07 91 06") })).toEqual([]);
    expect(decoder.end()[0]).toMatchObject({ raw: { bytes: hex("ff ff ff ff 07 91 06") }, size: 7 });
  });

  test("a million items, names and empty records cost linear time", () => {
    const items = `{"type":2,"invocationId":"1","item":[${"1,".repeat(500_000)}1]}`;
    expect(codes(within(() => json(items)))).toEqual([]);
    const names = Array.from({ length: 50_000 }, (_, index) => `"k${index % 7}":1`).join(",");
    const { issues } = within(() => json(`{"type":6,"n":9007199254740993,${names}}`));
    expect(issues.length).toBeLessThanOrEqual(64);
    const decoder = createConnectionDecoder({ protocol: "json", resumed: true });
    expect(within(() => decoder.decode("in", { kind: "text", text: "\u001e".repeat(200_000) }))).toHaveLength(
      200_000,
    );
  });

  test("backslashes and quotes without end cost linear time", () => {
    const opened = '{"type":6,"x":"';
    expect(codes(within(() => json(`${"[".repeat(70)}${opened}${"\\".repeat(1_000_000)}`)))).toContain(
      "not-json",
    );
    expect(codes(within(() => json(opened + '\\"'.repeat(500_000))))).toEqual(["not-json"]);
  });

  test("a number of a million digits keeps its text", () => {
    const digits = "7".repeat(1_000_000);
    const { message } = within(() => json(`{"type":2,"invocationId":"1","item":${digits}}`));
    expect(message).toMatchObject({ item: { source: digits } });
  });
});

describe("text", () => {
  test("bytes that are no UTF-8 are shown as U+FFFD, with an issue", () => {
    const short = messagePack("94 02 80 a1 31 a2 c3 28");
    expect(short.message).toEqual(item("\ufffd("));
    expect(short.issues).toEqual([{ code: "invalid-utf8", at: 6 }]);
    const long = messagePack(
      messagePackItem(Uint8Array.of(0xd9, 40, ...new Uint8Array(39).fill(0x61), 0xff)),
    );
    expect(codes(long)).toEqual(["invalid-utf8"]);
    const bytes = Uint8Array.of(...Buffer.from('{"type":2,"invocationId":"1","item":"'), 0xff, 0x22, 0x7d);
    expect(jsonCodec.decode({ kind: "binary", bytes })).toEqual({
      message: item("\ufffd"),
      issues: [{ code: "invalid-utf8" }],
    });
  });

  test("a U+FFFD that the sender wrote is no fault, and a byte order mark in a string is kept", () => {
    expect(messagePack("94 02 80 a1 31 a6 ef bf bd ef bb bf")).toEqual({
      message: item("\ufffd\ufeff"),
      issues: [],
    });
  });

  test("lone surrogates are kept in JSON and become U+FFFD in MessagePack", () => {
    const { message } = json('{"type":2,"invocationId":"1","item":"\\ud83d!"}');
    expect(message).toEqual(item("\ud83d!"));
    for (const like of ["dotnet", "javascript"] as const) {
      const encoded = jsonCodec.encode(message, like) as string;
      expect(json(encoded.slice(0, -1)).message).toEqual(message);
    }
    const bytes = messagePackCodec.encode(message) as Uint8Array;
    expect(messagePack(bytes.subarray(1)).message).toEqual(item("\ufffd!"));
  });
});

describe("keys of maps", () => {
  test("__proto__ is own data, never a prototype", () => {
    const { message } = messagePack(
      Uint8Array.of(...hex("94 02 80 a1 31 81 a9"), ...Buffer.from("__proto__"), ...hex("81 a1 78 01")),
    );
    const value = message.kind === "stream-item" ? (message.item as object) : {};
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(["__proto__"]);
  });

  test("a repeated key is an issue, and the last one counts", () => {
    const strings = messagePack("94 02 80 a1 31 82 a1 61 01 a1 61 02");
    expect(strings).toEqual({
      message: item({ a: 2 }),
      issues: [{ code: "duplicate-key", field: "a", at: 9 }],
    });
    const numbers = messagePack("94 02 80 a1 31 82 01 a1 78 01 a1 79");
    expect(numbers.message).toEqual(item(new Map([[1, "y"]])));
    expect(codes(numbers)).toEqual(["duplicate-key"]);
  });

  test("a map with one key that is no string keeps all keys as they are", () => {
    const { message, issues } = messagePack("94 02 80 a1 31 83 a1 61 01 02 03 c0 c3");
    const keys = new Map<unknown, unknown>([
      ["a", 1],
      [2, 3],
      [null, true],
    ]);
    expect({ message, issues }).toEqual({ message: item(keys), issues: [] });
  });

  test.each([
    ["the codec", messagePackCodec],
    ["the lean codec", leanMessagePackCodec],
  ])(
    "%s keeps such keys in the order of the wire, though objects have names like numbers first",
    (_, codec) => {
      // Dictionary<object, object> { ["b"] = 1, ["7"] = 2, ["b"] = 3, [true] = 4, ["0"] = 5 }
      const bytes = hex("94 02 80 a1 31 85 a1 62 01 a1 37 02 a1 62 03 c3 04 a1 30 05");
      const { message } = codec.decode({ kind: "binary", bytes });
      const value = message.kind === "stream-item" ? message.item : undefined;
      expect([...(value as ReadonlyMap<unknown, unknown>)]).toEqual([
        ["b", 3],
        ["7", 2],
        [true, 4],
        ["0", 5],
      ]);
    },
  );
});
