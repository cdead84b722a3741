import { JsonHubProtocol } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";

/** A message in the shape of the official packages, which write the wire that both sides then read. */
export interface OfficialMessage {
  readonly type: number;
  readonly target?: string;
  readonly arguments?: readonly unknown[];
  readonly invocationId?: string;
  readonly item?: unknown;
  readonly result?: unknown;
}

/** Payloads of one kind, a list of messages each. The same seed gives the same messages everywhere. */
export interface Corpus {
  readonly name: string;
  readonly payloads: readonly (readonly OfficialMessage[])[];
}

type Random = () => number;

function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS =
  "the quick brown fox jumps over lazy dog order price update user message group signal hub stream item server client".split(
    " ",
  );
const FOREIGN = ["привет", "žluťoučký", "你好", "🎉", "façade", "Straße", "こんにちは"];
const TARGETS = ["ReceiveMessage", "UserJoined", "UserTyping"];

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

function pick(random: Random, from: readonly string[]): string {
  return from[below(random, from.length)] ?? "";
}

function sentence(random: Random, count: number, foreign = 0): string {
  return Array.from({ length: count }, () => pick(random, random() < foreign ? FOREIGN : WORDS)).join(" ");
}

function chat(random: Random, foreign = 0): OfficialMessage {
  const text = sentence(random, 9 + below(random, 6), foreign);
  return { type: 1, target: pick(random, TARGETS), arguments: [`user${below(random, 1000)}`, text] };
}

function streamItem(random: Random): OfficialMessage {
  const item = random() < 0.3 ? below(random, 1000) : Math.round(random() * 1e6) / 1e3;
  return { type: 2, invocationId: String(1 + below(random, 5)), item };
}

function completion(random: Random, index: number): OfficialMessage {
  const result = random() < 0.5 ? below(random, 1e5) : { ok: true, id: below(random, 1e6) };
  return { type: 3, invocationId: String(index), result };
}

function guid(random: Random): string {
  return "00000000-0000-0000-0000-000000000000".replaceAll("0", () => below(random, 16).toString(16));
}

function order(random: Random, lines: number): object {
  return {
    orderId: guid(random),
    customer: {
      id: below(random, 1e6),
      name: `Customer ${below(random, 1e4)}`,
      email: `c${below(random, 1e4)}@example.com`,
      vip: random() < 0.2,
      tags: [pick(random, WORDS), pick(random, WORDS)],
    },
    createdAt: new Date(1.7e12 + random() * 1e9).toISOString(),
    status: pick(random, ["New", "Paid", "Shipped"]),
    total: Math.round(random() * 1e6) / 100,
    currency: "EUR",
    note: random() < 0.5 ? null : sentence(random, 8),
    lines: Array.from({ length: lines }, (_, index) => ({
      sku: `SKU-${below(random, 1e5)}`,
      quantity: 1 + below(random, 9),
      unitPrice: Math.round(random() * 1e5) / 100,
      description: sentence(random, 5),
      inStock: random() < 0.9,
      index,
    })),
  };
}

function bytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => below(random, 256));
}

function mixed(random: Random, index: number): OfficialMessage {
  const chance = random();
  if (chance < 0.6) return chat(random);
  if (chance < 0.9) return streamItem(random);
  return chance < 0.98 ? completion(random, index) : { type: 6 };
}

const MAKERS: Readonly<Record<string, (random: Random) => readonly (readonly OfficialMessage[])[]>> = {
  chat: (random) => times(1000, () => [chat(random)]),
  "chat, 10% foreign words": (random) => times(1000, () => [chat(random, 0.1)]),
  "stream items": (random) => times(1000, () => [streamItem(random)]),
  "2 KB": (random) =>
    times(200, () => [
      { type: 1, target: "OrderUpdated", arguments: [order(random, 6 + below(random, 20))] },
    ]),
  "100 KB to 1 MB": (random) =>
    times(3, (index) => [
      { type: 3, invocationId: "7", result: times(110 + index * 400, () => order(random, 5)) },
    ]),
  "1000 a payload": (random) => times(2, () => times(1000, (index) => mixed(random, index))),
  "binary 1 KB": (random) =>
    times(200, () => [{ type: 1, target: "Chunk", arguments: [1, bytes(random, 1024)] }]),
  "binary 64 KB": (random) =>
    times(10, () => [{ type: 1, target: "Chunk", arguments: [1, bytes(random, 65536)] }]),
};

export const CORPUS_NAMES: readonly string[] = Object.keys(MAKERS);

export function corpus(name: string): Corpus {
  const make = MAKERS[name];
  if (make === undefined) throw new Error(`there is no corpus "${name}"`);
  return { name, payloads: make(mulberry32(12345)) };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** As a WebSocket would deliver them: flat strings. */
export function jsonPayloads({ payloads }: Corpus): readonly string[] {
  const protocol = new JsonHubProtocol();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return payloads.map((messages) => {
    const text = messages.map((message) => protocol.writeMessage(inJson(message) as never)).join("");
    return decoder.decode(encoder.encode(text));
  });
}

/** .NET writes byte[] as base64. */
function inJson(message: OfficialMessage): OfficialMessage {
  if (!message.arguments?.some((value) => value instanceof Uint8Array)) return message;
  const list = message.arguments.map((value) => (value instanceof Uint8Array ? base64(value) : value));
  return { ...message, arguments: list };
}

function base64(value: Uint8Array): string {
  return btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join(""));
}

export function messagePackPayloads({ payloads }: Corpus): readonly Uint8Array<ArrayBuffer>[] {
  const protocol = new MessagePackHubProtocol();
  return payloads.map((messages) => {
    const parts = messages.map((message) => new Uint8Array(protocol.writeMessage(message as never)));
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  });
}

/** The same messages in our shape. */
export function ourMessages({ payloads }: Corpus): readonly HubMessage[] {
  return payloads.flat().map((message): HubMessage => {
    const { type, target = "", arguments: list = [], invocationId = "" } = message;
    if (type === 1) return { kind: "invocation", target, arguments: list };
    if (type === 2) return { kind: "stream-item", invocationId, item: message.item };
    if (type === 6) return { kind: "ping" };
    return { kind: "completion", invocationId, outcome: { kind: "result", value: message.result } };
  });
}
