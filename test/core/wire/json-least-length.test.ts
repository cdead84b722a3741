import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonNumber } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { LEAST_MORE, leastLength } from "../../../core/src/wire/json/least-length.ts";
import { exactNumber } from "../../../core/src/wire/json/numbers.ts";

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
    "5.25",
    "1999999.999",
    "2000000.5",
    "123456.789012",
    "12001",
    "123456",
    "-2147483648",
    "2147483649",
    "1700000000001",
    "[]",
    '[1,"a",[]]',
    '{"a":{"b":1.5},"c":null}',
  ])("is that of %s", (text) => {
    expect(leastLength(JSON.parse(text))).toBe(text.length);
  });

  test.each(["1e-3", "1e-400", "1e400", "5e-324", "0.1234567890123", "12345678901234"])(
    "is not certain of %s",
    (text) => {
      const least = leastLength(JSON.parse(text));
      expect(text.length - least < 5).toBe(false);
    },
  );

  test("is never more than a text has, and hides no number that a double does not hold", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0012345999"), minLength: 1, maxLength: 17 });
    const whole = digits.map((text) => text.replace(/^0+(?=.)/, ""));
    const fraction = fc.option(digits, { nil: undefined });
    const exponent = fc.option(fc.integer({ min: -330, max: 330 }), { nil: undefined });
    const numbers = fc
      .tuple(fc.boolean(), whole, fraction, exponent)
      .map(
        ([isNegative, before, after, power]) =>
          `${isNegative ? "-" : ""}${before}${after === undefined ? "" : `.${after}`}${power === undefined ? "" : `e${power}`}`,
      );
    fc.assert(
      fc.property(numbers, (text) => {
        const more = text.length - leastLength(JSON.parse(text));
        if (Number.isNaN(more)) return;
        expect(more).toBeGreaterThanOrEqual(0);
        if (more < LEAST_MORE) expect(exactNumber(text)).toBe(JSON.parse(text));
      }),
      { numRuns: 20_000 },
    );
  });

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
