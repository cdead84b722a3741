import type { HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import type {
  CompletionOutcome,
  HubMessage,
  MessageHeaders,
  WireValue,
} from "../../../core/src/wire/hub-message.ts";
import { type ArgumentsFault, parseArguments, parseReply } from "../../arguments/parse-arguments.ts";
import type { SendContent } from "./send-content.ts";
import { fieldsOf } from "./send-kinds.ts";

/** What the form says, made a message; or what is in the way, in a sentence. */
export type BuiltMessage =
  | {
      readonly kind: "built";
      readonly message: HubMessage;
      /** Items of each upload, in the order of the message's stream IDs. */
      readonly uploads: readonly (readonly WireValue[])[];
    }
  /** The text of the arguments or the value is at fault. */
  | { readonly kind: "faulty"; readonly fault: ArgumentsFault }
  | { readonly kind: "unfinished"; readonly obstacle: string };

/** `freshId` names what has no name of its own yet: an invocation, an upload. */
export function buildMessage(
  content: SendContent,
  protocol: HubProtocolName,
  freshId: () => string,
): BuiltMessage {
  const fields = fieldsOf(content.kind);
  const target = content.target.trim();
  if (fields.has("target") && target === "") return unfinished("Name the target first.");
  if (fields.has("invocation") && content.invocationId === "")
    return unfinished("Name the invocation ID first.");
  const headers = headersOf(content, protocol);
  if (typeof headers === "string") return unfinished(headers);
  const withHeaders = headers === undefined ? {} : { headers };
  switch (content.kind) {
    case "invocation":
    case "send":
    case "stream": {
      const parsed = parseArguments(content.text, protocol, content.secrets);
      if (parsed.kind === "faulty") return { kind: "faulty", fault: parsed };
      const streamIds = parsed.uploads.map(freshId);
      const call = {
        ...withHeaders,
        target,
        arguments: parsed.arguments,
        ...(streamIds.length === 0 ? {} : { streamIds }),
      };
      const message: HubMessage =
        content.kind === "stream"
          ? { kind: "stream-invocation", invocationId: freshId(), ...call }
          : { kind: "invocation", ...(content.kind === "send" ? {} : { invocationId: freshId() }), ...call };
      return { kind: "built", message, uploads: parsed.uploads };
    }
    case "item": {
      const parsed = parseReply(content.text, protocol, content.secrets);
      if (parsed.kind === "faulty") return { kind: "faulty", fault: parsed };
      if (parsed.value === undefined) return unfinished("Write the item first.");
      const { invocationId } = content;
      return built({ kind: "stream-item", ...withHeaders, invocationId, item: parsed.value });
    }
    case "completion": {
      const outcome = outcomeOf(content, protocol);
      if ("obstacle" in outcome) return unfinished(outcome.obstacle);
      if ("fault" in outcome) return { kind: "faulty", fault: outcome.fault };
      return built({ kind: "completion", ...withHeaders, invocationId: content.invocationId, outcome });
    }
    case "cancel":
      return built({ kind: "cancel-invocation", ...withHeaders, invocationId: content.invocationId });
    case "ping":
      return built({ kind: "ping" });
    case "close": {
      const error = content.error === "" ? {} : { error: content.error };
      return built({ kind: "close", ...error, allowReconnect: content.allowReconnect });
    }
    default:
      return content.kind satisfies never;
  }
}

type OutcomeOrNot = CompletionOutcome | { readonly obstacle: string } | { readonly fault: ArgumentsFault };

function outcomeOf({ outcome, text, error, secrets }: SendContent, protocol: HubProtocolName): OutcomeOrNot {
  if (outcome === "void") return { kind: "void" };
  if (outcome === "error") {
    return error === "" ? { obstacle: "Write the error first." } : { kind: "error", message: error };
  }
  const parsed = parseReply(text, protocol, secrets);
  if (parsed.kind === "faulty") return { fault: parsed };
  if (parsed.value === undefined) return { obstacle: "Write the result first, or choose “No result”." };
  return { kind: "result", value: parsed.value };
}

/** A sentence where the text is no object. */
function headersOf(
  { headers, secrets, kind }: SendContent,
  protocol: HubProtocolName,
): MessageHeaders | undefined | string {
  if (!fieldsOf(kind).has("headers")) return undefined;
  const parsed = parseReply(headers, protocol, secrets);
  if (parsed.kind === "faulty")
    return `The headers cannot be read: line ${parsed.line}, column ${parsed.column}: ${parsed.message}`;
  const { value } = parsed;
  if (value === undefined) return undefined;
  if (isPlainObject(value)) return value;
  return 'Headers are one object: {"name": "value"}.';
}

function isPlainObject(value: WireValue): value is Record<string, WireValue> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

const built = (message: HubMessage): BuiltMessage => ({ kind: "built", message, uploads: [] });
const unfinished = (obstacle: string): BuiltMessage => ({ kind: "unfinished", obstacle });
