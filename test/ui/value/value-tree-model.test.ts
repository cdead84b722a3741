import { describe, expect, test } from "vitest";
import { JsonNumber, Timestamp } from "../../../core/src/wire/hub-message.ts";
import { valueText } from "../../../ui/value/value-text.ts";
import { createValueTreeModel } from "../../../ui/value/value-tree-model.ts";

const tree = (value: unknown) => createValueTreeModel([{ label: "result", key: "result", value }]);
const labels = (model: ReturnType<typeof tree>) => model.lines.value.map(({ label }) => label);

describe("value tree", () => {
  test("a small value is open at first", () => {
    expect(labels(tree({ id: 1, fills: [{ qty: 2 }] }))).toEqual(["result", "id", "fills", "0", "qty"]);
  });

  test("a large array opens as ranges of a hundred, and a range as its items", () => {
    const model = tree(Array.from({ length: 250 }, (_, index) => index));
    expect(labels(model)).toEqual(["result", "0 … 99", "100 … 199", "200 … 249"]);
    model.toggle("/result/200…");
    expect(model.lines.value).toHaveLength(54);
    expect(model.lines.value.at(-1)).toMatchObject({ label: "249", value: 249, level: 3, siblings: 50 });
  });

  test("an array of a million items stays a hundred lines", () => {
    const model = tree(Array.from({ length: 1_000_000 }, () => 0));
    expect(model.lines.value).toHaveLength(101);
    expect(model.lines.value[1]?.label).toBe("0 … 9,999");
  });

  test("the arrow keys open, enter, leave and close", () => {
    const model = tree({ a: { b: 1 } });
    model.press("ArrowLeft");
    expect(labels(model)).toEqual(["result"]);
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"]) model.press(key);
    expect(model.active.value).toBe("/result/a/b");
    model.press("ArrowLeft");
    expect(model.active.value).toBe("/result/a");
    model.press("Home");
    expect(model.active.value).toBe("/result");
    expect(model.press("x")).toBe(false);
  });

  test("closing what holds the active line makes the first line active", () => {
    const model = tree({ a: { b: 1 } });
    model.activate("/result/a/b");
    model.toggle("/result");
    expect(model.active.value).toBe("/result");
  });

  test("a map with odd keys shows them", () => {
    expect(
      labels(
        tree(
          new Map<unknown, unknown>([
            [7, "a"],
            [[1], "b"],
          ]),
        ),
      ),
    ).toEqual(["result", "7", "[1]"]);
  });
});

describe("valueText", () => {
  test.for([
    ["text", { role: "string", text: '"text"' }],
    [12n, { role: "number", text: "12", hint: "64-bit integer" }],
    [
      new JsonNumber("1e400"),
      { role: "number", text: "1e400", hint: "exact as written; a double would round it" },
    ],
    [new Timestamp(1, 0), { role: "word", text: "1970-01-01T00:00:01Z", hint: "timestamp" }],
    [Uint8Array.of(1, 2), { role: "word", text: "bin(2)", hint: "01 02" }],
    [null, { role: "word", text: "null" }],
    [[1, 2], { role: "quiet", text: "[2]" }],
    [{}, { role: "quiet", text: "{0}" }],
  ] as const)("%o", ([value, text]) => {
    expect(valueText(value)).toEqual(text);
  });

  test("characters that would turn the line around are escaped", () => {
    expect(valueText("\u202egnp.exe").text).toBe('"\\u202egnp.exe"');
  });

  test("a token is not shown", () => {
    expect(valueText("https://host/hub?access_token=secret").text).toBe(
      '"https://host/hub?access_token=•••"',
    );
  });

  test("a long string is cut and says so", () => {
    const { text, hint } = valueText("x".repeat(5000));
    expect(text).toHaveLength(4003);
    expect(hint).toBe("5,000 characters; all of them are under Raw");
  });
});
