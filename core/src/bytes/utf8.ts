const encoder = new TextEncoder();
// ignoreBOM keeps a leading U+FEFF: what was on the wire is shown, and JSON with it is not JSON.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Lone surrogates become U+FFFD, as in a WebSocket. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** The same into memory that is there already, which has room for {@link utf8Length} bytes. */
export function encodeUtf8Into(text: string, bytes: Uint8Array): void {
  encoder.encodeInto(text, bytes);
}

export interface DecodedUtf8 {
  /** U+FFFD stands for what is not UTF-8. */
  readonly text: string;
  readonly isValid: boolean;
}

export function decodeUtf8(bytes: Uint8Array): DecodedUtf8 {
  const text = decoder.decode(bytes);
  return { text, isValid: !text.includes("\ufffd") || replacements(text) === writtenReplacements(bytes) };
}

/** Bytes that `text` takes as UTF-8, without encoding it. A lone surrogate counts as the U+FFFD it is sent as. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      length += 1;
    } else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(index + 1))) {
      length += 2;
      index += 1;
    } else {
      length += 2;
    }
  }
  return length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** False for NaN, which `charCodeAt` gives past the end. */
function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function replacements(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) count += 1;
  return count;
}

/**
 * U+FFFD that the sender wrote itself. EF always begins a sequence, so EF BF BD decodes to U+FFFD wherever it
 * stands, and every further U+FFFD of the decoded text stands for a fault.
 */
function writtenReplacements(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0xef); at >= 0; at = bytes.indexOf(0xef, at + 1)) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) count += 1;
  }
  return count;
}
