/**
 * The messages that peers send nearly always, decoded with one `JSON.parse` and as few looks at the text as exactness
 * needs. Whatever is not certain to be ordinary is left to `decode.ts`, which says the same, slower.
 *
 * @module
 */
import type { HubMessage, WireValue } from "../hub-message.ts";
import { MAX_DEPTH_OF_DOTNET_JSON, MAX_LENGTH_FOR_DUPLICATE_SEARCH } from "../limits.ts";
import { depthOf, hasMoreBrackets } from "./depth.ts";
import { LEAST_MORE } from "./least-length.ts";
import { mayHoldInexactNumbers } from "./numbers.ts";
import {
  leastLengthOfMessage,
  type OrdinaryMessage,
  ordinaryMessage,
  type Parsed,
} from "./ordinary-message.ts";
import { behindPayload, mayRepeatNames } from "./repeated-names.ts";

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
  if (typeof payload !== "object" || payload === null || !text.startsWith(head)) {
    return mayRepeatNames(text, parsed);
  }
  const isList = Array.isArray(payload);
  // Where it begins otherwise, that is not the property which counts.
  return text[head.length] === (isList ? "[" : "{")
    ? behindPayload(text, head.length, isList ? "]" : "}", parsed)
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
