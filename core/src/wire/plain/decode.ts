import { decodeUtf8 } from "../../bytes/utf8.ts";
import type { DecodeIssue } from "../decode-issue.ts";
import type { DecodedMessage, RawRecord } from "../hub-codec.ts";
import { readJson } from "../json/read-text.ts";
import { looksLikeJson } from "./detect.ts";
import type { PlainMessage } from "./message.ts";

/** A record decoded. */
export type DecodedPlain = DecodedMessage<PlainMessage>;

/**
 * Text that is JSON is JSON, whatever the sender meant by it. Bytes are JSON where they are an object or an array in
 * UTF-8, which servers in JSON mode take as well.
 */
export function decodePlainRecord(record: RawRecord): DecodedPlain {
  if (record.kind === "text") return jsonOf(record.text) ?? plainText(record.text);
  const { text, isValid } = decodeUtf8(record.bytes);
  const json = isValid && looksLikeJson(text) ? jsonOf(text) : undefined;
  return json ?? { message: { kind: "plain-binary", bytes: record.bytes }, issues: [] };
}

function plainText(text: string): DecodedPlain {
  return { message: { kind: "plain-text", text }, issues: [] };
}

function jsonOf(text: string): DecodedPlain | undefined {
  const issues: DecodeIssue[] = [];
  const value = readJson(text, issues);
  if (value === undefined || issues.some(({ code }) => code === "trailing-data")) return undefined;
  const endsWithNewline = text.endsWith("\n");
  // No receiver here has .NET's limit of depth.
  return {
    message: { kind: "plain-json", value, endsWithNewline },
    issues: issues.filter(({ code }) => code !== "too-deep"),
  };
}
