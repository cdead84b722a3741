import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeClassicRecord } from "../../../core/src/wire/classic/decode.ts";
import { peekEnvelopeItems } from "../../../core/src/wire/peek-envelope.ts";
import { readClassicRecording } from "../../support/classic-recording.ts";
import { jsonValue } from "./arbitrary-messages.ts";

const withoutPlace = (text: string) =>
  peekEnvelopeItems(text)?.items.map(({ type, targets, invocationId }) => ({ type, targets, invocationId }));

const item = fc.oneof(
  fc.record({ H: fc.string(), M: fc.string(), A: fc.array(jsonValue) }),
  fc.record({ I: fc.string(), P: fc.record({ I: fc.oneof(fc.string(), fc.nat()), D: jsonValue }) }),
  jsonValue,
);
const envelope = fc.record(
  { C: fc.string(), S: fc.constant(1), T: fc.constant(1), G: fc.string(), L: fc.nat(), M: fc.array(item) },
  { requiredKeys: ["C", "M"] },
);

describe("the messages of an envelope", () => {
  test("stand where they are, and say what they are", () => {
    const text =
      ' { "C" : "d-1]", "M" : [ {"H":"Chat","M":"a","A":["]","\\"",{"M":[1]}]} , {"I":"P|7","P":{"D":3,"I":7}},"x" ] ,"G":"g"} ';
    const found = peekEnvelopeItems(text);
    expect(found?.items.map(({ start, end }) => text.slice(start, end))).toEqual([
      '{"H":"Chat","M":"a","A":["]","\\"",{"M":[1]}]}',
      '{"I":"P|7","P":{"D":3,"I":7}}',
      '"x"',
    ]);
    expect(text[(found?.start ?? 0) - 1]).toBe("[");
    expect(text[found?.end ?? 0]).toBe("]");
    expect(withoutPlace(text)).toEqual([
      { type: 1, targets: ["Chat.a"], invocationId: undefined },
      { type: 2, targets: [], invocationId: "7" },
      { type: undefined, targets: [], invocationId: undefined },
    ]);
  });

  test("are those of the platform, in any envelope written in any way", () => {
    fc.assert(
      fc.property(envelope, fc.constantFrom(undefined, 1, "\t", "\r\n"), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const found = peekEnvelopeItems(text);
        const items = found?.items.map(({ start, end }) => JSON.parse(text.slice(start, end)) as unknown);
        const { M: messages } = JSON.parse(text) as { M: unknown[] };
        expect(items).toEqual(messages);
        const without = text.slice(0, found?.start) + text.slice(found?.end);
        expect(JSON.parse(without)).toEqual({ ...(JSON.parse(text) as object), M: [] });
      }),
    );
  });

  test("of the recordings are what our decoder finds in them", () => {
    const folder = new URL("../../captures/classic/", import.meta.url);
    let compared = 0;
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".ndjson"))) {
      for (const { text, direction, decoded } of readClassicRecording(
        readFileSync(new URL(name, folder), "utf8"),
      ).decoded) {
        const { message } = decoded;
        const isDivided = direction === "in" && message.kind === "envelope" && message.hasLongNames !== true;
        if (!isDivided) {
          expect(withoutPlace(text), text).toBeUndefined();
          continue;
        }
        compared += message.messages.length;
        expect(withoutPlace(text), text).toEqual(
          message.messages.map((one) => ({
            type: one.kind === "client-invocation" ? 1 : one.kind === "progress" ? 2 : undefined,
            targets: one.kind === "client-invocation" ? [`${one.hub}.${one.method}`] : [],
            invocationId: one.kind === "progress" ? `${String(one.id)}` : undefined,
          })),
        );
        // Each by itself says the same.
        const parts = peekEnvelopeItems(text)?.items.map(({ start, end }) =>
          decodeClassicRecord(
            { kind: "text", text: `{"M":[${text.slice(start, end)}]}` },
            {
              direction,
              connection: message.messages.some(({ kind }) => kind === "data") ? "persistent" : "hubs",
            },
          ),
        );
        expect(
          parts?.flatMap((part) => (part.message.kind === "envelope" ? part.message.messages : [])),
        ).toEqual(message.messages);
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  test.for([
    "{}",
    '{"I":"0","R":1}',
    '{"H":"chat","M":"Send","A":[],"I":0}',
    '{"C":"d-1","M":"text"}',
    '{"M":[]}',
    '{"C":"d-1","M":[1,]}',
    '{"C":"d-1","M":[1 2]}',
    '{"C":"d-1","M":[1]}{"M":[]}',
    '{"C":"d-1","M":[1]',
    '{"C":"d-1","M":[1],"other":true}',
    '{"MessageId":"1","Messages":[1]}',
    "hello",
    "",
  ])("are not looked for in %s", (text) => {
    expect(peekEnvelopeItems(text)).toBeUndefined();
  });

  test("are looked for without a throw in whatever there is", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('"', "{", "}", "[", "]", ",", ":", "\\", "1", "C", "M", "H", "P"),
        }),
        (text) => void peekEnvelopeItems(`{"C":1,"M":[${text}`),
      ),
    );
  });
});
