import { decodeUtf8 } from "../../bytes/utf8.ts";
import { MAX_ISSUES } from "../limits.ts";
import type { BatchRange, RenderBatchIssue, RenderBatchIssueCode } from "./render-batch.ts";

/** The bytes of one batch while they are decoded. */
export interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the footer begins: everything else lies before it. */
  readonly end: number;
  readonly strings: string[];
  readonly stringRanges: BatchRange[];
  readonly issues: RenderBatchIssue[];
}

/** The table has no count: it reaches up to the footer. */
export function readStrings(source: Source): BatchRange {
  const { view, end } = source;
  const table = view.getInt32(end + 16, true);
  if (table < 0 || table > end) {
    note(source, "offset-outside", end + 16, String(table));
    return { start: end, end };
  }
  // Strings that lie upon each other could make of few bytes a text of any length.
  let budget = source.bytes.length;
  for (let at = table; at + 4 <= end; at += 4) {
    const range = stringRange(source, at);
    budget -= range.end - range.start;
    if (budget < 0) {
      note(source, "parts-overlap", at, "strings");
      return { start: table, end };
    }
    source.stringRanges.push(range);
    source.strings.push(textAt(source, range));
  }
  return { start: table, end };
}

const MAX_LENGTH_SIZE = 5;

function stringRange(source: Source, tableAt: number): BatchRange {
  const { bytes, view, end } = source;
  const start = view.getInt32(tableAt, true);
  if (start < 0 || start >= end) {
    note(source, "offset-outside", tableAt, String(start));
    return { start: 0, end: 0 };
  }
  const size = lengthSize(bytes, start);
  const length = lengthAt(bytes, start, size);
  if (size <= MAX_LENGTH_SIZE && start + size + length <= end) return { start, end: start + size + length };
  note(source, "count-outside", start, `a text of ${length} bytes`);
  return { start, end: start };
}

/** Bytes that the length of a text takes: unsigned LEB128. */
function lengthSize(bytes: Uint8Array, at: number): number {
  let size = 1;
  while ((bytes[at + size - 1] ?? 0) >= 0x80 && size <= MAX_LENGTH_SIZE) size += 1;
  return size;
}

function lengthAt(bytes: Uint8Array, at: number, size: number): number {
  let length = 0;
  // Not `<<`: the fifth group would reach the sign bit.
  for (let index = 0; index < size; index++) length += ((bytes[at + index] ?? 0) & 0x7f) * 2 ** (7 * index);
  return length;
}

function textAt(source: Source, { start, end }: BatchRange): string {
  if (start === end) return "";
  const bytes = source.bytes.subarray(start + lengthSize(source.bytes, start), end);
  if (bytes.length === 0) return "";
  const { text, isValid } = decodeUtf8(bytes);
  if (!isValid) note(source, "invalid-utf8", start);
  return text;
}

/** −1 stands for null. */
export function stringAt(source: Source, at: number): string | null {
  const index = source.view.getInt32(at, true);
  if (index === -1) return null;
  const text = source.strings[index];
  if (text !== undefined) return text;
  note(source, "string-outside", at, String(index));
  return null;
}

export function note(source: Source, code: RenderBatchIssueCode, at: number, detail?: string): void {
  if (source.issues.length >= MAX_ISSUES) return;
  source.issues.push(detail === undefined ? { code, at } : { code, at, detail });
}
