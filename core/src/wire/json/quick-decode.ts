/**
 * The messages that peers send nearly always, decoded with one `JSON.parse` and as few looks at the text as exactness
 * needs. Whatever is not certain to be ordinary is left to `decode.ts`, which says the same, slower.
 *
 * @module
 */
import type { HubMessage, WireValue } from "../hub-message.ts";
import { MAX_DEPTH_OF_DOTNET_JSON, MAX_LENGTH_FOR_DUPLICATE_SEARCH } from "../limits.ts";
import { depthOf, hasMoreBrackets } from "./depth.ts";
import { LEAST_MORE, leastLength } from "./least-length.ts";
import { mayHoldInexactNumbers } from "./numbers.ts";
import { behindPayload, mayRepeatNames } from "./repeated-names.ts";

/** What a record was parsed to. */
export interface Parsed {
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
  let parsed: Parsed | null;
  try {
    parsed = JSON.parse(text) as Parsed | null;
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const message = ordinaryMessage(parsed);
  if (message === undefined) return undefined;
  // A walk through the value costs less than searching the text, but is in vain where there are escapes.
  const mayBeBrief = text.length < SHORT || !text.includes("\\");
  if (mayBeBrief && text.length - leastLengthOfMessage(message) < LEAST_MORE) return message;
  return isSound(text, parsed, message) ? message : undefined;
}

/** Below this a search for escapes costs more than it saves. */
const SHORT = 256;

type OrdinaryMessage = Extract<HubMessage, { kind: "invocation" | "stream-item" | "completion" | "ping" }>;

/** The message of a record that has what its type needs; whether it has more is to be asked. */
export function ordinaryMessage(parsed: Parsed): OrdinaryMessage | undefined {
  const { type } = parsed;
  if (type === 1) {
    const { target, arguments: list, invocationId } = parsed;
    if (!isName(target) || !Array.isArray(list)) return undefined;
    if (invocationId === undefined) return { kind: "invocation", target, arguments: list };
    return isName(invocationId) ? { kind: "invocation", invocationId, target, arguments: list } : undefined;
  }
  if (type === 6) return PING;
  if (type !== 2 && type !== 3) return undefined;
  const { invocationId } = parsed;
  if (!isName(invocationId)) return undefined;
  if (type === 2) {
    const { item } = parsed;
    return item === undefined ? undefined : { kind: "stream-item", invocationId, item };
  }
  const { result } = parsed;
  return result === undefined
    ? undefined
    : { kind: "completion", invocationId, outcome: { kind: "result", value: result } };
}

function isName(value: WireValue): value is string {
  return typeof value === "string" && value !== "";
}

const PING: OrdinaryMessage = Object.freeze({ kind: "ping" });

/** What is around the values of a record, at least. */
const CALL = '{"type":1,"target":"","arguments":}'.length;
const ID = ',"invocationId":""'.length;
const ITEM = '{"type":2,"invocationId":"","item":}'.length;
const RESULT = '{"type":3,"invocationId":"","result":}'.length;
const PING_TEXT = '{"type":6}'.length;

/** The fewest units of a record that says this: a text that is hardly longer has room for nothing else, and is not deep. */
export function leastLengthOfMessage(message: OrdinaryMessage): number {
  const { kind } = message;
  if (kind === "invocation") {
    const { invocationId, target } = message;
    const head = CALL + target.length + leastLength(message.arguments);
    return invocationId === undefined ? head : head + ID + invocationId.length;
  }
  if (kind === "ping") return PING_TEXT;
  if (kind === "stream-item") return ITEM + message.invocationId.length + leastLength(message.item);
  const { invocationId, outcome } = message;
  return RESULT + invocationId.length + (outcome.kind === "result" ? leastLength(outcome.value) : 0);
}

/** True where every number is exact, nothing is too deep, and the record has each of its names once and no others. */
function isSound(text: string, parsed: Parsed, message: OrdinaryMessage): boolean {
  let names = 0;
  for (const _ in parsed) names += 1;
  if (names !== namesOf(message) || mayHoldInexactNumbers(text)) return false;
  if (text.length <= MAX_LENGTH_FOR_DUPLICATE_SEARCH && mayRepeat(text, parsed, message)) return false;
  return (
    text.length <= 2 * MAX_DEPTH_OF_DOTNET_JSON ||
    !hasMoreBrackets(text, MAX_DEPTH_OF_DOTNET_JSON) ||
    depthOf(parsed) <= MAX_DEPTH_OF_DOTNET_JSON
  );
}

function namesOf(message: OrdinaryMessage): number {
  if (message.kind === "ping") return 1;
  return message.kind === "invocation" && message.invocationId !== undefined ? 4 : 3;
}

/** Where the payload stands last, as .NET writes it, only what is behind it is searched. */
function mayRepeat(text: string, parsed: Parsed, message: OrdinaryMessage): boolean {
  const { head, payload } = partsOf(message);
  return typeof payload === "object" && payload !== null && text.startsWith(head)
    ? behindPayload(text, head.length, Array.isArray(payload) ? "]" : "}", parsed)
    : mayRepeatNames(text, parsed);
}

function partsOf(message: OrdinaryMessage): { readonly head: string; readonly payload: WireValue } {
  switch (message.kind) {
    case "invocation": {
      const { invocationId, target, arguments: payload } = message;
      const id = invocationId === undefined ? "" : `,"invocationId":"${invocationId}"`;
      return { head: `{"type":1${id},"target":"${target}","arguments":`, payload };
    }
    case "stream-item":
      return { head: `{"type":2,"invocationId":"${message.invocationId}","item":`, payload: message.item };
    case "completion": {
      const { invocationId, outcome } = message;
      const payload = outcome.kind === "result" ? outcome.value : undefined;
      return { head: `{"type":3,"invocationId":"${invocationId}","result":`, payload };
    }
    case "ping":
      return { head: "", payload: undefined };
  }
}
