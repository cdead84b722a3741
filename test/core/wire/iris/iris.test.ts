import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeIrisRecord } from "../../../../core/src/wire/iris/decode.ts";
import {
  irisPrefixOf,
  isNeffosAcknowledgement,
  looksLikeNeffos,
} from "../../../../core/src/wire/iris/detect.ts";
import { encodeIris, irisEvent } from "../../../../core/src/wire/iris/encode.ts";
import type { Direction } from "../../../../core/src/wire/payload.ts";

const PREFIX = "iris-websocket-message:";
const decode = (text: string, direction?: Direction) =>
  decodeIrisRecord({ kind: "text", text }, { direction });
const codes = (text: string, direction?: Direction) =>
  decode(text, direction).issues.map(({ code, field }) => [code, field].join(" ").trim());

describe("iris messages", () => {
  test("without a prefix are native", () => {
    expect(decode("hello")).toEqual({ message: { kind: "iris-native", text: "hello" }, issues: [] });
  });

  test("with the prefix further behind are native to the server and an event to the JavaScript client", () => {
    const text = `x${PREFIX}e;0;a`;
    expect(decode(text, "out")).toMatchObject({
      message: { kind: "iris-native" },
      issues: [{ code: "read-differently", field: "prefix", at: 1 }],
    });
    expect(decode(text, "in")).toMatchObject({
      message: { kind: "iris-event", event: "e", payload: "a" },
      issues: [{ code: "read-differently", field: "prefix" }],
    });
  });

  test("say what a server drops, and only on the way to it", () => {
    for (const rest of [
      "e;0;",
      "e;1;3.5",
      "e;1;true",
      "e;1; ",
      "e;1;99999999999999999999",
      "e;4;null",
      "e;4;{",
      "e;9;x",
    ]) {
      expect(codes(PREFIX + rest, "out"), rest).toContain(
        `dropped-by-server ${rest.startsWith("e;9") ? "type" : "payload"}`,
      );
      expect(codes(PREFIX + rest, "in").join(), rest).not.toContain("dropped-by-server");
    }
    for (const rest of ["e;0;a", "e;1;-7", "e;1;+7", "e;2;false", "e;3;a", "e;4;[1]", "e;4;0"]) {
      expect(codes(PREFIX + rest, "out"), rest).toEqual([]);
    }
  });

  test("an int that a newer server sends is empty, which is odd", () => {
    expect(decode(`${PREFIX}e;1;`, "in")).toMatchObject({
      message: { type: "int", value: null },
      issues: [{ code: "unusual-field", field: "payload" }],
    });
  });

  test("a bool that is not true is false to the server", () => {
    expect(decode(`${PREFIX}e;2;TRUE`, "out")).toMatchObject({
      message: { value: false },
      issues: [{ code: "read-differently", field: "payload" }],
    });
  });

  test("64-bit integers keep their digits", () => {
    const value = (payload: string) => {
      const { message } = decode(`${PREFIX}e;1;${payload}`, "in");
      return message.kind === "iris-event" ? message.value : message;
    };
    expect(value("9223372036854775807")).toBe(9_223_372_036_854_775_807n);
    expect(value("-9223372036854775808")).toBe(-9_223_372_036_854_775_808n);
    expect(value("9223372036854775808")).toBeUndefined();
    expect(value("9007199254740991")).toBe(9_007_199_254_740_991);
  });

  test("binary ones are read alike, and bytes that are no UTF-8 stay bytes", () => {
    const bytes = new Uint8Array([...new TextEncoder().encode(`${PREFIX}é;3;`), 0xff, 0x00]);
    const { message, issues } = decodeIrisRecord({ kind: "binary", bytes }, { direction: "in" });
    expect(message).toMatchObject({ event: "é", type: "bytes", value: new Uint8Array([0xff, 0x00]) });
    expect(issues).toEqual([]);
    expect(message.kind === "undecodable" || encodeIris(message)).toEqual(bytes);
  });

  test("a prefix of one's own is given, or found where an event and a type follow", () => {
    expect(decodeIrisRecord({ kind: "text", text: "x:e;0;a" }, { prefix: "x:" }).message).toMatchObject({
      prefix: "x:",
      event: "e",
    });
    expect(irisPrefixOf("my-app:chat;4;{}")).toBe("my-app:");
    expect(irisPrefixOf("note: a;b")).toBeUndefined();
    expect(irisPrefixOf("http://x;0;")).toBe("http:");
  });
});

