import { describe, expect, test } from "vitest";
import { decodeClassicRecord } from "../../../core/src/wire/classic/decode.ts";
import { createConnectionDecoder } from "../../../core/src/wire/connection-decoder.ts";
import {
  DECODE_ISSUE_CODES,
  type DecodeIssue,
  type DecodeIssueCode,
  isFatalIssue,
} from "../../../core/src/wire/decode-issue.ts";
import type { HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import { decodeIrisRecord } from "../../../core/src/wire/iris/decode.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import type { Direction, Payload } from "../../../core/src/wire/payload.ts";
import { hex } from "./vector-values.ts";

const json = (text: string) => jsonCodec.decode({ kind: "text", text }).issues;
const classic = (direction: Direction, content: string) =>
  decodeClassicRecord({ kind: "text", text: content }, { direction, connection: "hubs" }).issues;
const iris = (direction: Direction, content: string) =>
  decodeIrisRecord({ kind: "text", text: content }, { direction }).issues;
const messagePack = (bytes: string) => messagePackCodec.decode({ kind: "binary", bytes: hex(bytes) }).issues;

function received(
  protocol: HubProtocolName | undefined,
  ...payloads: readonly Payload[]
): readonly DecodeIssue[] {
  const decoder = createConnectionDecoder(protocol === undefined ? {} : { protocol, resumed: true });
  const records = payloads.flatMap((payload) => decoder.decode("in", payload));
  return [...records, ...decoder.end()].flatMap(({ issues }) => issues);
}

const text = (content: string): Payload => ({ kind: "text", text: content });
const binary = (content: string): Payload => ({ kind: "binary", bytes: hex(content) });
const omitted: Payload = { kind: "omitted", reason: "not-captured", size: 9 };

/** For every code, something on the wire that has it. The type makes a new code without an example an error. */
const EXAMPLES: Readonly<Record<DecodeIssueCode, () => readonly DecodeIssue[]>> = {
  "incomplete-at-close": () => received("json", text('{"type":6')),
  "length-prefix-too-long": () => received("messagepack", binary("ff ff ff ff 08")),
  "empty-record": () => received("json", text("\u001e")),
  "wrong-payload-type": () => received("messagepack", text("hello")),
  "payload-omitted": () => received("json", omitted),
  "framing-lost": () => received("messagepack", omitted, binary("a1 61")),
  "not-json": () => json("{type:6}"),
  "not-messagepack": () => messagePack("c1"),
  "invalid-utf8": () => messagePack("94 02 80 a1 31 a1 ff"),
  "duplicate-key": () => json('{"type":6,"type":6}'),
  "too-deep": () => json("[".repeat(1000)),
  "trailing-data": () => json('{"type":6}x'),
  "not-an-object": () => json("[6]"),
  "not-an-array": () => messagePack("06"),
  "missing-type": () => json("{}"),
  "unknown-message-type": () => json('{"type":10}'),
  "missing-field": () => json('{"type":5}'),
  "empty-field": () => json('{"type":5,"invocationId":""}'),
  "wrong-field-type": () => json('{"type":5,"invocationId":5}'),
  "null-field": () => json('{"type":7,"error":null}'),
  "ignored-field": () => json('{"type":1,"invocationId":"","target":"a","arguments":[]}'),
  "unbindable-field": () => json('{"type":1,"target":"","arguments":[]}'),
  "result-and-error": () => json('{"type":3,"invocationId":"1","error":"e","result":null}'),
  "unknown-result-kind": () => messagePack("94 03 80 a1 31 04"),
  "extra-items": () => messagePack("92 06 01"),
  "wrong-item-count": () => messagePack("93 06"),
  "lenient-json": () => classic("out", "{H:'chat',M:'send'}"),
  "never-answered": () => classic("out", '{"H":"chat"}'),
  "dropped-by-server": () => iris("out", "iris-websocket-message:e;1;3.5"),
  "read-differently": () => iris("in", " iris-websocket-message:e;0;a"),
  "unusual-field": () => classic("in", '{"I":"0","E":1}'),
  "over-size-limit": () => iris("out", `iris-websocket-message:e;0;${"a".repeat(1024)}`),
  "handshake-missing": () => {
    const decoder = createConnectionDecoder();
    decoder.decode("out", text('{"protocol":"json","version":1}\u001e'));
    return decoder.decode("in", text('{"type":6}\u001e')).flatMap(({ issues }) => issues);
  },
  "handshake-malformed": () => received(undefined, text("no\u001e")),
  "unknown-protocol": () => {
    const decoder = createConnectionDecoder();
    return decoder
      .decode("out", text('{"protocol":"own","version":1}\u001e'))
      .flatMap(({ issues }) => issues);
  },
  "protocol-guessed": () => received(undefined, text('{"type":6}\u001e')),
};

describe("issue codes", () => {
  test.for(DECODE_ISSUE_CODES)("%s occurs", (code) => {
    expect(EXAMPLES[code]().map((issue) => issue.code)).toContain(code);
  });

  test("what a .NET receiver only ignores, refuses or never sees is not fatal", () => {
    const mild = DECODE_ISSUE_CODES.filter((code) => !isFatalIssue({ code }));
    expect(mild).toEqual([
      "incomplete-at-close",
      "payload-omitted",
      "framing-lost",
      "invalid-utf8",
      "duplicate-key",
      "trailing-data",
      "unknown-message-type",
      "ignored-field",
      "unbindable-field",
      "extra-items",
      "wrong-item-count",
      "lenient-json",
      "never-answered",
      "dropped-by-server",
      "read-differently",
      "unusual-field",
      "unknown-protocol",
      "protocol-guessed",
    ]);
  });
});
