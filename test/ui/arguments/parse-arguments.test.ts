import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonNumber } from "../../../core/src/wire/hub-message.ts";
import { parseArguments, parseReply } from "../../../ui/arguments/parse-arguments.ts";

const parsed = (text: string, protocol: "json" | "messagepack" = "json") => {
  const result = parseArguments(text, protocol);
  if (result.kind === "faulty") throw new Error(`${result.line}:${result.column} ${result.message}`);
  return result;
};

const fault = (text: string, protocol: "json" | "messagepack" = "json") => {
  const result = parseArguments(text, protocol);
  if (result.kind === "parsed") throw new Error(`was taken: ${JSON.stringify(result.arguments)}`);
  return result;
};

describe("arguments as typed", () => {
  test.for([
    ["nothing is no argument", "", []],
    ["space and comments are no argument", "  \n// later\n/* or never */ ", []],
    ["values are separated by commas", '"MSFT",\n200,\ntrue, null', ["MSFT", 200, true, null]],
    ["an array in brackets is one argument", "[1, 2]", [[1, 2]]],
    ["objects and arrays nest", '{"a": [{"b": {}}], "c": []}', [{ a: [{ b: {} }], c: [] }]],
    ["a comma at the end of anything is taken", '1, [2,], {"a": 3,},', [1, [2], { a: 3 }]],
    [
      "keys need no quotes",
      "{ symbol: 'MSFT', $limit_1: 2, null: 3, größe: 4 }",
      [{ symbol: "MSFT", $limit_1: 2, null: 3, größe: 4 }],
    ],
    ["single quotes hold double ones", `'say "hi"', 'it\\'s', "it's"`, ['say "hi"', "it's", "it's"]],
    ["escapes are those of JSON", String.raw`"a\nb\u00e9\\ \"", '\\"'`, ['a\nbé\\ "', '\\"']],
    ["a tab may stand in a text", '"a\tb"', ["a\tb"]],
    ["comments may stand anywhere", "[1, // one\n /* two */ 2]", [[1, 2]]],
    ["a comment's text may look like anything", '1 // "never closed', [1]],
    ["numbers take every form of JSON", "0, -1, 1.5, 1e3, -2.5E-2, 1.0", [0, -1, 1.5, 1000, -0.025, 1]],
    ["__proto__ is a property like any other", '{"__proto__": 1}', [JSON.parse('{"__proto__": 1}')]],
  ] as const)("%s", ([, text, expected]) => {
    expect(parsed(text).arguments).toEqual(expected);
    expect(parsed(text).uploads).toEqual([]);
  });

  test("every JSON array without its brackets is taken, and means the same", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 })), fc.constantFrom(0, 2), (values, indent) => {
        const text = JSON.stringify(values, undefined, indent).slice(1, -1);
        const expected = JSON.parse(`[${text}]`);
        // Doubles with more digits than they need keep their text; none are made here but -0, which JSON writes as 0.
        expect(parsed(text).arguments).toEqual(expected);
      }),
    );
  });

  test("no text makes it throw, and every fault has its place inside the text", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      "(",
      ")",
      ",",
      ":",
      '"',
      "'",
      "\\",
      "1",
      "-",
      ".",
      "e",
      "a",
      "stream",
      "null",
      "\n",
      " ",
      "//",
      "/*",
      "é",
      "😀",
      "\0",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        const result = parseArguments(text, "messagepack");
        if (result.kind === "parsed") return;
        expect(result.message).toMatch(/^\S.*\S$/s);
        expect(result.at).toBeGreaterThanOrEqual(0);
        expect(result.at).toBeLessThanOrEqual(text.length);
        const lines = text.slice(0, result.at).split("\n");
        expect([result.line, result.column]).toEqual([lines.length, (lines.at(-1) ?? "").length + 1]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("numbers as typed", () => {
  test("in JSON, a number that a double would round keeps its text", () => {
    const { arguments: values } = parsed(
      "9007199254740993, 412.35000000000000000001, 1e400, 9007199254740991",
    );
    expect(values).toEqual([
      new JsonNumber("9007199254740993"),
      new JsonNumber("412.35000000000000000001"),
      new JsonNumber("1e400"),
      9007199254740991,
    ]);
  });

  test("in MessagePack, an integer beyond a double's is a 64-bit integer", () => {
    const { arguments: values } = parsed(
      "9007199254740993, -9223372036854775808, 18446744073709551615",
      "messagepack",
    );
    expect(values).toEqual([9007199254740993n, -9223372036854775808n, 18446744073709551615n]);
  });

  test("MessagePack has no integer above 64 bits and no double above its range", () => {
    expect(fault("1,\n18446744073709551616", "messagepack")).toMatchObject({ line: 2, column: 1 });
    expect(fault("-9223372036854775809", "messagepack").message).toMatch(/no number as large/);
    expect(fault("1e400", "messagepack").message).toMatch(/no number as large/);
  });
});

describe("upload streams as typed", () => {
  test("stream(…) is an upload and no argument", () => {
    const { arguments: values, uploads } = parsed('"a", stream(1, {"b": 2},), 3, stream()');
    expect(values).toEqual(["a", 3]);
    expect(uploads).toEqual([[1, { b: 2 }], []]);
  });

  test("an upload is never inside another value", () => {
    expect(fault("[stream(1)]")).toMatchObject({
      column: 2,
      message: expect.stringMatching(/argument of its own/),
    });
    expect(fault("stream(stream(1))").message).toMatch(/argument of its own/);
  });

  test("an upload without its brackets says how it is written", () => {
    expect(fault("stream").message).toContain("stream(1, 2, 3)");
  });
});

describe("faults as typed", () => {
  test.for([
    ["a text that is not closed", '1,\n  "abc', 2, 3, /never closed/],
    ["two values without a comma", "1 2", 1, 3, /comma goes between/],
    ["a bracket that is not closed", "[1, 2", 1, 6, /comma or "\]" is missing/],
    ["a brace that is not closed", '{"a": 1,', 1, 1, /never closed/],
    ["a property without a value", '{"a"}', 1, 5, /colon/],
    ["a property that is there twice", '{"a": 1, "a": 2}', 1, 10, /twice/],
    ["a word that is no value", "undefined", 1, 1, /undefined is not a value/],
    ["a number that JSON does not know", "1, 0x1f", 1, 4, /0x1f is not a JSON number/],
    ["a lone comma", ", 1", 1, 1, /missing before this comma/],
    ["a bracket too many", "1]", 1, 2, /comma goes between/],
    ["an unknown escape", String.raw`"\q"`, 1, 1, /escape/],
    ["a line break in a text", '"a\nb"', 1, 1, /never closed/],
  ] as const)("%s is said with its place", ([, text, line, column, message]) => {
    expect(fault(text)).toMatchObject({ line, column, message: expect.stringMatching(message) });
  });

  test("values nested without end are a fault and no crash", () => {
    expect(fault("[".repeat(100_000)).message).toMatch(/deeper than/);
  });
});

describe("a reply as typed", () => {
  test("is one value, or none", () => {
    expect(parseReply(' "Grace" ', "json")).toEqual({ kind: "parsed", value: "Grace" });
    expect(parseReply("null", "json")).toEqual({ kind: "parsed", value: null });
    expect(parseReply(" ", "json")).toEqual({ kind: "parsed", value: undefined });
  });

  test("is not two values, and no upload", () => {
    expect(parseReply("1, 2", "json").kind).toBe("faulty");
    expect(parseReply("stream(1)", "json").kind).toBe("faulty");
  });
});
