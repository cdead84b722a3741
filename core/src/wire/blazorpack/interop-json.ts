import type { DecodeIssue } from "../decode-issue.ts";
import { JsonNumber, type WireValue } from "../hub-message.ts";
import { readJson } from "../json/read-text.ts";
import { setOwn } from "../own-property.ts";

/** What stands in the JSON of a call for a thing that JSON cannot carry. */
export type InteropReference =
  /** `{"__dotNetObject":n}`: a `DotNetObjectReference`. */
  | { readonly kind: "dotnet-object"; readonly id: number }
  /** `{"__jsObjectId":n}`: an `IJSObjectReference`. */
  | { readonly kind: "js-object"; readonly id: number }
  /** `{"__byte[]":n}`: the bytes that came before under this ID. */
  | { readonly kind: "bytes"; readonly id: number }
  /** `{"__dotNetStream":n}`: a `DotNetStreamReference`. */
  | { readonly kind: "dotnet-stream"; readonly id: number }
  /** `{"__jsObjectId":n,"__jsStreamReferenceLength":m}`: an `IJSStreamReference`. */
  | { readonly kind: "js-stream"; readonly id: number; readonly length: number }
  /** `{"__internalId":"…"}`: an `ElementReference`; the ID is that of a capture in the component tree. */
  | { readonly kind: "element"; readonly id: string };

/** Where a reference stands in a value of {@link readInteropJson}. */
export class InteropMarker {
  readonly reference: InteropReference;
  constructor(reference: InteropReference) {
    this.reference = reference;
  }
}

/** The value that a text of a JS interop call holds. */
export interface InteropJson {
  /** Numbers are exact, and an {@link InteropMarker} stands where a reference does. Undefined where the text is no JSON. */
  readonly value: WireValue;
  readonly issues: readonly DecodeIssue[];
}

/** Reads arguments or a result of a JS interop call. Never throws; what is odd is in `issues`. */
export function readInteropJson(text: string): InteropJson {
  const issues: DecodeIssue[] = [];
  const value = readJson(text, issues);
  return { value: mayHoldMarkers(text) ? withMarkers(value) : value, issues };
}

function mayHoldMarkers(text: string): boolean {
  // An escaped name is a marker as well.
  return text.includes('"__') || text.includes("\\u");
}

/** As deep as the reader lets a value be. */
function withMarkers(value: WireValue): WireValue {
  if (Array.isArray(value)) return value.map(withMarkers);
  if (typeof value !== "object" || value === null || value instanceof JsonNumber) return value;
  const fields = value as Readonly<Record<string, WireValue>>;
  const reference = referenceOf(fields);
  if (reference !== undefined) return new InteropMarker(reference);
  const object: Record<string, WireValue> = {};
  for (const [name, item] of Object.entries(fields)) setOwn(object, name, withMarkers(item));
  return object;
}

const NUMBERED = new Map<string, "dotnet-object" | "js-object" | "bytes" | "dotnet-stream">([
  ["__dotNetObject", "dotnet-object"],
  ["__jsObjectId", "js-object"],
  ["__byte[]", "bytes"],
  ["__dotNetStream", "dotnet-stream"],
]);

/** Receivers look for the name and take no notice of others beside it; an object with others is shown as it is. */
function referenceOf(fields: Readonly<Record<string, WireValue>>): InteropReference | undefined {
  const names = Object.keys(fields);
  const [name = ""] = names;
  if (names.length === 1) {
    const id = fields[name];
    if (name === "__internalId") return typeof id === "string" ? { kind: "element", id } : undefined;
    const kind = NUMBERED.get(name);
    return kind !== undefined && isId(id) ? { kind, id } : undefined;
  }
  if (names.length !== 2 || !names.includes("__jsStreamReferenceLength")) return undefined;
  const { __jsObjectId: id, __jsStreamReferenceLength: length } = fields;
  return isId(id) && isId(length) ? { kind: "js-stream", id, length } : undefined;
}

function isId(value: WireValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}
