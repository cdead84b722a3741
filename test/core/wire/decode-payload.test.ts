import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUtf8 } from "../../../core/src/bytes/utf8.ts";
import { splitLengthPrefixed } from "../../../core/src/wire/framing/length-prefix.ts";
import { splitRecordSeparated } from "../../../core/src/wire/framing/record-separator.ts";
import type { DecodedMessage } from "../../../core/src/wire/hub-codec.ts";
import { type HubMessage, JsonNumber } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import { hubMessages, jsonValue, messagePackValue } from "./arbitrary-messages.ts";
import { mutatedWires } from "./wire-mutations.ts";

const PING = '{"type":6}\u001e';
const INCOMPLETE = { message: { kind: "undecodable" }, issues: [{ code: "incomplete-at-close" }] };

/** What a payload says, record by record. */
function oneByOne(payload: string | Uint8Array): readonly unknown[] {
  if (typeof payload === "string") {
    const { records, rest } = splitRecordSeparated(payload);
    return [...records.map(({ raw }) => jsonCodec.decode(raw)), ...(rest === undefined ? [] : [INCOMPLETE])];
  }
  const { records, rest, issue } = splitLengthPrefixed(payload);
  const decoded: unknown[] = records.map(({ raw }) => messagePackCodec.decode(raw));
  if (issue !== undefined) decoded.push({ message: { kind: "undecodable" }, issues: [issue] });
  else if (rest !== undefined) decoded.push(INCOMPLETE);
  return decoded;
}

function expectSame(decoded: readonly DecodedMessage[], payload: string | Uint8Array): void {
  expect(decoded).toStrictEqual(oneByOne(payload));
}

const messages = fc.array(hubMessages(jsonValue), { maxLength: 8 });

