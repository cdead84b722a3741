import { encodeHandshakeRequest, encodeHandshakeResponse } from "../handshake.ts";
import type { Writer } from "../hub-codec.ts";
import type {
  CompletionOutcome,
  HubMessage,
  Invocation,
  StreamInvocation,
  StreamItem,
  WireValue,
} from "../hub-message.ts";
import { MESSAGE_TYPE } from "../message-type.ts";
import { closeRecord, dropRecord, openRecord } from "./output.ts";
import { writeText } from "./write-text.ts";
import { writeArrayHead, writeBytes3, writeValue } from "./writer.ts";

/** One record with its length prefix; handshakes are text. */
export function encodeMessagePack(
  message: HubMessage,
  like: Writer = "dotnet",
): string | Uint8Array<ArrayBuffer> {
  if (message.kind === "handshake-request") return encodeHandshakeRequest(message);
  if (message.kind === "handshake-response") return encodeHandshakeResponse(message);
  if (message.kind === "unknown") return framed(message.value);
  if (message.kind === "undecodable") {
    if (message.value === undefined) {
      throw new TypeError("an undecodable message without a value cannot be encoded");
    }
    return framed(message.value);
  }
  if (message.kind === "invocation" && isOrdinary(message)) return framedCall(message, like);
  if (message.kind === "stream-item" && message.headers === undefined && message.extra === undefined) {
    return framedStreamItem(message);
  }
  const own = itemsOf(message, like);
  return framedItems(Array.isArray(message.extra) ? [...own, ...message.extra] : own);
}

type HubRecord = Exclude<
  HubMessage,
  { kind: "handshake-request" | "handshake-response" | "unknown" | "undecodable" }
>;

function itemsOf(message: HubRecord, like: Writer): readonly WireValue[] {
  switch (message.kind) {
    case "invocation":
      return callItems(MESSAGE_TYPE.invocation, message, like);
    case "stream-invocation":
      return callItems(MESSAGE_TYPE.streamInvocation, message, like);
    case "stream-item":
      return [MESSAGE_TYPE.streamItem, message.headers ?? {}, message.invocationId, message.item];
    case "completion": {
      const { headers = {}, invocationId, outcome } = message;
      return [MESSAGE_TYPE.completion, headers, invocationId, ...outcomeItems(outcome)];
    }
    case "cancel-invocation":
      return [MESSAGE_TYPE.cancelInvocation, message.headers ?? {}, message.invocationId];
    case "ping":
      return [MESSAGE_TYPE.ping];
    case "close": {
      const { error = null, allowReconnect, extra } = message;
      const isShort =
        like === "javascript" && error === null && allowReconnect === undefined && extra === undefined;
      return isShort ? [MESSAGE_TYPE.close, null] : [MESSAGE_TYPE.close, error, allowReconnect ?? false];
    }
    case "ack":
      return [MESSAGE_TYPE.ack, message.sequenceId];
    case "sequence":
      return [MESSAGE_TYPE.sequence, message.sequenceId];
  }
}

/** .NET writes the list of streams always, the JavaScript client only where there are any. */
function callItems(type: number, message: Invocation | StreamInvocation, like: Writer): readonly WireValue[] {
  const { headers = {}, invocationId = null, target, streamIds, extra } = message;
  const items = [type, headers, invocationId, target, message.arguments];
  const isShort = like === "javascript" && streamIds === undefined && extra === undefined;
  return isShort ? items : [...items, streamIds ?? []];
}

const ERROR_RESULT = 1;
const VOID_RESULT = 2;
const VALUE_RESULT = 3;

function outcomeItems(outcome: CompletionOutcome): readonly WireValue[] {
  switch (outcome.kind) {
    case "error":
      return [ERROR_RESULT, outcome.message];
    case "void":
      return [VOID_RESULT];
    case "result":
      return [VALUE_RESULT, outcome.value];
  }
}

function isOrdinary({ headers, streamIds, extra }: Invocation): boolean {
  return headers === undefined && streamIds === undefined && extra === undefined;
}

/** What is sent most, without a list of its items. */
function framedCall(
  { invocationId, target, arguments: list }: Invocation,
  like: Writer,
): Uint8Array<ArrayBuffer> {
  const output = openRecord();
  try {
    const isShort = like === "javascript";
    writeBytes3(output, isShort ? 0x95 : 0x96, MESSAGE_TYPE.invocation, EMPTY_MAP);
    if (invocationId === undefined) writeValue(output, null);
    else writeText(output, invocationId);
    writeText(output, target);
    writeValue(output, list, 1);
    if (!isShort) writeArrayHead(output, 0);
    return closeRecord(output);
  } catch (error) {
    dropRecord(output);
    throw error;
  }
}

function framedStreamItem({ invocationId, item }: StreamItem): Uint8Array<ArrayBuffer> {
  const output = openRecord();
  try {
    writeBytes3(output, 0x94, MESSAGE_TYPE.streamItem, EMPTY_MAP);
    writeText(output, invocationId);
    writeValue(output, item, 1);
    return closeRecord(output);
  } catch (error) {
    dropRecord(output);
    throw error;
  }
}

const EMPTY_MAP = 0x80;

function framedItems(items: readonly WireValue[]): Uint8Array<ArrayBuffer> {
  const output = openRecord();
  try {
    writeArrayHead(output, items.length);
    for (let index = 0; index < items.length; index++) writeValue(output, items[index], 1);
    return closeRecord(output);
  } catch (error) {
    dropRecord(output);
    throw error;
  }
}

function framed(value: WireValue): Uint8Array<ArrayBuffer> {
  const output = openRecord();
  try {
    writeValue(output, value);
    return closeRecord(output);
  } catch (error) {
    dropRecord(output);
    throw error;
  }
}
