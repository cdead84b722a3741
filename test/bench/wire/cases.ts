import { JsonHubProtocol, NullLogger } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import type { DecodedMessage, HubCodec } from "../../../core/src/wire/hub-codec.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { leanJsonCodec } from "../../../core/src/wire/lean/json.ts";
import { leanMessagePackCodec } from "../../../core/src/wire/lean/messagepack.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import { corpus, jsonPayloads, messagePackPayloads, ourMessages } from "./corpora.ts";
import type { Work } from "./rounds.ts";

export type Where = "node" | "chromium";

export interface Contender {
  readonly work: string;
  readonly run: Work;
  /** The least ratio to the peer, by place; absent where the issue has none for this corpus. */
  readonly target?: Readonly<Record<Where, number>>;
  /** The target is a most, not a least. */
  readonly isLimit?: boolean;
}

/** One corpus, one direction: the peer and what is held against it. */
export interface Case {
  readonly corpus: string;
  readonly peer: string;
  readonly peerRun: Work;
  readonly contenders: readonly Contender[];
}

type Targets = Readonly<Record<string, Readonly<Record<Where, number>>>>;

function least(chromium: number, node: number): Readonly<Record<Where, number>> {
  return { chromium, node };
}

const JSON_DECODE: Targets = {
  chat: least(1.3, 1.35),
  "chat, 10% foreign words": least(1.3, 1.35),
  "stream items": least(1.3, 1.35),
  "1000 a payload": least(1.15, 1.1),
  "2 KB": least(1, 1),
  "100 KB to 1 MB": least(1, 1),
};
const JSON_INDEX: Targets = { chat: least(2.2, 3), "2 KB": least(18, 30), "100 KB to 1 MB": least(120, 250) };
const PACK_DECODE: Targets = {
  chat: least(3.2, 2),
  "chat, 10% foreign words": least(3.2, 2),
  "stream items": least(10, 7),
  "2 KB": least(4, 1.5),
  "100 KB to 1 MB": least(4, 1.5),
  "1000 a payload": least(8, 4.5),
};
const PACK_INDEX: Targets = { chat: least(30, 15), "2 KB": least(300, 150), "1000 a payload": least(40, 20) };
const PACK_ENCODE: Targets = {
  chat: least(8, 4),
  "stream items": least(8, 4),
  "2 KB": least(7, 1.5),
  "100 KB to 1 MB": least(7, 1.5),
};

function withTarget(contender: Contender, targets: Targets, name: string): Contender {
  const target = targets[name];
  return target === undefined ? contender : { ...contender, target };
}

export function decodeJson(name: string): Case {
  const payloads = jsonPayloads(corpus(name));
  const protocol = new JsonHubProtocol();
  // The floor: nothing but the engine's parser, and the records already apart.
  const texts = payloads.flatMap((payload) => payload.split("\u001e").slice(0, -1));
  const isLarge = name.startsWith("2 KB") || name.startsWith("100 KB");
  const full: Contender = { work: "json full decode", run: () => countAll(payloads, jsonMessages) };
  const index: Contender = { work: "json index", run: () => countAll(payloads, jsonHeads) };
  return {
    corpus: name,
    peer: "JsonHubProtocol.parseMessages",
    peerRun: () =>
      countAll(payloads, (payload) => protocol.parseMessages(payload, NullLogger.instance).length),
    contenders: [
      withTarget(full, JSON_DECODE, name),
      withTarget(index, JSON_INDEX, name),
      { work: "lean json full decode", run: () => countAll(payloads, leanJsonMessages) },
      { work: isLarge ? FLOOR : "bare JSON.parse", run: () => countAll(texts, bareParse) },
    ],
  };
}

/** From 2 KB on, a full decode may take this much of the time of bare JSON.parse. */
export const FLOOR = "bare JSON.parse (full decode within 1.1x)";

