/**
 * The messages that peers send nearly always. Whatever is not certain to be ordinary is left to `decode.ts`, which says
 * the same, slower.
 *
 * @module
 */
import type { HubMessage, WireValue } from "../hub-message.ts";
import { closeQuickly, isQuick, openQuickly, quickByte, quickOffset, quickValue } from "./quick-reader.ts";

/** The record between two offsets. Undefined where it is not certain to be free of issues. */
export function decodeQuickly(payload: Uint8Array, start: number, end: number): HubMessage | undefined {
  openQuickly(payload, start, end);
  const message = messageOf();
  const isWhole = isQuick() && quickOffset() === end;
  closeQuickly();
  return isWhole ? message : undefined;
}

const EMPTY_MAP = 0x80;

function messageOf(): HubMessage | undefined {
  const head = quickByte();
  const type = quickByte();
  if (head === 0x91 && type === 6) return { kind: "ping" };
  // Headers are rare, and checked one by one.
  if (quickByte() !== EMPTY_MAP) return undefined;
  switch (type) {
    case 1:
      return invocation(head);
    case 2:
      return head === 0x94 ? streamItem() : undefined;
    case 3:
      return completion(head);
    default:
      return undefined;
  }
}

function invocation(head: number): HubMessage | undefined {
  const invocationId = quickValue();
  const target = quickValue();
  const list = quickValue();
  if (!isName(target) || !Array.isArray(list)) return undefined;
  // Streams are rare; .NET writes the empty list of them.
  if (head === 0x96 ? quickByte() !== NO_STREAMS : head !== 0x95) return undefined;
  if (invocationId === null) return { kind: "invocation", target, arguments: list };
  return isName(invocationId) ? { kind: "invocation", invocationId, target, arguments: list } : undefined;
}

const NO_STREAMS = 0x90;

function streamItem(): HubMessage | undefined {
  const invocationId = quickValue();
  const item = quickValue();
  return isName(invocationId) ? { kind: "stream-item", invocationId, item } : undefined;
}

function completion(head: number): HubMessage | undefined {
  const invocationId = quickValue();
  if (!isName(invocationId)) return undefined;
  const resultKind = quickByte();
  if (resultKind === 3 && head === 0x95) {
    return { kind: "completion", invocationId, outcome: { kind: "result", value: quickValue() } };
  }
  if (resultKind === 2 && head === 0x94)
    return { kind: "completion", invocationId, outcome: { kind: "void" } };
  return undefined;
}

function isName(value: WireValue): value is string {
  return typeof value === "string" && value !== "";
}
