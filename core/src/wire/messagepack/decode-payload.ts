/**
 * All records of one payload, read where they are: a view of each would cost as much as reading it.
 *
 * @module
 */
import type { DecodeIssue } from "../decode-issue.ts";
import { bodyAt, bodyEnd, viewOf } from "../framing/length-prefix.ts";
import type { Piece } from "../framing/tail.ts";
import type { DecodedMessage } from "../hub-codec.ts";
import { MAX_RECORD_LENGTH } from "../limits.ts";
import { decodeThoroughly } from "./decode.ts";
import { decodeQuickly } from "./quick-decode.ts";
import { closeWindow } from "./quick-text.ts";

export function decodeMessagePackPayload(payload: Piece): readonly DecodedMessage[] {
  if (typeof payload === "string") return [decodeThoroughly({ kind: "text", text: payload })];
  const { length } = payload;
  if (length === 0) return [];
  const only = bodyAt(payload, 0);
  // Nearly all payloads; a list that grows takes room for sixteen more.
  if (only > 0 && bodyEnd === length) {
    const decoded = [decodeBetween(payload, only, length)];
    closeWindow();
    return decoded;
  }
  const decoded: DecodedMessage[] = [];
  let at = 0;
  while (at < length) {
    const start = bodyAt(payload, at);
    const end = bodyEnd;
    if (start < 0 || end > length) {
      const issue = start >= 0 && end - start > MAX_RECORD_LENGTH ? TOO_LONG : INCOMPLETE;
      decoded.push({ message: { kind: "undecodable" }, issues: [issue] });
      break;
    }
    decoded.push(decodeBetween(payload, start, end));
    at = end;
  }
  closeWindow();
  return decoded;
}

const INCOMPLETE: DecodeIssue = { code: "incomplete-at-close" };
const TOO_LONG: DecodeIssue = { code: "length-prefix-too-long", at: 0 };
const NO_ISSUES: readonly DecodeIssue[] = [];

function decodeBetween(payload: Uint8Array, start: number, end: number): DecodedMessage {
  const message = decodeQuickly(payload, start, end);
  return message === undefined
    ? decodeThoroughly({ kind: "binary", bytes: viewOf(payload, start, end) })
    : { message, issues: NO_ISSUES };
}
