import { REDACTED } from "../../../core/src/session/redaction.ts";
import { type BlazorArgument, describeBlazorCall } from "../../../core/src/wire/blazorpack/hub-methods.ts";
import { InteropMarker, type InteropReference } from "../../../core/src/wire/blazorpack/interop-json.ts";
import { type HubMessage, JsonNumber, type WireValue } from "../../../core/src/wire/hub-message.ts";
import { formatSize } from "../../format/format-size.ts";
import { PlainText } from "../../value/plain-text.ts";
import type { ValueChild } from "../../value/value-children.ts";

/**
 * The arguments of a Blazor call by their names, with the JSON that travels in texts read. Undefined for other messages.
 */
export function blazorParts(message: HubMessage): readonly ValueChild[] | undefined {
  const call = describeBlazorCall(message);
  if (call === undefined) return undefined;
  return call.arguments.map((argument, index) => ({
    label: argument.name,
    key: argument.name,
    value: shownArgument(argument),
    argument: index,
  }));
}

function shownArgument(argument: BlazorArgument): WireValue {
  const { kind, value, meaning } = argument;
  if (kind === "secret" && typeof value === "string" && value !== "") return new PlainText(REDACTED);
  if (meaning !== undefined) return new PlainText(`${String(value)}: ${meaning}`);
  const json = argument.json();
  // What is no JSON is shown as the text that it is.
  if (json === undefined || json.value === undefined) return value;
  return withReferences(json.value);
}

/** As deep as the reader of the JSON went. */
function withReferences(value: WireValue): WireValue {
  if (value instanceof InteropMarker) return new PlainText(referenceText(value.reference));
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== "object" || value === null || value instanceof JsonNumber) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withReferences(item)]));
}

/** In the words of .NET's interop. */
export function referenceText(reference: InteropReference): string {
  switch (reference.kind) {
    case "dotnet-object":
      return `DotNetObjectReference ${reference.id}`;
    case "js-object":
      return `IJSObjectReference ${reference.id}`;
    case "bytes":
      return `byte[] ${reference.id}, sent before as ReceiveByteArray`;
    case "dotnet-stream":
      return `DotNetStreamReference ${reference.id}`;
    case "js-stream":
      return `IJSStreamReference ${reference.id}, ${formatSize(reference.length)}`;
    case "element":
      return `ElementReference ${reference.id}`;
    default:
      return reference satisfies never;
  }
}
