/**
 * What a record says before its content, without reading that. Anything but an ordinary record is decoded.
 *
 * @module
 */
import { bodyAt, bodyEnd, viewOf } from "../framing/length-prefix.ts";
import type { Piece } from "../framing/tail.ts";
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
import { closeWindow, quickName } from "./quick-text.ts";

export function indexMessagePackRecord(record: RawRecord): MessageIndex {
  return record.kind === "binary"
    ? indexMessagePackAt(record.bytes, 0, record.bytes.length)
    : indexOfDecoded(decodeMessagePackRecord(record));
}

export function indexMessagePackAt(payload: Piece, start: number, end: number): MessageIndex {
  if (typeof payload === "string")
    return indexMessagePackRecord({ kind: "text", text: payload.slice(start, end) });
  const call = indexSend(payload, start, end);
  if (call !== undefined) return call;
  openQuickly(payload, start, end);
  const index = indexBytes(start, end);
  const isCertain = isQuick();
  closeQuickly();
  if (index !== undefined && isCertain) return index;
  return indexOfDecoded(decodeMessagePackRecord({ kind: "binary", bytes: viewOf(payload, start, end) }));
}

export function indexMessagePackPayload(payload: Piece): readonly MessageIndex[] {
  if (typeof payload === "string") return [indexMessagePackAt(payload, 0, payload.length)];
  const { length } = payload;
  const only = bodyAt(payload, 0);
  // Nearly all payloads; a list that grows takes room for sixteen more.
  if (only > 0 && bodyEnd === length) return [indexMessagePackAt(payload, only, length)];
  const indexes: MessageIndex[] = [];
  for (let at = 0; at < length; ) {
    const start = bodyAt(payload, at);
    const end = bodyEnd;
    if (start < 0 || end > length) break;
    indexes.push(indexMessagePackAt(payload, start, end));
    at = end;
  }
  return indexes;
}

const EMPTY_MAP = 0x80;
const EMPTY_LIST = 0x90;
const PING: MessageHead = { kind: "ping" };
const RESULT = { kind: "result" } as const;
const VOID = { kind: "void" } as const;

/** `[1, {}, nil, target, arguments]` with a short target: most of what is sent, so it is read in place. */
function indexSend(bytes: Uint8Array, at: number, end: number): MessageIndex | undefined {
  const size = end - at;
  if (
    size < 6 ||
    bytes[at] !== 0x95 ||
    bytes[at + 1] !== 1 ||
    bytes[at + 2] !== EMPTY_MAP ||
    bytes[at + 3] !== NIL
  ) {
    return undefined;
  }
  const length = (bytes[at + 4] as number) - EMPTY_TEXT;
  const start = at + SHORT_TARGET + length;
  if (length < 1 || length > 31 || start >= end || !isList(bytes[start] as number)) return undefined;
  const target = quickName(bytes, at + SHORT_TARGET, length)?.text;
  return target === undefined ? undefined : { head: { kind: "invocation", target }, start, end };
}

/** Where the first byte of the target is. */
const SHORT_TARGET = 5;
const NIL = 0xc0;
const EMPTY_TEXT = 0xa0;

function isList(head: number): boolean {
  return (head & 0xf0) === EMPTY_LIST || head === 0xdc || head === 0xdd;
}

function indexBytes(from: number, end: number): MessageIndex | undefined {
  const head = quickByte();
  const type = quickByte();
  if (type === 6) return head === 0x91 && end - from === 2 ? { head: PING, start: 0, end: 0 } : undefined;
  if (type < 1 || type > 3 || quickByte() !== EMPTY_MAP) return undefined;
  const invocationId = quickNameOrNil();
  if (type === 1) return call(head, invocationId, end);
  if (invocationId === undefined) return undefined;
  if (type === 2) {
    const start = quickOffset();
    if (head !== 0x94 || start >= end) return undefined;
    return { head: { kind: "stream-item", invocationId }, start, end };
  }
  return completion(head, invocationId, end);
}

function call(head: number, invocationId: string | undefined, recordEnd: number): MessageIndex | undefined {
  const target = quickNameOrNil();
  if (target === undefined) return undefined;
  const start = quickOffset();
  if (!isList(quickByte())) return undefined;
  let end = recordEnd;
  if (head === 0x96) {
    // Whether there are streams stands behind the arguments.
    end = skipQuickly(start);
    if (quickByte() !== EMPTY_LIST || quickOffset() !== recordEnd) return undefined;
  } else if (head !== 0x95) {
    return undefined;
  }
  const message: MessageHead =
    invocationId === undefined
      ? { kind: "invocation", target }
      : { kind: "invocation", invocationId, target };
  return { head: message, start, end };
}

function completion(head: number, invocationId: string, end: number): MessageIndex | undefined {
  const kind = quickByte();
  const start = quickOffset();
  if (kind === 3 && head === 0x95 && start < end) {
    return { head: { kind: "completion", invocationId, outcome: RESULT }, start, end };
  }
  if (kind === 2 && head === 0x94 && start === end) {
    return { head: { kind: "completion", invocationId, outcome: VOID }, start: 0, end: 0 };
  }
  if (kind !== 1 || head !== 0x95) return undefined;
  const message = quickValue();
  closeWindow();
  if (typeof message !== "string" || quickOffset() !== end) return undefined;
  return {
    head: { kind: "completion", invocationId, outcome: { kind: "error", message } },
    start: 0,
    end: 0,
  };
}
