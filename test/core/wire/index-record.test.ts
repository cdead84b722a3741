import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { DecodeIssue } from "../../../core/src/wire/decode-issue.ts";
import { splitLengthPrefixed } from "../../../core/src/wire/framing/length-prefix.ts";
import { splitRecordSeparated } from "../../../core/src/wire/framing/record-separator.ts";
import type { DecodedMessage, HubCodec, RawRecord } from "../../../core/src/wire/hub-codec.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { decodeThoroughly as decodeJsonThoroughly } from "../../../core/src/wire/json/decode.ts";
import { encodeThoroughly } from "../../../core/src/wire/json/encode.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import { decodeThoroughly as decodePackThoroughly } from "../../../core/src/wire/messagepack/decode.ts";
import json from "../../vectors/json-hub-protocol.json" with { type: "json" };
import messagePack from "../../vectors/messagepack-hub-protocol.json" with { type: "json" };
import { hubMessages, jsonValue, messagePackValue } from "./arbitrary-messages.ts";
import { factsOf, headOf } from "./record-facts.ts";
import { hex } from "./vector-values.ts";

interface Protocol {
  readonly codec: HubCodec;
  readonly thorough: (record: RawRecord) => DecodedMessage;
  readonly vectors: readonly RawRecord[];
  readonly messages: fc.Arbitrary<HubMessage>;
}

function recordsOf(encoded: string | Uint8Array): readonly RawRecord[] {
  const { records } =
    typeof encoded === "string" ? splitRecordSeparated(encoded) : splitLengthPrefixed(encoded);
  return records.map(({ raw }) => raw);
}

const protocols: readonly Protocol[] = [
  {
    codec: jsonCodec,
    thorough: decodeJsonThoroughly,
    vectors: json.flatMap(({ wire }) => recordsOf(wire)),
    messages: hubMessages(jsonValue),
  },
  {
    codec: messagePackCodec,
    thorough: decodePackThoroughly,
    vectors: messagePack.flatMap(({ wire }) => recordsOf(hex(wire))),
    messages: hubMessages(messagePackValue),
  },
];

/** What only the content can tell; `extra-items` and the like always force a full decode. */
const HIDDEN = new Set([
  "not-json",
  "not-messagepack",
  "too-deep",
  "duplicate-key",
  "trailing-data",
  "wrong-field-type",
  "null-field",
  "result-and-error",
  "invalid-utf8",
]);

function expectAgreement({ codec, thorough }: Protocol, record: RawRecord, isWhole: boolean): void {
  const quick = codec.decode(record);
  const exact = thorough(record);
  expect(quick.message).toStrictEqual(exact.message);
  // Names repeated within the content are an issue only where the exact parser runs anyway.
  const isDeeper = ({ code }: DecodeIssue) => codec === jsonCodec && code === "duplicate-key";
  expect(quick.issues.filter((issue) => !isDeeper(issue))).toEqual(
    exact.issues.filter((issue) => !isDeeper(issue)),
  );
  const { head, full, start, end } = codec.index(record);
  if (full !== undefined) {
    expect(full).toEqual(quick);
    expect(head).toBe(full.message);
    return;
  }
  const hidden = quick.issues.filter(({ code }) => HIDDEN.has(code));
  if (isWhole) expect(hidden).toEqual([]);
  if (hidden.length === 0) expect(head).toStrictEqual(headOf(quick.message));
  if (hidden.length === 0 && end > 0)
    expect(contentOf(record, start, end, codec)).toStrictEqual(content(quick.message));
}

/** The range holds the content and nothing else. */
function contentOf(record: RawRecord, start: number, end: number, codec: HubCodec): unknown {
  if (record.kind === "text") {
    const item = jsonCodec.decode({
      kind: "text",
      text: `{"type":2,"invocationId":"1","item":${record.text.slice(start, end)}}`,
    });
    return item.message.kind === "stream-item" ? item.message.item : item;
  }
  const prefix = [0x94, 0x02, 0x80, 0xa1, 0x31];
  const bytes = Uint8Array.of(...prefix, ...record.bytes.subarray(start, end));
  const { message } = codec.decode({ kind: "binary", bytes });
  return message.kind === "stream-item" ? message.item : message;
}

function content(message: HubMessage): unknown {
  switch (message.kind) {
    case "invocation":
    case "stream-invocation":
      return message.arguments;
    case "stream-item":
      return message.item;
    case "completion":
      return message.outcome.kind === "result" ? message.outcome.value : undefined;
    default:
      return undefined;
  }
}

