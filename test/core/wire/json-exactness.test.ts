import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonNumber } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { decodeThoroughly } from "../../../core/src/wire/json/decode.ts";
import { parseExactly } from "../../../core/src/wire/json/exact-parser.ts";
import { exactNumber, mayHoldInexactNumbers } from "../../../core/src/wire/json/numbers.ts";

describe("numbers", () => {
  test.for([
    "0",
    "-0",
    "1.0",
    "1e2",
    "1E+2",
    "0.1",
    "-12.50",
    "9007199254740991",
    "9007199254740992",
    "0.30000000000000004",
    "1.7976931348623157e308",
    "5e-324",
    "1e300",
    "100000000000000000000",
    "0e999",
    "0.000e-400",
    "1000000000000000000000000",
    "0.1000000000000000000000000",
  ])("%s is a number", (source) => {
    // toBe tells minus zero from zero.
    expect(exactNumber(source)).toBe(JSON.parse(source));
  });

  test.for([
    "9007199254740993",
    "-9007199254740993",
    "18446744073709551615",
    "0.1234567890123456789012345678",
    "79228162514264337593543950335",
    "1e309",
    "-1e400",
    "1e-400",
    "1e999999999",
    "1e-999999999",
    "3.14159265358979323846",
    "0.1000000000000000055511151231257827",
  ])("%s keeps its text", (source) => {
    expect(exactNumber(source)).toEqual(new JsonNumber(source));
  });

  test("every double survives, and the quick test misses no inexact number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
        expect(exactNumber(JSON.stringify(double))).toBe(Object.is(double, -0) ? 0 : double);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(30), (integer, places) => {
        const digits = String(integer);
        const source = places === 0 ? digits : `${digits}.${"7".repeat(places)}`;
        const held = exactNumber(source);
        if (held instanceof JsonNumber) expect(mayHoldInexactNumbers(source)).toBe(true);
        else if (places === 0) expect(String(held) === digits || BigInt(held) === integer).toBe(true);
      }),
    );
  });

  test("digits within strings are no numbers", () => {
    const record = { kind: "text", text: '{"type":2,"invocationId":"1","item":"9007199254740993"}' } as const;
    expect(jsonCodec.decode(record).message).toMatchObject({ item: "9007199254740993" });
  });
});

describe("the exact parser", () => {
  test("agrees with JSON.parse on everything that JSON.parse takes", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom("", " ", "\t\r\n"), (text, space) => {
        const padded = space + text + space;
        const { value, end, fault } = parseExactly(padded);
        expect({ end, fault }).toEqual({ end: padded.length, fault: undefined });
        if (!mayHoldInexactNumbers(text)) expect(value).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  test("refuses what JSON.parse refuses, wherever it is damaged", () => {
    const text = '{"a":[1,-2.5e+3,"x\\u00e9\\n",true,null],"b":{"c":false}}';
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom(...'"\\,:]}[{ 0-+.eEtu\u0001\u001f\ufeff'),
        (at, character) => {
          const damaged = text.slice(0, at) + character + text.slice(at + 1);
          const { end, fault } = parseExactly(damaged);
          let isJson = true;
          try {
            JSON.parse(damaged);
          } catch {
            isJson = false;
          }
          expect(fault === undefined && end === damaged.length).toBe(isJson);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("says where the fault is and what was wanted", () => {
    expect(parseExactly('{"a":1,}').fault).toEqual({
      code: "not-json",
      at: 7,
      detail: 'expected a property name, found "}"',
    });
    expect(parseExactly("\ufeff{}").fault).toMatchObject({ code: "not-json", at: 0 });
    expect(parseExactly("[1").fault?.detail).toBe("expected ',' or ']', found the end");
  });
});

describe("names", () => {
  test("a repeated name of the record is an issue, and the last one counts", () => {
    const record = { kind: "text", text: '{"type":1,"target":"a","target":"b","arguments":[]}' } as const;
    const { message, issues } = jsonCodec.decode(record);
    expect(message).toMatchObject({ target: "b" });
    expect(issues).toEqual([{ code: "duplicate-key", field: "target", at: 23 }]);
  });

  test.for([
    ['{"type":1,"target":"a","arguments":5,"arguments":[1]}', "arguments", 37],
    ['{"type":1,"target":"a","arguments":{"b":[1]},"arguments":[1]}', "arguments", 45],
    ['{"type":1,"target":"a","arguments":[1], "arguments":[1]}', "arguments", 40],
    ['{"type":2,"invocationId":"1","item":"text","item":{"a":1}}', "item", 43],
    ['{"type":3,"invocationId":"1","result":[{}],"result":{"a":1}}', "result", 43],
  ] as const)("the content that counts is the last one in %s", ([text, field, at]) => {
    const issues = [{ code: "duplicate-key", field, at }];
    expect(jsonCodec.decode({ kind: "text", text }).issues).toEqual(issues);
    expect(decodeThoroughly({ kind: "text", text }).issues).toEqual(issues);
  });

  test("a name that is also a value, or stands deeper, is not repeated", () => {
    const text = '{"type":1,"target":"target","arguments":[{"type":1,"arguments":"type"}]}';
    expect(jsonCodec.decode({ kind: "text", text }).issues).toEqual([]);
  });

  test.for([
    '{"type":2,"invocationId":"1","item":{"__proto__":{"x":1}}}',
    '{"type":2,"invocationId":"1","item":{"__proto__":{"x":1},"n":9007199254740993}}',
  ])("__proto__ is own data in %s", (text) => {
    const { message } = jsonCodec.decode({ kind: "text", text });
    const item = message.kind === "stream-item" ? (message.item as object) : {};
    expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(item, "__proto__")?.value).toEqual({ x: 1 });
  });

  test("__proto__ beside the fields of a message is kept in extra, as own data", () => {
    const text = '{"type":6,"__proto__":{"polluted":true}}';
    const { message } = jsonCodec.decode({ kind: "text", text });
    const extra = message.kind === "ping" ? (message.extra as object) : {};
    expect(Object.keys(extra)).toEqual(["__proto__"]);
    expect("polluted" in extra).toBe(false);
    expect(jsonCodec.encode(message)).toBe(`${text}\u001e`);
  });
});