describe("iris encoding", () => {
  test("gives every value a type that the server takes", () => {
    const wire = (value: unknown) =>
      encodeIris(irisEvent(PREFIX, "e", value))
        .toString()
        .slice(PREFIX.length);
    expect([5, -0.5, true, false, "a;b", [], [1], { a: 1 }, 5n].map(wire)).toEqual([
      "e;1;5",
      "e;4;-0.5",
      "e;2;true",
      "e;2;false",
      "e;0;a;b",
      "e;4;[]",
      "e;4;[1]",
      'e;4;{"a":1}',
      "e;1;5",
    ]);
  });

  test("refuses what the server would drop or misread", () => {
    for (const value of [null, undefined, ""]) expect(() => irisEvent(PREFIX, "e", value)).toThrow(TypeError);
    expect(() => irisEvent(PREFIX, "a;b", 1)).toThrow(TypeError);
    expect(() => irisEvent(PREFIX, "", 1)).toThrow(TypeError);
    expect(() => irisEvent(PREFIX, "e", Number.NaN)).toThrow(TypeError);
    expect(() => encodeIris({ kind: "undecodable" })).toThrow(TypeError);
  });

  test("what is encoded decodes to itself, and no server drops it", () => {
    const event = fc.string({ minLength: 1 }).filter((name) => !name.includes(";"));
    const value = fc.oneof(
      fc.string({ minLength: 1 }).filter((text) => text !== "null"),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.array(fc.integer()),
    );
    fc.assert(
      fc.property(event, value, (name, sent) => {
        const wire = encodeIris(irisEvent(PREFIX, name, sent));
        const { message, issues } = decodeIrisRecord(
          { kind: "text", text: wire as string },
          { direction: "out" },
        );
        expect(message).toMatchObject({ event: name });
        const isSafe = typeof sent === "bigint" && Number.isSafeInteger(Number(sent));
        expect(message).toMatchObject({ value: isSafe ? Number(sent) : sent });
        expect(issues.filter(({ code }) => code === "dropped-by-server")).toEqual([]);
      }),
    );
  });

  test("anything at all decodes without a throw", () => {
    const piece = fc.constantFrom(PREFIX, "go-websocket-message:", ";", "0", "4", "{", "a", "\ud800", "9");
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom("in", "out", undefined), (pieces, direction) => {
        expect(typeof decode(pieces.join(""), direction).message.kind).toBe("string");
      }),
    );
  });
});

describe("neffos", () => {
  test("is told by its acknowledgement and its seven fields", () => {
    expect(isNeffosAcknowledgement("M", "out")).toBe(true);
    expect(isNeffosAcknowledgement("A5f2e", "in")).toBe(true);
    expect(isNeffosAcknowledgement("Hno", "in")).toBe(true);
    expect(isNeffosAcknowledgement("M", "in")).toBe(false);
    expect(isNeffosAcknowledgement("A;b", "in")).toBe(false);
    expect(looksLikeNeffos(";default;;_OnNamespaceConnect;0;0;")).toBe(true);
    expect(looksLikeNeffos("#1573;default;room;chat;0;0;hello;there")).toBe(true);
    expect(looksLikeNeffos(`${PREFIX}e;0;a`)).toBe(false);
    expect(looksLikeNeffos("a;b;c")).toBe(false);
  });
});