for (const protocol of protocols) {
  const { codec, vectors, messages } = protocol;

  describe(`${codec.name}: index, quick and thorough decode agree`, () => {
    test("on every vector", () => {
      expect(vectors.length).toBeGreaterThanOrEqual(100);
      for (const record of vectors) expectAgreement(protocol, record, false);
    });

    test("on every message, as either side writes it", () => {
      fc.assert(
        fc.property(messages, fc.constantFrom("dotnet" as const, "javascript" as const), (message, like) => {
          for (const record of recordsOf(codec.encode(message, like)))
            expectAgreement(protocol, record, true);
        }),
        { numRuns: 1500 },
      );
    });

    test("on messages with a fault in them", () => {
      fc.assert(
        fc.property(messages, fc.nat(), fc.nat(255), fc.boolean(), (message, position, byte, isInserted) => {
          const [record] = recordsOf(codec.encode(message));
          if (record === undefined) return;
          expectAgreement(protocol, mutated(record, position, byte, isInserted), false);
        }),
        { numRuns: 4000 },
      );
    });
  });
}

/** Text gets characters that JSON is made of, so that it often stays JSON. */
const JSON_CHARACTERS = '{}[]",:\\ 0123456789eE.-+tfn';

function mutated(record: RawRecord, position: number, byte: number, isInserted: boolean): RawRecord {
  if (record.kind === "text") {
    const at = position % record.text.length;
    const character = JSON_CHARACTERS[byte % JSON_CHARACTERS.length] ?? "";
    return {
      kind: "text",
      text: record.text.slice(0, at) + character + record.text.slice(isInserted ? at : at + 1),
    };
  }
  const at = position % record.bytes.length;
  const behind = record.bytes.subarray(isInserted ? at : at + 1);
  return { kind: "binary", bytes: Uint8Array.of(...record.bytes.subarray(0, at), byte, ...behind) };
}

test("a JSON message is written quickly as it is written thoroughly", () => {
  const values = fc.oneof(
    jsonValue,
    messagePackValue.map(withoutBytes),
    fc.constantFrom(-0, undefined, 1e21, "\u007f\ud800"),
  );
  fc.assert(
    fc.property(
      hubMessages(values),
      fc.constantFrom("dotnet" as const, "javascript" as const),
      (message, like) => {
        expect(attempt(() => jsonCodec.encode(message, like))).toBe(
          attempt(() => encodeThoroughly(message, like)),
        );
      },
    ),
    { numRuns: 3000 },
  );
});

/** The text, or why there is none. */
function attempt(write: () => string | Uint8Array): unknown {
  try {
    return write();
  } catch (error) {
    return String(error);
  }
}

/** What both ways write as base64 is no plain value, and told from one at once; here it would only be in the way. */
function withoutBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}

describe("what the index of a record must not be taken in by", () => {
  const text = (record: string): RawRecord => ({ kind: "text", text: record });

  test.each([
    ['{"type":1,"target":"a","arguments":[1],"streamIds":["1"]}', ["1"]],
    ['{"type":1,"target":"a","arguments":[],"streamIds":["1","2"]}', ["1", "2"]],
    ['{"target":"a","arguments":["x"],"streamIds":["7"],"type":1}', ["7"]],
  ])("streams behind the arguments: %s", (record, streamIds) => {
    expect(jsonCodec.index(text(record)).head).toMatchObject({ kind: "invocation", target: "a", streamIds });
  });

  test.each([
    '{"type":1,"target":"a\\"b","arguments":[]}',
    '{"type":1,"target":"a","arguments":[],"x":1}',
    '{"type":3,"invocationId":"1","error":"no"}',
    '{"type":3,"invocationId":"1","result":{"a":1},"error":"no"}',
    '{"type":2,"invocationId":"","item":1}',
    ' {"type":6}',
    '{"type":1.0,"target":"a","arguments":[]}',
  ])("%s is decoded", (record) => {
    const { full, head } = jsonCodec.index(text(record));
    expect(full).toEqual(jsonCodec.decode(text(record)));
    expect(head).toBe(full?.message);
  });
});

describe("a record of a connection", () => {
  test("is decoded when somebody looks, and then once", () => {
    const session = createSession();
    const send = (payload: string, direction: "out" | "in", at: number) =>
      session.apply({
        type: "socket-payload",
        socket: "s",
        at,
        direction,
        payload: { kind: "text", text: payload },
      });
    send('{"protocol":"json","version":1}\u001e', "out", 1);
    send("{}\u001e", "in", 2);
    send('{"type":1,"target":"Say","arguments":[{"a":[1,2]}]}\u001e', "in", 3);
    const entry = session.log.at(-1);
    if (entry?.kind !== "message" || !("head" in entry.record)) throw new Error("the message is in the log");
    expect(entry.record.head).toStrictEqual({ kind: "invocation", target: "Say" });
    expect(entry.target).toBe("Say");
    expect(entry.record.message).toBe(entry.record.message);
    expect(factsOf(entry.record)).toMatchObject({
      size: 52,
      message: { arguments: [{ a: [1, 2] }] },
      issues: [],
    });
  });
});
