import {
  type IHubProtocol,
  JsonHubProtocol,
  NullLogger,
  type HubMessage as OfficialMessage,
} from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitLengthPrefixed } from "../../../core/src/wire/framing/length-prefix.ts";
import { splitRecordSeparated } from "../../../core/src/wire/framing/record-separator.ts";
import type { HubCodec } from "../../../core/src/wire/hub-codec.ts";
import { type HubMessage, Timestamp } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { MESSAGE_TYPE } from "../../../core/src/wire/message-type.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import { hubMessages, jsonValue, messagePackValue } from "./arbitrary-messages.ts";

interface Pair {
  readonly codec: HubCodec;
  readonly official: IHubProtocol;
  readonly values: fc.Arbitrary<unknown>;
}

const pairs: readonly Pair[] = [
  { codec: jsonCodec, official: new JsonHubProtocol(), values: jsonValue },
  { codec: messagePackCodec, official: new MessagePackHubProtocol(), values: messagePackValue },
];

for (const { codec, official, values } of pairs) {
  describe(`${codec.name} beside the official client`, () => {
    test("what it writes is decoded to the same", () => {
      fc.assert(
        fc.property(hubMessages(values), (message) => {
          const written = official.writeMessage(toOfficial(message));
          expect(decodeAll(codec, written)).toStrictEqual([
            { message: asWrittenThere(codec, message), issues: [] },
          ]);
        }),
        { numRuns: 500 },
      );
    });

    test.for(["dotnet", "javascript"] as const)("what we write like %s is parsed to the same", (like) => {
      // It drops types 4 and 5, which a client never receives.
      const received = hubMessages(values).filter(
        ({ kind }) => kind !== "stream-invocation" && kind !== "cancel-invocation",
      );
      fc.assert(
        fc.property(received, (message) => {
          const encoded = codec.encode(message, like);
          const bytes = typeof encoded === "string" ? encoded : encoded.slice().buffer;
          const parsed = official.parseMessages(bytes, NullLogger.instance);
          expect(parsed.map(withoutEmpty)).toEqual([withoutEmpty(toOfficial(asParsedThere(codec, message)))]);
        }),
        { numRuns: 500 },
      );
    });

    test("what we write is decoded to the same", () => {
      fc.assert(
        fc.property(
          hubMessages(values),
          fc.constantFrom("dotnet" as const, "javascript" as const),
          (message, like) => {
            expect(decodeAll(codec, codec.encode(message, like))).toStrictEqual([{ message, issues: [] }]);
          },
        ),
        { numRuns: 500 },
      );
    });
  });
}

describe("dates", () => {
  test("are timestamps on the wire, in both directions", () => {
    const official = new MessagePackHubProtocol();
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        const seconds = Math.floor(date.getTime() / 1000);
        const timestamp = new Timestamp(seconds, (date.getTime() - seconds * 1000) * 1e6);
        const item = (value: unknown): HubMessage => ({
          kind: "stream-item",
          invocationId: "1",
          item: value,
        });
        const written = official.writeMessage(toOfficial(item(date)));
        expect(decodeAll(messagePackCodec, written)[0]?.message).toStrictEqual(item(timestamp));
        expect(messagePackCodec.encode(item(date))).toEqual(new Uint8Array(written as ArrayBuffer));
        expect(messagePackCodec.encode(item(timestamp))).toEqual(new Uint8Array(written as ArrayBuffer));
      }),
    );
  });
});

function decodeAll(codec: HubCodec, payload: string | ArrayBuffer | Uint8Array) {
  const records =
    typeof payload === "string"
      ? splitRecordSeparated(payload).records
      : splitLengthPrefixed(new Uint8Array(payload as ArrayBuffer)).records;
  return records.map(({ raw }) => codec.decode(raw));
}

/** The official client's own objects. */
function toOfficial(message: HubMessage): OfficialMessage {
  return shape(message) as unknown as OfficialMessage;
}

function shape(message: HubMessage): object {
  switch (message.kind) {
    case "invocation":
    case "stream-invocation": {
      const { kind, ...fields } = message;
      const type = kind === "invocation" ? MESSAGE_TYPE.invocation : MESSAGE_TYPE.streamInvocation;
      return { ...fields, type };
    }
    case "stream-item": {
      const { kind: _, ...fields } = message;
      return { ...fields, type: MESSAGE_TYPE.streamItem };
    }
    case "completion": {
      const { kind: _, outcome, ...fields } = message;
      const result =
        outcome.kind === "error"
          ? { error: outcome.message }
          : outcome.kind === "result"
            ? { result: outcome.value }
            : {};
      return { ...fields, ...result, type: MESSAGE_TYPE.completion };
    }
    case "cancel-invocation": {
      const { kind: _, ...fields } = message;
      return { ...fields, type: MESSAGE_TYPE.cancelInvocation };
    }
    case "ping":
      return { type: MESSAGE_TYPE.ping };
    case "close": {
      const { kind: _, ...fields } = message;
      return { ...fields, type: MESSAGE_TYPE.close };
    }
    case "ack":
    case "sequence":
      return { type: MESSAGE_TYPE[message.kind], sequenceId: message.sequenceId };
    default:
      throw new TypeError(`the official client has no ${message.kind}`);
  }
}

/** Its MessagePack writer drops what a Close says. */
function asWrittenThere(codec: HubCodec, message: HubMessage): HubMessage {
  return codec === messagePackCodec && message.kind === "close" ? { kind: "close" } : message;
}

/** Its MessagePack parser drops the upload streams of an invocation, which a client never receives. */
function asParsedThere(codec: HubCodec, message: HubMessage): HubMessage {
  if (codec === jsonCodec || message.kind !== "invocation") return message;
  const { streamIds: _, ...rest } = message;
  return rest;
}

/** Its MessagePack parser fills in what the record does not have. */
function withoutEmpty(message: object): object {
  const isEmpty = (name: string, value: unknown) =>
    value === undefined ||
    (name === "streamIds" && Array.isArray(value) && value.length === 0) ||
    (name === "headers" && Object.keys(value as object).length === 0) ||
    (name === "error" && value === null) ||
    (name === "invocationId" && value === null);
  return Object.fromEntries(Object.entries(message).filter(([name, value]) => !isEmpty(name, value)));
}
