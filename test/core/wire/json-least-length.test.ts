import { describe, expect, test } from "vitest";
import { JsonNumber } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { leastLength } from "../../../core/src/wire/json/least-length.ts";

function decode(text: string) {
  return jsonCodec.decode({ kind: "text", text });
}

describe("the least length of a value", () => {
  test.each([
    "null",
    "false",
    '"ab"',
    "0",
    "-12",
    "999",
    "1e3",
    "12e5",
    "1001",
    "0.01",
    "-123.456",
    "0.12345",
    "[]",
    '[1,"a",[]]',
    '{"a":{"b":1.5},"c":null}',
  ])("is that of %s", (text) => {
    expect(leastLength(JSON.parse(text))).toBe(text.length);
  });

  test.each(["1e-3", "1e-400", "1e400", "5e-324", "0.1234567890123", "12345678901"])(
    "is not certain of %s",
    (text) => {
      const least = leastLength(JSON.parse(text));
      expect(text.length - least < 5).toBe(false);
    },
  );

  test("lets no short number hide a repeated property", () => {
    for (const number of ["1e3", "1e9", "5e5", "1e-3", "1e12"]) {
      for (let count = 1; count < 20; count++) {
        const list = Array.from({ length: count }, () => number).join(",");
        const text = `{"type":1,"target":"b","target":"a","arguments":[${list}]}`;
        expect(decode(text).issues.map(({ code }) => code)).toEqual(["duplicate-key"]);
      }
    }
  });

  test("lets no short number be inexact", () => {
    const { message } = decode('{"type":2,"invocationId":"1","item":1e-400}');
    expect(message).toEqual({ kind: "stream-item", invocationId: "1", item: new JsonNumber("1e-400") });
  });
});
