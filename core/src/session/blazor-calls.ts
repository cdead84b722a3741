import { rootOperations } from "../wire/blazorpack/root-operations.ts";
import type { DecodedRecord } from "../wire/hub-codec.ts";
import type { Invocation, WireValue } from "../wire/hub-message.ts";
import { messagePackCodec } from "../wire/messagepack/codec.ts";

/**
 * Blazor's own calls and answers. The hub's invocation IDs say nothing of them: each answer is a call of the other
 * side, with a number among its arguments. ASP.NET Core, `RemoteJSRuntime`, `RemoteRenderer`, `CircuitManager.ts`.
 */
export interface BlazorLink {
  /** Is answered by the message with the same name in `answers`; unique among the caller's calls that are open. */
  readonly opens?: string;
  readonly answers?: string;
  /** What the answer says went wrong. */
  readonly error?: string;
}

/** Undefined for messages that open nothing and answer nothing, and for those with arguments of other types. */
export function blazorLink(record: DecodedRecord): BlazorLink | undefined {
  const { head, direction } = record;
  if (head.kind !== "invocation" || head.invocationId !== undefined) return undefined;
  const name = head.target.toLowerCase();
  if (!LINKED.has(name) || name.startsWith("js.") !== (direction === "in")) return undefined;
  const [first, second, third] = argumentsOf(record);
  switch (name) {
    case "js.begininvokejs":
      // 0: .NET does not wait for an answer.
      return first === 0 ? undefined : opens("js", first);
    case "endinvokejsfromdotnet":
      return answers("js", first, second === false ? jsError(third) : undefined);
    case "begininvokedotnetfromjs":
      return opens("net", first);
    case "js.endinvokedotnet":
      return answers("net", first, second === false ? text(third) : undefined);
    case "js.renderbatch":
      return opens("batch", first);
    case "onrendercompleted":
      return answers("batch", first, typeof second === "string" ? second : undefined);
    case "updaterootcomponents":
      return opens("roots", rootOperations(text(first)).batchId);
    case "js.endupdaterootcomponents":
      return answers("roots", first, undefined);
    case "onlocationchanging":
      return opens("location", first);
    case "js.endlocationchanging":
      return answers("location", first, undefined);
    case "js.error":
      return { error: text(first) };
    default:
      return undefined;
  }
}

const LINKED: ReadonlySet<string> = new Set([
  "js.begininvokejs",
  "endinvokejsfromdotnet",
  "begininvokedotnetfromjs",
  "js.endinvokedotnet",
  "js.renderbatch",
  "onrendercompleted",
  "updaterootcomponents",
  "js.endupdaterootcomponents",
  "onlocationchanging",
  "js.endlocationchanging",
  "js.error",
]);

/** Read apart, so that the record keeps no more than was asked of it. */
function argumentsOf({ raw }: DecodedRecord): Invocation["arguments"] {
  const { message } = messagePackCodec.decode(raw);
  return message.kind === "invocation" ? message.arguments : [];
}

function opens(kind: string, id: WireValue): BlazorLink | undefined {
  return isId(id) ? { opens: `${kind} ${id}` } : undefined;
}

function answers(kind: string, id: WireValue, error: string | undefined): BlazorLink | undefined {
  if (!isId(id)) return undefined;
  return { answers: `${kind} ${id}`, ...(error !== undefined && { error }) };
}

function isId(value: WireValue): value is string | number | bigint {
  return typeof value === "string" || typeof value === "bigint" || Number.isSafeInteger(value);
}

/** `[handle,false,"message\nstack"]`. */
function jsError(json: WireValue): string {
  try {
    const said: unknown = JSON.parse(text(json));
    const error: unknown = Array.isArray(said) ? said[2] : undefined;
    return typeof error === "string" ? error : text(json);
  } catch {
    // Not what the script writes; shown as it is.
    return text(json);
  }
}

function text(value: WireValue): string {
  return typeof value === "string" ? value : "";
}
