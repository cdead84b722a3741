import { decodeUtf8 } from "../../bytes/utf8.ts";
import type { DecodeIssue } from "../decode-issue.ts";
import type { RawRecord } from "../hub-codec.ts";
import type { WireValue } from "../hub-message.ts";
import {
  MAX_DEPTH,
  MAX_DEPTH_OF_DOTNET_JSON,
  MAX_DETAIL_LENGTH,
  MAX_LENGTH_FOR_DUPLICATE_SEARCH,
} from "../limits.ts";
import { depthOf, hasMoreBrackets } from "./depth.ts";
import { parseExactly } from "./exact-parser.ts";
import { mayHoldInexactNumbers } from "./numbers.ts";
import { mayRepeatNames } from "./repeated-names.ts";

/** The text of a record that carries JSON, whatever the payload was. */
export function textOf(record: RawRecord, issues: DecodeIssue[]): string {
  if (record.kind === "text") return record.text;
  const { text, isValid } = decodeUtf8(record.bytes);
  if (!isValid) issues.push({ code: "invalid-utf8" });
  return text;
}

/**
 * The value that `text` is or begins with; undefined, which JSON cannot say, where it is none. Numbers are exact.
 * Repeated names of the outermost object are found in records of ordinary length, deeper ones where it costs nothing.
 */
export function readJson(text: string, issues: DecodeIssue[]): WireValue {
  if (text === "") {
    issues.push({ code: "empty-record" });
    return undefined;
  }
  const value = mayHoldInexactNumbers(text) ? readExactly(text, issues) : readPlainly(text, issues);
  // Nearly every text has too few brackets to be deep, and is not walked through.
  if (text.length <= 2 * MAX_DEPTH_OF_DOTNET_JSON || !hasMoreBrackets(text, MAX_DEPTH_OF_DOTNET_JSON))
    return value;
  const depth = depthOf(value);
  if (depth <= MAX_DEPTH_OF_DOTNET_JSON) return value;
  const isTooDeep = depth > MAX_DEPTH;
  issues.push({ code: "too-deep", detail: isTooDeep ? `more than ${MAX_DEPTH} levels` : `${depth} levels` });
  return isTooDeep ? undefined : value;
}

function readPlainly(text: string, issues: DecodeIssue[]): WireValue {
  let value: WireValue;
  try {
    value = JSON.parse(text);
  } catch {
    // A SyntaxError, or the engine's own limit of depth. The exact parser finds the same fault, in every engine in
    // the same words, and its place.
    return readExactly(text, issues);
  }
  if (text.length <= MAX_LENGTH_FOR_DUPLICATE_SEARCH && mayRepeatNames(text, value)) {
    return readExactly(text, issues);
  }
  return value;
}

function readExactly(text: string, issues: DecodeIssue[]): WireValue {
  const { value, end, fault, duplicates } = parseExactly(text);
  issues.push(...duplicates);
  if (fault !== undefined) {
    issues.push(fault);
    return undefined;
  }
  if (end < text.length) {
    issues.push({ code: "trailing-data", at: end, detail: text.slice(end, end + MAX_DETAIL_LENGTH) });
  }
  return value;
}
