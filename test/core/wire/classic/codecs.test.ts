import { expect, test } from "vitest";
import { createClassicCodec } from "../../../../core/src/wire/classic/codec.ts";
import { createIrisCodec } from "../../../../core/src/wire/iris/codec.ts";
import { plainCodec } from "../../../../core/src/wire/plain/codec.ts";

const text = (content: string) => ({ kind: "text", text: content }) as const;

test("each codec reads and writes its own, by the direction where that matters", () => {
  const classic = createClassicCodec("hubs");
  expect(classic.decode(text("{}"), "in").message).toEqual({ kind: "keep-alive" });
  expect(classic.decode(text("{}"), "out").message).toEqual({ kind: "undecodable", value: {} });
  expect(createClassicCodec("persistent").decode(text("{}"), "out").message).toEqual({
    kind: "persistent-data",
    text: "{}",
  });
  const iris = createIrisCodec("x:");
  const { message } = iris.decode(text("x:e;2;true"), "in");
  expect(message).toMatchObject({ kind: "iris-event", value: true });
  expect(iris.encode(message)).toBe("x:e;2;true");
  expect(plainCodec.encode(plainCodec.decode(text("[1]\n")).message)).toBe("[1]\n");
  expect([classic, iris, plainCodec].map(({ name, transferFormat }) => [name, transferFormat])).toEqual([
    ["classic", "text"],
    ["iris", "text"],
    ["plain", "text"],
  ]);
});

test("a call by WebSocket may have 64 KiB, which a reply may exceed", () => {
  const classic = createClassicCodec("hubs");
  const call = (length: number) => text(`{"H":"h","M":"m","A":["${"é".repeat(length)}"],"I":0}`);
  const most = (65_536 - 31) / 2;
  expect(classic.decode(call(Math.floor(most)), "out").issues).toEqual([]);
  expect(classic.decode(call(Math.ceil(most) + 1), "out").issues).toMatchObject([
    { code: "over-size-limit" },
  ]);
  expect(classic.decode(text(`{"R":"${"a".repeat(70_000)}","I":"0"}`), "in").issues).toEqual([]);
});
