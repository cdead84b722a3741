/**
 * The messages that callers send nearly always, written with one `JSON.stringify`. Whatever it would write otherwise than
 * `encode.ts` does is left to that.
 *
 * @module
 */
import type { Writer } from "../hub-codec.ts";
import type { HubMessage, WireValue } from "../hub-message.ts";
import { MAX_DEPTH } from "../limits.ts";

/** Anything but printable ASCII without a backslash: .NET may escape it otherwise. */
const UNLIKE_DOTNET = /[^ -[\]-~]/;

/** Without separator; undefined where the message is not certain to be written the same. */
export function encodeQuickly(message: HubMessage, like: Writer): string | undefined {
  const text = like === "dotnet" ? dotnetText(message) : javascriptText(message);
  if (text === undefined || (like === "dotnet" && UNLIKE_DOTNET.test(text))) return undefined;
  return text;
}

/** Properties that are undefined are left out by JSON.stringify. */
function dotnetText(message: HubMessage): string | undefined {
  if (!isOrdinary(message)) return undefined;
  if (message.kind === "invocation") {
    const { invocationId, target, arguments: list } = message;
    return JSON.stringify({ type: 1, invocationId, target, arguments: list });
  }
  if (message.kind === "stream-item") {
    return JSON.stringify({ type: 2, invocationId: message.invocationId, item: message.item });
  }
  if (message.kind !== "completion" || message.outcome.kind !== "result") return undefined;
  return JSON.stringify({ type: 3, invocationId: message.invocationId, result: message.outcome.value });
}

function javascriptText(message: HubMessage): string | undefined {
  if (!isOrdinary(message)) return undefined;
  if (message.kind === "invocation") {
    const { target, arguments: list, invocationId } = message;
    return JSON.stringify({ target, arguments: list, invocationId, type: 1 });
  }
  if (message.kind === "stream-item") {
    return JSON.stringify({ invocationId: message.invocationId, item: message.item, type: 2 });
  }
  if (message.kind !== "completion" || message.outcome.kind !== "result") return undefined;
  return JSON.stringify({ invocationId: message.invocationId, result: message.outcome.value, type: 3 });
}

/** Without what is rare, and with content that JSON.stringify writes as we do. */
function isOrdinary(message: HubMessage): boolean {
  switch (message.kind) {
    case "invocation":
      return (
        message.headers === undefined &&
        message.streamIds === undefined &&
        message.extra === undefined &&
        isPlain(message.arguments, 1)
      );
    case "stream-item":
      return message.headers === undefined && message.extra === undefined && isContent(message.item);
    case "completion": {
      const { outcome } = message;
      const isBare = message.headers === undefined && message.extra === undefined;
      return isBare && outcome.kind === "result" && isContent(outcome.value);
    }
    default:
      return false;
  }
}

/** An undefined result is null, and must not be left out. */
function isContent(value: WireValue): boolean {
  return value !== undefined && isPlain(value, 1);
}

/**
 * True for what JSON.stringify writes as it is: no bytes, no class, nothing that is not finite; minus zero, which it writes
 * as zero, only where that is allowed.
 */
export function isPlain(
  value: WireValue,
  depth: number,
  isZero: (value: number) => boolean = isPlusZero,
): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return true;
    case "number":
      return Number.isFinite(value) && (value !== 0 || isZero(value));
    case "object":
      return value === null || (depth < MAX_DEPTH && isPlainObject(value, depth, isZero));
    default:
      return false;
  }
}

function isPlusZero(value: number): boolean {
  return Object.is(value, 0);
}

function isPlainObject(value: object, depth: number, isZero: (value: number) => boolean): boolean {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      if (!isPlain(value[index], depth + 1, isZero)) return false;
    }
    return true;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const name in value) {
    if (!isPlain((value as Readonly<Record<string, WireValue>>)[name], depth + 1, isZero)) return false;
  }
  return true;
}
