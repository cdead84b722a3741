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

export function indexMessagePackRecord(record: RawRecord): MessageIndex {
  if (record.kind === "binary") {
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
  const list = quickByte();
  const isList = (list & 0xf0) === EMPTY_LIST || list === 0xdc || list === 0xdd;
  if (!isList) return undefined;
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
