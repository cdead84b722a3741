import { decodeUtf8 } from "../bytes/utf8.ts";
import type { HubProtocolName, RawRecord } from "./hub-codec.ts";
import { outlineJson } from "./json/outline.ts";
import { outlineMessagePack } from "./messagepack/outline.ts";
import type { ValueOutline } from "./outline.ts";

/** Every value of a record with its place, for a view of the bytes. */
export interface RecordOutline {
  /** What the offsets count: bytes of the record, or UTF-16 units of its text. */
  readonly unit: "byte" | "utf16";
  /** The record's own array or object. */
  readonly root: ValueOutline;
}

/**
 * The values of a record with their places; undefined where the record is no whole value. Made when somebody looks:
 * it costs about as much as decoding the record, once, in time and memory linear in its size.
 */
export function outlineRecord(protocol: HubProtocolName, record: RawRecord): RecordOutline | undefined {
  if (protocol === "json") {
    const root = outlineJson(record.kind === "text" ? record.text : decodeUtf8(record.bytes).text);
    return root && { unit: "utf16", root };
  }
  const root = record.kind === "binary" ? outlineMessagePack(record.bytes) : undefined;
  return root && { unit: "byte", root };
}