export function decodeMessagePack(name: string): Case {
  const payloads = messagePackPayloads(corpus(name));
  const buffers = payloads.map(({ buffer }) => buffer);
  const protocol = new MessagePackHubProtocol();
  const full: Contender = { work: "messagepack full decode", run: () => countAll(payloads, packMessages) };
  const index: Contender = { work: "messagepack index", run: () => countAll(payloads, packHeads) };
  return {
    corpus: name,
    peer: "MessagePackHubProtocol.parseMessages",
    peerRun: () =>
      countAll(buffers, (payload) => protocol.parseMessages(payload, NullLogger.instance).length),
    contenders: [
      withTarget(full, PACK_DECODE, name),
      withTarget(index, PACK_INDEX, name),
      { work: "lean messagepack full decode", run: () => countAll(payloads, leanPackMessages) },
    ],
  };
}

export function encode(name: string, codec: HubCodec): Case {
  const messages = corpus(name).payloads.flat();
  const ours = ourMessages(corpus(name));
  const isJson = codec.name === "json";
  const lean = isJson ? leanJsonCodec : leanMessagePackCodec;
  const protocol = isJson ? new JsonHubProtocol() : new MessagePackHubProtocol();
  const encoded: Contender = {
    work: `${codec.name} encode`,
    // The same bytes as the peer: what the JavaScript client writes.
    run: () => countAll(ours, (message) => codec.encode(message, "javascript").length),
  };
  return {
    corpus: name,
    peer: isJson ? "JsonHubProtocol.writeMessage" : "MessagePackHubProtocol.writeMessage",
    peerRun: () => countAll(messages, (message) => sizeOf(protocol.writeMessage(message as never))),
    contenders: [
      isJson ? encoded : withTarget(encoded, PACK_ENCODE, name),
      {
        work: `lean ${codec.name} encode`,
        run: () => countAll(ours, (message) => lean.encode(message).length),
      },
    ],
  };
}

export const DECODED_JSON: readonly string[] = [
  "chat",
  "chat, 10% foreign words",
  "stream items",
  "2 KB",
  "100 KB to 1 MB",
  "1000 a payload",
  "binary 1 KB",
];
export const DECODED_PACK: readonly string[] = [...DECODED_JSON, "binary 64 KB"];
export const ENCODED: readonly string[] = ["chat", "stream items", "2 KB", "100 KB to 1 MB"];

export function allCases(): readonly (() => Case)[] {
  return [
    ...DECODED_JSON.map((name) => () => decodeJson(name)),
    ...DECODED_PACK.map((name) => () => decodeMessagePack(name)),
    ...ENCODED.map((name) => () => encode(name, jsonCodec)),
    ...ENCODED.map((name) => () => encode(name, messagePackCodec)),
  ];
}

function countAll<T>(items: readonly T[], count: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += count(item);
  return sum;
}

function sizeOf(written: string | ArrayBuffer): number {
  return typeof written === "string" ? written.length : written.byteLength;
}

function bareParse(text: string): number {
  return JSON.parse(text) === null ? 0 : 1;
}

function jsonMessages(payload: string): number {
  let count = 0;
  for (const { message } of jsonCodec.decodePayload(payload)) if (message.kind !== "undecodable") count += 1;
  return count;
}

function jsonHeads(payload: string): number {
  let count = 0;
  for (const { head } of jsonCodec.indexPayload(payload)) if (head.kind !== "undecodable") count += 1;
  return count;
}

function packMessages(payload: Uint8Array): number {
  let count = 0;
  for (const { message } of messagePackCodec.decodePayload(payload)) {
    if (message.kind !== "undecodable") count += 1;
  }
  return count;
}

function packHeads(payload: Uint8Array): number {
  let count = 0;
  for (const { head } of messagePackCodec.indexPayload(payload)) if (head.kind !== "undecodable") count += 1;
  return count;
}

function leanJsonMessages(payload: string): number {
  return readable(leanJsonCodec.decodePayload(payload));
}

function leanPackMessages(payload: Uint8Array): number {
  return readable(leanMessagePackCodec.decodePayload(payload));
}

function readable(decoded: readonly DecodedMessage[]): number {
  let count = 0;
  for (const { message } of decoded) if (message.kind !== "undecodable") count += 1;
  return count;
}
