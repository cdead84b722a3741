import { decodeUtf8 } from "../../bytes/utf8.ts";
import { MAX_ISSUES } from "../limits.ts";
import type { Reader } from "./reader.ts";

/** Below this a loop over code units beats the fixed cost of a TextDecoder call. */
const SHORT = 24;

/** Bytes that are no UTF-8 become U+FFFD, with an issue. */
export function readUtf8(reader: Reader, start: number, end: number): string {
  if (end - start < SHORT) {
    const text = shortAscii(reader.bytes, start, end);
    if (text !== undefined) return text;
  }
  const { text, isValid } = decodeUtf8(reader.bytes.subarray(start, end));
  if (!isValid && reader.issues.length < MAX_ISSUES) reader.issues.push({ code: "invalid-utf8", at: start });
  return text;
}

function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
