import { describe, expect, test } from "vitest";
import { Extension, JsonNumber, Timestamp } from "../../../core/src/wire/hub-message.ts";
import { jsonText } from "../../../ui/value/json-text.ts";

describe("jsonText", () => {
  test.for([
    ["a string", 'say "hi"\n', '"say \\"hi\\"\\n"'],
    ["a 64-bit integer with all digits", 9223372036854775807n, "9223372036854775807"],
    [
      "an exact number as it was written",
      new JsonNumber("1.000000000000000000001"),
      "1.000000000000000000001",
    ],
    ["bytes as base64", Uint8Array.of(1, 2, 255), '"AQL/"'],
    ["a timestamp as ISO 8601", new Timestamp(0, 500_000_000), '"1970-01-01T00:00:00.5Z"'],
    ["an extension by type and bytes", new Extension(5, Uint8Array.of(1)), '{"type":5,"base64":"AQ=="}'],
    ["infinity as a string", Number.POSITIVE_INFINITY, '"Infinity"'],
    ["minus zero", -0, "-0"],
    ["null", null, "null"],
    ["a map with odd keys as pairs", new Map<unknown, unknown>([[1, "a"]]), '[[1,"a"]]'],
    ["empty containers", [[], {}], "[[],{}]"],
  ] as const)("%s", ([, value, text]) => {
    expect(jsonText(value, 0)).toBe(text);
    expect(() => JSON.parse(jsonText(value))).not.toThrow();
  });

  test("it is indented as JSON.stringify does", () => {
    const value = { a: [1, { b: null }], c: "x", d: [], "": true };
    expect(jsonText(value)).toBe(JSON.stringify(value, null, 2));
  });
});
