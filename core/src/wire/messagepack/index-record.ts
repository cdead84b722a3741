/**
 * What a record says before its content, without reading that. Anything but an ordinary record is decoded.
 *
 * @module
 */
import type { MessageIndex, RawRecord } from "../hub-codec.ts";
import type { MessageHead } from "../hub-message.ts";
import { indexOfDecoded } from "../lazy-record.ts";
import { decodeMessagePackRecord } from "./decode.ts";
import {
  closeQuickly,
  isQuick,
  openQuickly,
  quickByte,
  quickNameOrNil,
  quickOffset,
  quickValue,
  skipQuickly,
} from "./quick-reader.ts";
import { quickName } from "./quick-text.ts";

export function indexMessagePackRecord(record: RawRecord): MessageIndex {
  if (record.kind === "binary") {
    const call = indexSend(record.bytes);
    if (call !== undefined) return call;
    openQuickly(record.bytes);
    const index = indexBytes(record.bytes.length);
    const isCertain = isQuick();
    closeQuickly();
    if (index !== undefined && isCertain) return index;
  }
  return indexOfDecoded(decodeMessagePackRecord(record));
}

const EMPTY_MAP = 0x80;
const EMPTY_LIST = 0x90;
const PING: MessageHead = { kind: "ping" };
const RESULT = { kind: "result" } as const;
const VOID = { kind: "void" } as const;

/** `[1, {}, nil, target, arguments]` with a short target: most of what is sent, so it is read in place. */
function indexSend(bytes: Uint8Array): MessageIndex | undefined {
  const end = bytes.length;
  if (end < 6 || bytes[0] !== 0x95 || bytes[1] !== 1 || bytes[2] !== EMPTY_MAP || bytes[3] !== NIL) {
    return undefined;
  }
  const length = (bytes[4] as number) - EMPTY_TEXT;
  const start = SHORT_TARGET + length;
  if (length < 1 || length > 31 || start >= end || !isList(bytes[start] as number)) return undefined;
  const target = quickName(bytes, SHORT_TARGET, length);
  return target === undefined ? undefined : { head: { kind: "invocation", target }, start, end };
}

/** Where the first byte of the target is. */
const SHORT_TARGET = 5;
const NIL = 0xc0;
const EMPTY_TEXT = 0xa0;

function isList(head: number): boolean {
  return (head & 0xf0) === EMPTY_LIST || head === 0xdc || head === 0xdd;
}

function indexBytes(length: number): MessageIndex | undefined {
  const head = quickByte();
  const type = quickByte();
  if (type === 6) return head === 0x91 && length === 2 ? { head: PING, start: 0, end: 0 } : undefined;
  if (type < 1 || type > 3 || quickByte() !== EMPTY_MAP) return undefined;
  const invocationId = quickNameOrNil();
  if (type === 1) return call(head, invocationId, length);
  if (invocationId === undefined) return undefined;
  if (type === 2) {
    const start = quickOffset();
    if (head !== 0x94 || start >= length) return undefined;
    return { head: { kind: "stream-item", invocationId }, start, end: length };
  }
  return completion(head, invocationId, length);
}

function call(head: number, invocationId: string | undefined, length: number): MessageIndex | undefined {
  const target = quickNameOrNil();
  if (target === undefined) return undefined;
  const start = quickOffset();
  if (!isList(quickByte())) return undefined;
  let end = length;
  if (head === 0x96) {
    // Whether there are streams stands behind the arguments.
    end = skipQuickly(start);
    if (quickByte() !== EMPTY_LIST || quickOffset() !== length) return undefined;
  } else if (head !== 0x95) {
    return undefined;
  }
  const message: MessageHead =
    invocationId === undefined
      ? { kind: "invocation", target }
      : { kind: "invocation", invocationId, target };
  return { head: message, start, end };
}

function completion(head: number, invocationId: string, length: number): MessageIndex | undefined {
  const kind = quickByte();
  const start = quickOffset();
  if (kind === 3 && head === 0x95 && start < length) {
    return { head: { kind: "completion", invocationId, outcome: RESULT }, start, end: length };
  }
  if (kind === 2 && head === 0x94 && start === length) {
    return { head: { kind: "completion", invocationId, outcome: VOID }, start: 0, end: 0 };
  }
  if (kind !== 1 || head !== 0x95) return undefined;
  const message = quickValue();
  if (typeof message !== "string" || quickOffset() !== length) return undefined;
  return {
    head: { kind: "completion", invocationId, outcome: { kind: "error", message } },
    start: 0,
    end: 0,
  };
}
