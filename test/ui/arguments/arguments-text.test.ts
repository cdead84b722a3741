import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import { Extension, JsonNumber, Timestamp, type WireValue } from "../../../core/src/wire/hub-message.ts";
import { argumentsText } from "../../../ui/arguments/arguments-text.ts";
import { parseArguments } from "../../../ui/arguments/parse-arguments.ts";

function readBack(values: readonly WireValue[], protocol: HubProtocolName): readonly WireValue[] {
  const { text, secrets } = argumentsText(values);
  const parsed = parseArguments(text, protocol, secrets);
  if (parsed.kind === "faulty") throw new Error(`${parsed.message} in ${text}`);
  expect(parsed.uploads).toEqual([]);
  return parsed.arguments;
}

describe("arguments of a captured message as text", () => {
  test("every JSON value comes back as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 })), (values) => {
        // JSON writes -0 as 0 and a long double with its own digits; the parser keeps those digits.
        const plain = JSON.parse(JSON.stringify(values)) as readonly WireValue[];
        expect(JSON.stringify(asPlain(readBack(plain, "json")))).toBe(JSON.stringify(plain));
      }),
    );
  });

  test.for([
    ["bytes", new Uint8Array([0, 1, 254, 255])],
    ["no bytes", new Uint8Array()],
    ["a timestamp", new Timestamp(1795262671, 438219000)],
    ["a timestamp before 1970", new Timestamp(-1, 999_999_999)],
    ["a timestamp of another calendar", new Timestamp(2n ** 60n, 5)],
    ["an extension", new Extension(-100, new Uint8Array([1, 2, 3]))],
    [
      "a map with odd keys",
      new Map<WireValue, WireValue>([
        [1, "one"],
        [null, [2]],
      ]),
    ],
    ["an integer beyond a double", 9007199254740993n],
    ["not a number", Number.NaN],
    ["infinity", [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ["minus zero", -0],
    ["__proto__ as a property", JSON.parse('{"__proto__": {"a": 1}}')],
    ["separators and odd quotes", "\u2028 \ud800 ' \" \\ \t \u001e"],
  ] as const)("MessagePack: %s comes back as it was", ([, value]) => {
    expect(readBack([value, { inside: value }], "messagepack")).toEqual([value, { inside: value }]);
  });

  test("a JSON number that a double cannot hold keeps its text", () => {
    const numbers = [new JsonNumber("123456789012345678901"), new JsonNumber("0.12345678901234567890123")];
    expect(readBack(numbers, "json")).toEqual(numbers);
  });

  test("what is short stands on one line, what is long on several", () => {
    expect(argumentsText(["MSFT", { limit: 412.35, tif: "Day" }]).text).toBe(
      '"MSFT",\n{"limit": 412.35, "tif": "Day"}',
    );
    expect(argumentsText([{ first: "x".repeat(40), second: ["y".repeat(30)] }]).text).toBe(
      `{\n  "first": "${"x".repeat(40)}",\n  "second": ["${"y".repeat(30)}"]\n}`,
    );
  });

  test("secrets are not written, and come back all the same", () => {
    const values = ["Bearer abcdefghijklmnop1234567890", { access_token: "plain-secret", user: "ann" }];
    const { text } = argumentsText(values);
    expect(text).toBe('secret(1),\n{"access_token": secret(2), "user": "ann"}');
    expect(readBack(values, "json")).toEqual(values);
  });
});

describe("what JSON has no word for", () => {
  const fault = (text: string, protocol: HubProtocolName) => {
    const parsed = parseArguments(text, protocol);
    return parsed.kind === "faulty" ? `${parsed.line}:${parsed.column} ${parsed.message}` : "was taken";
  };

  test.for([
    ['1, bytes("AAEC")', "json", "1:4 JSON has no bytes. Write what the hub expects instead."],
    ["NaN", "json", "1:1 JSON has no NaN."],
    ['bytes("A")', "messagepack", '1:1 Bytes are written bytes("base64").'],
    [
      'timestamp("yesterday")',
      "messagepack",
      '1:1 A timestamp is written timestamp("2026-11-21T12:04:31.5Z").',
    ],
    [
      'ext(200, "AA==")',
      "messagepack",
      '1:1 An extension is written ext(5, "base64"), its type from -128 to 127.',
    ],
    ["map(1)", "messagepack", "1:1 A map is written map([key, value], [key, value])."],
    ["date(1)", "messagepack", "1:1 date is not a value. Texts go in quotes."],
    ["constructor(1)", "messagepack", "1:1 constructor is not a value. Texts go in quotes."],
    ["secret(1)", "json", "1:1 No secret of a captured message has this number. Write the text in quotes."],
    ["[stream(1)]", "json", "1:2 An upload stream is an argument of its own."],
  ] as const)("%s in %s", ([text, protocol, expected]) => {
    expect(fault(text, protocol)).toBe(expected);
  });
});

/** Numbers that the parser kept as text, as JSON.stringify would write them. */
function asPlain(value: WireValue): WireValue {
  if (value instanceof JsonNumber) return Number(value.source);
  if (Array.isArray(value)) return value.map(asPlain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asPlain(item)]));
}
