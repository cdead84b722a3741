import { Extension, JsonNumber, Timestamp, type WireValue } from "../wire/hub-message.ts";
import { compressedValue } from "../wire/messagepack/compressed-value.ts";
import { timestampText } from "../wire/timestamp-text.ts";
import type { PreviewWriter } from "./preview-writer.ts";

/**
 * Writes a value until it ends or the writer is full, and looks no further than that. `isUnpacked`: it is within what
 * was compressed, where nothing is compressed again.
 */
export function writeValue(writer: PreviewWriter, value: WireValue, isUnpacked = false): void {
  if (writer.isFull()) return;
  switch (typeof value) {
    case "string":
      writer.string(value);
      return;
    case "number":
      writer.push("number", Object.is(value, -0) ? "-0" : String(value));
      return;
    case "bigint":
      writer.push("number", String(value));
      return;
    case "boolean":
    case "undefined":
      writer.push("word", String(value));
      return;
    case "object":
      if (value === null) writer.push("word", "null");
      else writeObject(writer, value, isUnpacked);
      return;
    default:
      // No decoder makes functions or symbols.
      writer.push("word", typeof value);
      return;
  }
}

function writeObject(writer: PreviewWriter, value: object, isUnpacked: boolean): void {
  if (value instanceof JsonNumber) {
    writer.push("number", value.source);
    return;
  }
  if (value instanceof Timestamp) {
    writer.push("word", timestampText(value));
    return;
  }
  const compressed = isUnpacked ? undefined : compressedValue(value);
  if (compressed !== undefined) {
    // What it stands for: that it was compressed is told where it is laid open.
    writeValue(writer, compressed.value, true);
    return;
  }
  if (value instanceof Extension) {
    writer.push("word", `ext ${value.type} `);
    writeBytes(writer, value.bytes);
    return;
  }
  if (value instanceof Uint8Array) {
    writeBytes(writer, value);
    return;
  }
  if (Array.isArray(value)) {
    writer.push("punctuation", "[");
    writeList(writer, value, isUnpacked);
    writer.push("punctuation", "]");
    return;
  }
  writer.push("punctuation", "{");
  if (value instanceof Map) writeEntries(writer, value, isUnpacked);
  else writeEntries(writer, propertiesOf(value), isUnpacked);
  writer.push("punctuation", "}");
}

export function writeList(writer: PreviewWriter, values: readonly WireValue[], isUnpacked = false): void {
  let isFirst = true;
  for (const value of values) {
    if (!isFirst) writer.push("punctuation", ", ");
    if (writer.isFull()) return;
    isFirst = false;
    writeValue(writer, value, isUnpacked);
  }
}

function writeEntries(
  writer: PreviewWriter,
  entries: Iterable<readonly [WireValue, WireValue]>,
  isUnpacked: boolean,
): void {
  let isFirst = true;
  for (const [key, value] of entries) {
    if (!isFirst) writer.push("punctuation", ", ");
    if (writer.isFull()) return;
    isFirst = false;
    if (typeof key === "string") writer.key(key);
    else writeValue(writer, key, isUnpacked);
    writer.push("punctuation", ": ");
    writeValue(writer, value, isUnpacked);
  }
}

function* propertiesOf(value: object): Generator<readonly [string, WireValue]> {
  const record = value as Readonly<Record<string, WireValue>>;
  for (const key in record) {
    if (Object.hasOwn(record, key)) yield [key, record[key]];
  }
}

const MOST_BYTES = 64;

function writeBytes(writer: PreviewWriter, bytes: Uint8Array): void {
  writer.push("word", `${bytes.length} ${bytes.length === 1 ? "byte" : "bytes"}`);
  const shown = Array.from(bytes.subarray(0, MOST_BYTES), (byte) => byte.toString(16).padStart(2, "0"));
  if (shown.length > 0) writer.push("number", ` ${shown.join(" ")}`);
  if (bytes.length > MOST_BYTES) writer.push("punctuation", " …");
}
