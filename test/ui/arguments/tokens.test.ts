import fc from "fast-check";
import { expect, test } from "vitest";
import { isKey, tokensOf } from "../../../ui/arguments/tokens.ts";
import { processorTime } from "../../support/processor-time.ts";

test("the tokens of any text are the text", () => {
  const rich = fc.string({ unit: fc.constantFrom(..."{}[]():,\"'\\/*-+.1e a\n\u{1f600}é$_") });
  fc.assert(
    fc.property(rich, (text) => {
      const tokens = tokensOf(text);
      expect(tokens.map((token) => token.text).join("")).toBe(text);
      let at = 0;
      for (const token of tokens) {
        expect(token.at).toBe(at);
        expect(token.text.length).toBeGreaterThan(0);
        at += token.text.length;
      }
    }),
  );
});

test("a name before a colon is a key, the same name as a value is not", () => {
  const tokens = tokensOf('{ "a" /* so */ : "a" }');
  expect(tokens.map((_, index) => isKey(tokens, index)).filter(Boolean)).toHaveLength(1);
  expect(isKey(tokens, 2)).toBe(true);
});

test("a text of a hundred thousand characters is read in a blink", () => {
  const started = processorTime();
  tokensOf('"'.repeat(50_000) + "(".repeat(50_000));
  tokensOf(`/*${"*".repeat(100_000)}`);
  expect(processorTime() - started).toBeLessThan(2000);
});
