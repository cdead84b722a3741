import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../../../core/src/bytes/concat.ts";
import { encodeUtf8 } from "../../../core/src/bytes/utf8.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import { type PeekedRecord, peekRecords } from "../../../core/src/wire/peek-records.ts";
import { hubMessages, jsonValue, messagePackValue } from "./arbitrary-messages.ts";

const TYPES: Partial<Record<HubMessage["kind"], number>> = {
  invocation: 1,
  "stream-item": 2,
  completion: 3,
  "stream-invocation": 4,
  "cancel-invocation": 5,
  ping: 6,
  close: 7,
  ack: 8,
  sequence: 9,
};

/** What a peek must tell of a message. */
function toldOf(message: HubMessage) {
  return {
    type: TYPES[message.kind],
    targets: "target" in message ? [message.target] : [],
    invocationId: "invocationId" in message ? message.invocationId : undefined,
  };
}

function withoutPlace({ type, targets, invocationId }: PeekedRecord) {
  return { type, targets, invocationId };
}

describe("a peek", () => {
  test("tells of any batch of JSON records what the codec tells", () => {
    fc.assert(
      fc.property(fc.array(hubMessages(jsonValue), { minLength: 1, maxLength: 5 }), (messages) => {
        const texts = messages.map((message) => `${jsonCodec.encode(message)}`);
        const payload = texts.join("");
        const records = peekRecords(payload);
        expect(records?.map(withoutPlace)).toEqual(messages.map(toldOf));
        expect(records?.map(({ start, end }) => payload.slice(start, end))).toEqual(texts);
      }),
    );
  });

  test("tells of any batch of MessagePack records what the codec tells", () => {
    fc.assert(
      fc.property(fc.array(hubMessages(messagePackValue), { minLength: 1, maxLength: 5 }), (messages) => {
        const pieces = messages.map((message) => messagePackCodec.encode(message) as Uint8Array);
        const payload = concatBytes(pieces);
        const records = peekRecords(payload);
        expect(records?.map(withoutPlace)).toEqual(messages.map(toldOf));
        expect(records?.map(({ start, end }) => [...payload.subarray(start, end)])).toEqual(
          pieces.map((piece) => [...piece]),
        );
      }),
    );
  });

  test("never throws, whatever it is given", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void peekRecords(bytes)));
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('"', "{", "}", "[", "]", ",", ":", "\\", "\u001e", "1", "H", "M"),
        }),
        (text) => void peekRecords(text),
      ),
    );
  });

  test("finds the type behind arguments, as the JavaScript client writes it, and not within them", () => {
    const [record] = peekRecords(
      '{ "arguments" : [{"type":7,"target":"No"},"}\\""] , "tar\\u0067et":"Send", "type": 1 }\u001e',
    ) ?? [undefined];
    expect(record).toMatchObject({ type: 1, targets: ["Send"], invocationId: undefined });
  });

  test.for(['{"protocol":"json","version":1}\u001e', "{}\u001e", '{"error":"no"}\u001e'])(
    "%j is a handshake, as text and as bytes",
    (text) => {
      const ping = messagePackCodec.encode({ kind: "ping" }) as Uint8Array;
      expect(peekRecords(text)).toMatchObject([{ type: 0 }]);
      expect(peekRecords(concatBytes([encodeUtf8(text), ping]))).toMatchObject([{ type: 0 }, { type: 6 }]);
    },
  );

  test("a MessagePack record of 123 bytes is no handshake", () => {
    const message: HubMessage = { kind: "invocation", target: "T", arguments: ["x".repeat(113)] };
    const bytes = messagePackCodec.encode(message) as Uint8Array;
    expect(bytes[0]).toBe(0x7b);
    expect(peekRecords(bytes)).toMatchObject([{ type: 1, targets: ["T"] }]);
  });

  test("what is not made of whole records is not divided", () => {
    expect(peekRecords('{"type":6}\u001e{"type"')).toBeUndefined();
    expect(peekRecords("hello")).toBeUndefined();
    expect(peekRecords(new Uint8Array([5, 0x91]))).toBeUndefined();
    expect(peekRecords(new Uint8Array([0x80, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBeUndefined();
  });

  test("what falls into many records that say nothing is no hub's", () => {
    for (const byte of [0, 1, 7]) {
      expect(peekRecords(new Uint8Array(65_536).fill(byte)), `bytes of ${byte}`).toBeUndefined();
    }
    expect(peekRecords("\u001e".repeat(65_536))).toBeUndefined();
    // One that speaks is enough: what is broken around it keeps its place.
    const ping = messagePackCodec.encode({ kind: "ping" }) as Uint8Array;
    expect(peekRecords(concatBytes([ping, new Uint8Array(2_000)]))).toHaveLength(2_001);
    expect(peekRecords('{"type":6}\u001e'.repeat(2_000))).toHaveLength(2_000);
  });

  test("a record whose content is broken keeps its place, and says nothing", () => {
    const ping = messagePackCodec.encode({ kind: "ping" }) as Uint8Array;
    const records = peekRecords(concatBytes([new Uint8Array([2, 0xc1, 0]), ping]));
    expect(records).toMatchObject([
      { start: 0, end: 3, type: undefined },
      { start: 3, type: 6 },
    ]);
    expect(peekRecords('nonsense\u001e{"type":6}\u001e')).toMatchObject([{ type: undefined }, { type: 6 }]);
  });

  test.for([
    ["{}", 6, [], undefined],
    ['{"H":"chat","M":"Send","A":["x"],"I":3}', 1, ["chat.Send"], "3"],
    [
      '{"C":"d-1","M":[{"H":"Chat","M":"a","A":[{"M":"no"}]},{"H":"Chat","M":"b","A":[]}]}',
      1,
      ["Chat.a", "Chat.b"],
      undefined,
    ],
    ['{"I":"3","R":{"x":1}}', 3, [], "3"],
    ['{"C":"d-1","S":1,"M":[]}', undefined, [], undefined],
    ['{"C":"d-1","M":["of","the","application"]}', undefined, [], undefined],
  ] as const)("the classic envelope %s is of type %s and calls %j", ([text, type, targets, invocationId]) => {
    expect(peekRecords(text)).toEqual([{ start: 0, end: text.length, type, targets, invocationId }]);
  });
});
