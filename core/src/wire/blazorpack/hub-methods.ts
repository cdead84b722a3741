import { decodeUtf8 } from "../../bytes/utf8.ts";
import type { HubMessage, WireValue } from "../hub-message.ts";
import {
  type BlazorParameter,
  type BlazorSender,
  type BlazorSignature,
  blazorMethodOf,
  CALL_TYPES,
  RESULT_TYPES,
} from "./hub-signatures.ts";
import { type InteropJson, readInteropJson } from "./interop-json.ts";

/** A message of the Blazor hub with names to its arguments. */
export interface BlazorCall {
  /** As the specification of the hub spells it. */
  readonly target: string;
  readonly sender: BlazorSender;
  readonly arguments: readonly BlazorArgument[];
  /** The argument list that fits. Undefined where the message has another number of arguments than any version. */
  readonly signature: BlazorSignature | undefined;
}

/** An argument of a call, with the name and the meaning that its position has. */
export interface BlazorArgument {
  /** `argument 4` where no version known to us has one here. */
  readonly name: string;
  readonly kind: BlazorParameter["kind"] | "unknown";
  readonly value: WireValue;
  /** What the number means: `JSVoidResult`. */
  readonly meaning?: string;
  /** Parses the JSON in the text, on each call anew. Undefined where there is none. */
  json(): InteropJson | undefined;
}

/** Undefined for messages that are no calls, and for targets that no version of Blazor Server has. */
export function describeBlazorCall(message: HubMessage): BlazorCall | undefined {
  if (message.kind !== "invocation" && message.kind !== "stream-invocation") return undefined;
  const method = blazorMethodOf(message.target);
  if (method === undefined) return undefined;
  const { signatures, target, sender } = method;
  const values = message.arguments;
  const signature = signatures.find(({ parameters }) => parameters.length === values.length);
  // The newest names fit best where a version to come has appended some.
  const { parameters } = signature ?? signatures[0] ?? { parameters: [] };
  return {
    target,
    sender,
    signature,
    arguments: values.map((value, index) => {
      const isError = target === "JS.EndInvokeDotNet" && index === 2 && values[1] === false;
      return argumentOf(value, isError ? ERROR : parameters[index], index);
    }),
  };
}

/** In place of the result, where .NET has none. */
const ERROR: BlazorParameter = { name: "error", kind: "text" };

function argumentOf(value: WireValue, parameter: BlazorParameter | undefined, index: number): BlazorArgument {
  const { name, kind } = parameter ?? { name: `argument ${index + 1}`, kind: "unknown" };
  const meaning = meaningOf(kind, value);
  return {
    name,
    kind,
    value,
    ...(meaning === undefined ? undefined : { meaning }),
    json: () => (kind === "json" ? jsonOf(value) : undefined),
  };
}

/** A `JsonElement` travels as UTF-8 in a bin; all else that is JSON, as a text. */
function jsonOf(value: WireValue): InteropJson | undefined {
  if (typeof value === "string") return readInteropJson(value);
  return value instanceof Uint8Array ? readInteropJson(decodeUtf8(value).text) : undefined;
}

function meaningOf(kind: BlazorArgument["kind"], value: WireValue): string | undefined {
  if (typeof value !== "number") return undefined;
  if (kind === "result-type") return RESULT_TYPES[value];
  return kind === "call-type" ? CALL_TYPES[value] : undefined;
}
