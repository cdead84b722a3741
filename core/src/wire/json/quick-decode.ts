/**
 * The messages that peers send nearly always, decoded with one `JSON.parse` and as few looks at the text as exactness
 * needs. Whatever is not certain to be ordinary is left to `decode.ts`, which says the same, slower.
 *
 * @module
 */
import type { HubMessage, WireValue } from "../hub-message.ts";
import { MAX_DEPTH_OF_DOTNET_JSON, MAX_LENGTH_FOR_DUPLICATE_SEARCH } from "../limits.ts";
import { depthOf, hasMoreBrackets } from "./depth.ts";
import { LEAST_PROPERTY, leastLength } from "./least-length.ts";
import { mayHoldInexactNumbers } from "./numbers.ts";
import { behindPayload, mayRepeatNames } from "./repeated-names.ts";

interface Parsed {
  readonly type?: WireValue;
  readonly headers?: WireValue;
  readonly target?: WireValue;
  readonly arguments?: WireValue;
  readonly invocationId?: WireValue;
  readonly streamIds?: WireValue;
  readonly item?: WireValue;
  readonly result?: WireValue;
  readonly error?: WireValue;
}

/** Undefined where the record is not certain to be free of issues, with every number exact. */
export function decodeQuickly(text: string): HubMessage | undefined {
  // A throw costs as much as a long record.
  if (text.charCodeAt(0) !== OPENING_BRACE) return undefined;
  let parsed: Parsed | null;
  try {
    parsed = JSON.parse(text) as Parsed | null;
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  switch (parsed.type) {
    case 1:
      return invocation(text, parsed);
    case 2:
      return streamItem(text, parsed);
    case 3:
      return completion(text, parsed);
    case 6:
      return text === '{"type":6}' ? { kind: "ping" } : undefined;
    default:
      return undefined;
  }
}

/** What is around the values of a record, at least. */
const CALL = '{"type":1,"target":"","arguments":}'.length;
const ID = ',"invocationId":""'.length;
const ITEM = '{"type":2,"invocationId":"","item":}'.length;
const RESULT = '{"type":3,"invocationId":"","result":}'.length;

function invocation(text: string, parsed: Parsed): HubMessage | undefined {
  const { target, arguments: list, invocationId } = parsed;
  if (typeof target !== "string" || target === "" || !Array.isArray(list)) return undefined;
  if (invocationId === undefined) {
    const isPlain =
      isBrief(text, CALL + target.length, list) ||
      (hasNames(parsed, 3) && isSound(text, parsed, `{"type":1,"target":"${target}","arguments":`, list));
    return isPlain ? { kind: "invocation", target, arguments: list } : undefined;
  }
  if (typeof invocationId !== "string" || invocationId === "") return undefined;
  const isPlain =
    isBrief(text, CALL + ID + invocationId.length + target.length, list) ||
    (hasNames(parsed, 4) &&
      isSound(
        text,
        parsed,
        `{"type":1,"invocationId":"${invocationId}","target":"${target}","arguments":`,
        list,
      ));
  return isPlain ? { kind: "invocation", invocationId, target, arguments: list } : undefined;
}

function streamItem(text: string, parsed: Parsed): HubMessage | undefined {
  const { invocationId, item } = parsed;
  if (typeof invocationId !== "string" || invocationId === "" || item === undefined) return undefined;
  const isPlain =
    isBrief(text, ITEM + invocationId.length, item) ||
    (hasNames(parsed, 3) &&
      isSound(text, parsed, `{"type":2,"invocationId":"${invocationId}","item":`, item));
  return isPlain ? { kind: "stream-item", invocationId, item } : undefined;
}

function completion(text: string, parsed: Parsed): HubMessage | undefined {
  const { invocationId, result } = parsed;
  if (typeof invocationId !== "string" || invocationId === "" || result === undefined) return undefined;
  const isPlain =
    isBrief(text, RESULT + invocationId.length, result) ||
    (hasNames(parsed, 3) &&
      isSound(text, parsed, `{"type":3,"invocationId":"${invocationId}","result":`, result));
  return isPlain
    ? { kind: "completion", invocationId, outcome: { kind: "result", value: result } }
    : undefined;
}

const OPENING_BRACE = 0x7b;

/** Below this a search for escapes costs more than it saves. */
const SHORT = 256;

/**
 * True for a text that is hardly longer than its values need: there is no room for another property, for one twice
 * or for a number that is not exact, and nothing is deep. `around` is the least length of all but the payload. A walk
 * through the value costs less than searching the text for all that, but fails where there are escapes.
 */
function isBrief(text: string, around: number, payload: WireValue): boolean {
  if (text.length >= SHORT && text.indexOf("\\") >= 0) return false;
  return text.length - around - leastLength(payload) < LEAST_PROPERTY;
}

/** With the properties that were found, the record has these and no others. */
function hasNames(parsed: Parsed, count: number): boolean {
  let names = 0;
  for (const _ in parsed) names += 1;
  return names === count;
}

/** True where every number is exact, nothing is too deep and no name of the record twice. .NET begins it with `head`. */
function isSound(text: string, parsed: Parsed, head: string, payload: WireValue): boolean {
  if (mayHoldInexactNumbers(text)) return false;
  if (text.length <= MAX_LENGTH_FOR_DUPLICATE_SEARCH) {
    const isNested = typeof payload === "object" && payload !== null && text.startsWith(head);
    const isRepeating = isNested
      ? behindPayload(text, head.length, Array.isArray(payload) ? "]" : "}", parsed)
      : mayRepeatNames(text, parsed);
    if (isRepeating) return false;
  }
  return (
    text.length <= 2 * MAX_DEPTH_OF_DOTNET_JSON ||
    !hasMoreBrackets(text, MAX_DEPTH_OF_DOTNET_JSON) ||
    depthOf(parsed) <= MAX_DEPTH_OF_DOTNET_JSON
  );
}
