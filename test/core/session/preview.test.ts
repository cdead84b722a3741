import { describe, expect, test } from "vitest";
import { preview } from "../../../core/src/session/preview.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { Extension, JsonNumber, Timestamp, type WireValue } from "../../../core/src/wire/hub-message.ts";
import { recordOf } from "./entries.ts";

function textOf(message: HubMessage, limit?: number): string {
  return preview(recordOf(message), limit)
    .map(({ text }) => text)
    .join("");
}

function argumentsText(values: readonly WireValue[], limit?: number): string {
  return textOf({ kind: "invocation", target: "T", arguments: values }, limit);
}

describe("preview", () => {
  test("tokens say what each piece is", () => {
    expect(
      preview(recordOf({ kind: "stream-item", invocationId: "1", item: { price: 1.5, "a b": [true, "x"] } })),
    ).toEqual([
      { text: "{", kind: "punctuation" },
      { text: "price", kind: "key" },
      { text: ": ", kind: "punctuation" },
      { text: "1.5", kind: "number" },
      { text: ", ", kind: "punctuation" },
      { text: '"a b"', kind: "key" },
      { text: ": ", kind: "punctuation" },
      { text: "[", kind: "punctuation" },
      { text: "true", kind: "word" },
      { text: ", ", kind: "punctuation" },
      { text: '"x"', kind: "string" },
      { text: "]", kind: "punctuation" },
      { text: "}", kind: "punctuation" },
    ]);
  });

  test.for<[string, HubMessage]>([
    ['"json" version 1'.replaceAll('"', ""), { kind: "handshake-request", protocol: "json", version: 1 }],
    ["", { kind: "handshake-response" }],
    ['"no"', { kind: "handshake-response", error: "no" }],
    ['1, "a", null', { kind: "invocation", target: "T", arguments: [1, "a", null] }],
    ["[]", { kind: "stream-invocation", invocationId: "1", target: "T", arguments: [[]] }],
    ["void", { kind: "completion", invocationId: "1", outcome: { kind: "void" } }],
    ["null", { kind: "completion", invocationId: "1", outcome: { kind: "result", value: null } }],
    ['"boom"', { kind: "completion", invocationId: "1", outcome: { kind: "error", message: "boom" } }],
    ["", { kind: "cancel-invocation", invocationId: "1" }],
    ["", { kind: "ping" }],
    ["", { kind: "close" }],
    ['"bye", allowReconnect: true', { kind: "close", error: "bye", allowReconnect: true }],
    ["7", { kind: "ack", sequenceId: 7 }],
    ["9007199254740993", { kind: "sequence", sequenceId: 9007199254740993n }],
    ["{type: 99}", { kind: "unknown", type: 99, value: { type: 99 } }],
  ])("%s", ([text, message]) => {
    expect(textOf(message)).toBe(text);
  });

  test("an undecodable record shows what there is of it", () => {
    const message = { kind: "undecodable" } as const;
    const text = preview(recordOf(message, { raw: { kind: "text", text: '{"a' } }));
    expect(text).toEqual([{ text: '{"a', kind: "string" }]);
    const bytes = preview(recordOf(message, { raw: { kind: "binary", bytes: Uint8Array.of(1, 255) } }));
    expect(bytes.map((token) => token.text).join("")).toBe("2 bytes 01 ff");
  });

  test("values beyond JSON keep their digits", () => {
    expect(
      argumentsText([
        18446744073709551615n,
        new JsonNumber("0.1234567890123456789012345678"),
        -0,
        Number.NaN,
        Uint8Array.of(10),
        new Extension(98, Uint8Array.of(1, 2)),
        new Timestamp(0, 1),
        new Map<WireValue, WireValue>([[1, "one"]]),
      ]),
    ).toBe(
      '18446744073709551615, 0.1234567890123456789012345678, -0, NaN, 1 byte 0a, ext 98 2 bytes 01 02, 1970-01-01T00:00:00.000000001Z, {1: "one"}',
    );
  });

  test("what is too long ends in an ellipsis", () => {
    expect(argumentsText(["abcdef"], 4)).toBe('"abc…');
    expect(argumentsText(["abcdef"], 8)).toBe('"abcdef"');
    expect(argumentsText(["abcdef"], 7)).toBe('"abcdef…');
    expect(argumentsText([1, 2], 0)).toBe("…");
  });

  test("a cut does not fall between the halves of a character", () => {
    for (let limit = 0; limit < 12; limit++) {
      expect(argumentsText(["a😀😀😀"], limit), `limit ${limit}`).toMatch(/^("?a?(😀)*)"?…?$/u);
    }
  });

  test("controls, bidirectional and invisible characters are made visible", () => {
    expect(argumentsText(["a\u202eb\u0000\n\u200b\u2028\ud800\u{e0041}"])).toBe(
      '"a\\u202eb\\u0000\\n\\u200b\\u2028\\ud800\\u{e0041}"',
    );
    expect(textOf({ kind: "stream-item", invocationId: "1", item: { "\u202ekey": 1 } })).toBe(
      '{"\\u202ekey": 1}',
    );
  });

  test("an emoji made of several characters stays one", () => {
    expect(argumentsText(["👩‍👩‍👧 ❤️"])).toBe('"👩‍👩‍👧 ❤️"');
  });

  test("a quote in a string cannot end it", () => {
    expect(argumentsText(['a", "b\\'])).toBe('"a\\", \\"b\\\\"');
  });

  test("no more is looked at than is shown", () => {
    let looked = 0;
    const endless = new Proxy([] as number[], {
      get(list, key) {
        if (key === "length") return 1e9;
        if (typeof key === "string" && /^\d+$/.test(key)) {
          looked++;
          return 1;
        }
        return Reflect.get(list, key);
      },
    });
    expect(argumentsText([endless], 40)).toHaveLength(41);
    expect(looked).toBeLessThan(40);
  });

  test("a value of any depth is shown as far as it goes", () => {
    let value: WireValue = 1;
    for (let depth = 0; depth < 100_000; depth++) value = [value];
    expect(argumentsText([value], 50)).toBe(`${"[".repeat(50)}…`);
  });

  test("a property named __proto__ is a property like any other", () => {
    expect(textOf({ kind: "stream-item", invocationId: "1", item: JSON.parse('{"__proto__":1}') })).toBe(
      "{__proto__: 1}",
    );
  });
});