describe("a whole payload says what its records say", () => {
  test("in JSON, whoever wrote it", () => {
    fc.assert(
      fc.property(messages, fc.constantFrom("dotnet" as const, "javascript" as const), (list, like) => {
        const payload = list.map((message) => jsonCodec.encode(message, like)).join("");
        expectSame(jsonCodec.decodePayload(payload), payload);
      }),
      { numRuns: 800 },
    );
  });

  test("in JSON with faults in it", () => {
    fc.assert(
      fc.property(mutatedWires("json"), (bytes) => {
        const payload = decodeUtf8(bytes).text;
        expectSame(jsonCodec.decodePayload(payload), payload);
        expect(jsonCodec.decodePayload(bytes).length).toBe(oneByOne(payload).length);
      }),
      { numRuns: 3000 },
    );
  });

  test("in JSON, whether the payloads before it held one record or several", () => {
    const payloads = fc.oneof(
      messages.map((list) => list.map((message) => jsonCodec.encode(message)).join("")),
      mutatedWires("json").map((bytes) => decodeUtf8(bytes).text),
    );
    fc.assert(
      fc.property(payloads, (payload) => {
        const expected = oneByOne(payload);
        for (let count = 0; count < 2000; count++) jsonCodec.decodePayload(PING);
        expect(jsonCodec.decodePayload(payload)).toStrictEqual(expected);
        jsonCodec.decodePayload(PING + PING);
        expect(jsonCodec.decodePayload(payload)).toStrictEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("in JSON whose records are no values by themselves but would be together", () => {
    const parts = [
      '{"type":6}',
      '{"type":6},{"type":6}',
      '{"type":6},{}',
      '{"type":6},',
      '{"type":6},{"',
      '":6}',
      '{"type":1,"target":"x","arguments":[{}',
      '{"type":1,"target":"x","arguments":[{  }',
      '{"type":1,"target":"x","arguments":["',
      '{"type":1,"target":"x","arguments":[1',
      '{"type":1,"target":"x","arguments":[12]}',
      "{}]}",
      "{    }]}",
      '{}]},{"type":6}',
      '{}]},{"type":1,"target":"y","arguments":[{}',
      '"]}',
      '"]},{"type":6}',
      "2]}",
      "]}",
      '2]},{"type":1,"target":"y","arguments":[3',
      "",
      " ",
      "null",
      "1,2",
    ];
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom(...parts), fc.nat(6), fc.nat(40)).map(([part, count, at]) => {
            const place = at % (part.length + 1);
            return part.slice(0, place) + " ".repeat(Math.max(0, count - 3)) + part.slice(place);
          }),
          { minLength: 2, maxLength: 7 },
        ),
        (list) => {
          const payload = `${list.join("\u001e")}\u001e`;
          expectSame(jsonCodec.decodePayload(payload), payload);
        },
      ),
      { numRuns: 6000 },
    );
  });

  test("in JSON with a number that a double does not hold, and a name that comes twice", () => {
    const records = [
      '{"type":2,"invocationId":"1","item":1}',
      '{"type":2,"invocationId":"1","item":9007199254740993}',
      '{"type":2,"invocationId":"1","item":1e400}',
      '{"type":2,"invocationId":"1","invocationId":"2","item":1}',
    ];
    const decoded = jsonCodec.decodePayload(records.map((record) => `${record}\u001e`).join(""));
    expect(decoded.map(({ message }) => message.kind === "stream-item" && message.item)).toEqual([
      1,
      new JsonNumber("9007199254740993"),
      new JsonNumber("1e400"),
      1,
    ]);
    expect(decoded.map(({ issues }) => issues.map(({ code }) => code))).toEqual([
      [],
      [],
      [],
      ["duplicate-key"],
    ]);
  });

  test("in MessagePack", () => {
    fc.assert(
      fc.property(fc.array(hubMessages(messagePackValue), { maxLength: 8 }), (list) => {
        const records = list.map((message) => messagePackCodec.encode(message));
        const payload = Uint8Array.from(records.flatMap((record) => [...(record as Uint8Array)]));
        expectSame(messagePackCodec.decodePayload(payload), payload);
      }),
      { numRuns: 800 },
    );
  });

  test("in MessagePack with faults in it", () => {
    fc.assert(
      fc.property(mutatedWires("messagepack"), fc.nat(7), (bytes, before) => {
        // Somewhere within its memory, as a view is.
        const memory = new Uint8Array(bytes.length + before);
        memory.set(bytes, before);
        const payload = memory.subarray(before);
        expectSame(messagePackCodec.decodePayload(payload), payload);
      }),
      { numRuns: 5000 },
    );
  });

  test("in MessagePack of many texts, wherever it lies in memory, and again when its bytes have changed", () => {
    const words = [
      "ReceiveMessage from a hub",
      "привет, как дела сегодня",
      "short",
      "x".repeat(1100),
      "🎉".repeat(30),
    ];
    const list = Array.from({ length: 400 }, (_, index): HubMessage => {
      const text = `${words[index % words.length]} ${index}`;
      return {
        kind: "invocation",
        target: "Say",
        arguments: [text, { [`name of ${index % 7}`]: text, ok: index }],
      };
    });
    const bytes = list.flatMap((message) => [...(messagePackCodec.encode(message) as Uint8Array)]);
    for (let before = 0; before < 5; before++) {
      const payload = Uint8Array.from([...new Array<number>(before).fill(0), ...bytes]).subarray(before);
      const decoded = messagePackCodec.decodePayload(payload);
      expect(decoded.map(({ message }) => message)).toEqual(list);
      for (let at = 0; at < payload.length; at++) if (payload[at] === 0x68) payload[at] = 0x48;
      expectSame(messagePackCodec.decodePayload(payload), payload);
      expect(messagePackCodec.decodePayload(payload)).not.toEqual(decoded);
    }
  });

  test("in MessagePack of maps with the same number of other names", () => {
    const names = ["a", "", "é", "\u0000", "ab", "aé", "__proto__", "a".repeat(70)];
    const message = fc
      .uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
      .map((list): HubMessage => {
        const item = Object.fromEntries(list.map((name) => [name, 1]));
        return { kind: "stream-item", invocationId: "1", item };
      });
    fc.assert(
      fc.property(fc.array(message, { minLength: 2, maxLength: 30 }), (list) => {
        const bytes = list.flatMap((one) => [...(messagePackCodec.encode(one) as Uint8Array)]);
        const decoded = messagePackCodec.decodePayload(Uint8Array.from(bytes));
        expect(decoded.map((one) => one.message)).toStrictEqual(list);
      }),
      { numRuns: 500 },
    );
  });

  test("also where it is of the other kind", () => {
    const [text] = messagePackCodec.decodePayload("x");
    expect(text?.issues.map(({ code }) => code)).toEqual(["wrong-payload-type"]);
    const bytes = new TextEncoder().encode('{"type":6}\u001e{"ty');
    expect(jsonCodec.decodePayload(bytes)).toEqual([{ message: { kind: "ping" }, issues: [] }, INCOMPLETE]);
    expect(jsonCodec.decodePayload("")).toEqual([]);
    expect(messagePackCodec.decodePayload(new Uint8Array())).toEqual([]);
  });
});

describe("the index of a whole payload", () => {
  test("is that of its records, with the payload's offsets", () => {
    fc.assert(
      fc.property(fc.array(hubMessages(jsonValue), { maxLength: 6 }), (list) => {
        for (const codec of [jsonCodec, messagePackCodec]) {
          const records = list.map((message) => codec.encode(message));
          const payload =
            codec === jsonCodec
              ? records.join("")
              : Uint8Array.from(records.flatMap((record) => [...(record as Uint8Array)]));
          const split =
            typeof payload === "string" ? splitRecordSeparated(payload) : splitLengthPrefixed(payload);
          let from = 0;
          const wanted = split.records.map(({ raw, size }) => {
            const index = codec.index(raw);
            const length = raw.kind === "text" ? raw.text.length : raw.bytes.length;
            const start = raw.kind === "text" ? from : from + size - length;
            from += raw.kind === "text" ? length + 1 : size;
            return index.end === 0 ? index : { ...index, start: index.start + start, end: index.end + start };
          });
          expect(codec.indexPayload(payload)).toEqual(wanted);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
