import { encodeUtf8Into, utf8Length } from "../../bytes/utf8.ts";
import { makeRoom, type Output } from "./output.ts";

/** Below this a loop beats the fixed cost of a TextEncoder call. */
const SHORT = 160;

export function writeText(output: Output, text: string): void {
  const units = text.length;
  if (units > SHORT) {
    writeLongText(output, text);
    return;
  }
  makeRoom(output, units * 3 + 5);
  const { bytes } = output;
  const start = output.at;
  const headSize = units < 0x20 ? 1 : 2;
  let at = start + headSize;
  for (let index = 0; index < units; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) {
      at = writeForeign(bytes, at, text, index);
      break;
    }
    bytes[at++] = unit;
  }
  const length = at - start - headSize;
  const needed = length < 0x20 ? 1 : length < 0x100 ? 2 : 3;
  if (needed !== headSize) {
    bytes.copyWithin(start + needed, start + headSize, at);
    at += needed - headSize;
  }
  output.at = start;
  writeTextHead(output, length);
  output.at = at;
}

/** From the first character that is not ASCII on. A lone surrogate becomes U+FFFD, as a TextEncoder makes it. */
function writeForeign(bytes: Uint8Array, start: number, text: string, from: number): number {
  let at = start;
  for (let index = from; index < text.length; index++) {
    let point = text.codePointAt(index) as number;
    if (point < 0x80) {
      bytes[at++] = point;
      continue;
    }
    if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
    } else {
      if (point >= 0xd800 && point < 0xe000) point = 0xfffd;
      if (point > 0xffff) {
        index += 1;
        bytes[at++] = 0xf0 | (point >> 18);
        bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      } else {
        bytes[at++] = 0xe0 | (point >> 12);
      }
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (point & 0x3f);
  }
  return at;
}

function writeLongText(output: Output, text: string): void {
  const length = utf8Length(text);
  makeRoom(output, length + 5);
  writeTextHead(output, length);
  encodeUtf8Into(text, output.bytes.subarray(output.at, output.at + length));
  output.at += length;
}

/** There is room for it. */
function writeTextHead(output: Output, length: number): void {
  const { bytes, view } = output;
  if (length < 0x20) {
    bytes[output.at++] = 0xa0 | length;
  } else if (length < 0x100) {
    bytes[output.at++] = 0xd9;
    bytes[output.at++] = length;
  } else if (length < 0x1_0000) {
    bytes[output.at++] = 0xda;
    view.setUint16(output.at, length);
    output.at += 2;
  } else {
    bytes[output.at++] = 0xdb;
    view.setUint32(output.at, length);
    output.at += 4;
  }
}
