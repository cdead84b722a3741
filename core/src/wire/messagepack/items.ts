import type { DecodeIssue, DecodeIssueCode } from "../decode-issue.ts";
import { Extension, type MessageHeaders, Timestamp, type WireValue } from "../hub-message.ts";
import { MAX_DETAIL_LENGTH } from "../limits.ts";
import { createReader, enter, type Reader, readSize, readValue } from "./reader.ts";

/** The items of a record, read in order. HubProtocol.md: by position, whatever the array header says. */
export interface Items {
  readonly reader: Reader;
  readonly issues: DecodeIssue[];
  /** From the array header; .NET reads on beyond it while there are bytes. */
  readonly count: number;
  /** All that was read, the type first. */
  readonly read: WireValue[];
}

/** Undefined where the record is no array; the reader's fault says why where it cannot be one. */
export function openItems(bytes: Uint8Array, issues: DecodeIssue[]): Items | undefined {
  const reader = createReader(bytes, issues);
  const head = bytes[0] ?? 0xc0;
  const isShort = head >= 0x90 && head <= 0x9f;
  if (!isShort && head !== 0xdc && head !== 0xdd) return undefined;
  reader.at = 1;
  const count = isShort ? head & 0x0f : readSize(reader, head === 0xdc ? 2 : 4);
  // Not owed: receivers read by position, so a header that promises too much does no harm here.
  enter(reader, 0);
  return { reader, issues, count, read: [] };
}

/** The next item; undefined, which MessagePack cannot say, where there is none or it cannot be read. */
export function nextItem(items: Items): WireValue {
  const { reader } = items;
  if (reader.fault !== undefined || reader.at >= reader.bytes.length) return undefined;
  const item = readValue(reader);
  if (item !== undefined) items.read.push(item);
  return item;
}

export function hasItem(items: Items): boolean {
  return items.reader.fault === undefined && items.reader.at < items.reader.bytes.length;
}

/** True while the array header promises more items than were read. */
export function isPromised(items: Items): boolean {
  return items.read.length < items.count;
}

export function flaw(items: Items, code: DecodeIssueCode, field: string, value?: WireValue): void {
  const detail = value === undefined ? undefined : { detail: shortItem(value) };
  items.issues.push({ code, field, ...detail });
}

/** A missing item is an issue of its own only where the bytes themselves are sound. */
export function missing(items: Items, field: string): void {
  if (items.reader.fault === undefined) flaw(items, "missing-field", field);
}

export function textItem(items: Items, field: string): string {
  const item = nextItem(items);
  if (typeof item === "string") {
    if (item === "") flaw(items, "empty-field", field);
    return item;
  }
  if (item === undefined) missing(items, field);
  else flaw(items, item === null ? "null-field" : "wrong-field-type", field, item);
  return "";
}

/** Nil and "" are both "no completion wanted". */
export function optionalIdItem(items: Items): string | undefined {
  const item = nextItem(items);
  if (typeof item === "string") {
    if (item !== "") return item;
    flaw(items, "ignored-field", "invocationId", item);
  } else if (item === undefined) {
    missing(items, "invocationId");
  } else if (item !== null) {
    flaw(items, "wrong-field-type", "invocationId", item);
  }
  return undefined;
}

export function headersItem(items: Items): { readonly headers: MessageHeaders } | undefined {
  const item = nextItem(items);
  if (item === undefined) {
    missing(items, "headers");
    return undefined;
  }
  if (item instanceof Map) {
    flaw(
      items,
      "wrong-field-type",
      "headers",
      [...item.keys()].find((key) => typeof key !== "string"),
    );
    return undefined;
  }
  if (!isPlainObject(item)) {
    flaw(items, item === null ? "null-field" : "wrong-field-type", "headers", item);
    return undefined;
  }
  const names = Object.keys(item);
  for (const name of names) {
    const value = item[name];
    if (typeof value !== "string") flaw(items, "wrong-field-type", `headers.${name}`, value);
    else if (name === "" || value === "") flaw(items, "empty-field", `headers.${name}`);
  }
  return names.length > 0 ? { headers: item } : undefined;
}

/** .NET takes arguments that are no array for a failure to bind: the call fails, the connection lives. */
export function argumentsItem(items: Items): readonly WireValue[] {
  const item = nextItem(items);
  if (Array.isArray(item)) return item;
  if (item === undefined) missing(items, "arguments");
  else flaw(items, "unbindable-field", "arguments", item);
  return [];
}

/** The sixth item of a call, which old peers and the JavaScript client leave out. */
export function streamIdsItem(items: Items): { readonly streamIds: readonly string[] } | undefined {
  if (!isPromised(items)) return undefined;
  const item = nextItem(items);
  if (!Array.isArray(item)) {
    if (item === undefined) missing(items, "streamIds");
    else flaw(items, item === null ? "null-field" : "wrong-field-type", "streamIds", item);
    return undefined;
  }
  const odd = item.find((id) => typeof id !== "string" || id === "");
  if (odd !== undefined) {
    flaw(
      items,
      odd === "" ? "empty-field" : odd === null ? "null-field" : "wrong-field-type",
      "streamIds",
      odd,
    );
  }
  return item.length > 0 && item.every((id) => typeof id === "string") ? { streamIds: item } : undefined;
}

function isPlainObject(value: WireValue): value is Readonly<Record<string, WireValue>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array || value instanceof Timestamp || value instanceof Extension)
  );
}

/** A hint at what stands where something else belongs; long or nested values only by their kind. */
export function shortItem(value: WireValue): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, MAX_DETAIL_LENGTH));
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Timestamp) return "a timestamp";
  if (value instanceof Extension) return `an extension of type ${value.type}`;
  if (value instanceof Map) return "a map";
  if (typeof value === "object" && value !== null) return "a map";
  return String(value);
}
