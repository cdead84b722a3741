import type { Payload } from "../../core/src/wire/payload.ts";
import { MAX_PAYLOAD_SIZE } from "../channel/limits.ts";
import type { PageNatives } from "./page-natives.ts";
import { viewParts } from "./view-parts.ts";

/** A payload, or a promise of the bytes of one that must be read first. */
export type CopiedPayload =
  | Payload
  | { readonly kind: "later"; readonly bytes: Promise<ArrayBuffer>; readonly size: number };

const { isView } = ArrayBuffer;
const { apply } = Reflect;
const Bytes = Uint8Array;
const { set: setBytes } = Bytes.prototype;

/** Copies at once: the page may reuse or transfer the buffer as soon as it runs again. */
export function copyPayload(data: unknown, natives: PageNatives): CopiedPayload {
  if (typeof data === "string") return textPayload(data);
  if (typeof data !== "object" || data === null) return textPayload(`${data as number}`);
  try {
    if (isView(data)) {
      const { buffer, offset, size } = viewParts(data);
      return bytesPayload(buffer, offset, size);
    }
    return copyWholePayload(data, natives);
  } catch {
    // Neither buffer nor Blob: the platform made text of it, and asking it again could be seen.
    return { kind: "omitted", reason: "unreadable", size: 0 };
  }
}

function copyWholePayload(data: object, natives: PageNatives): CopiedPayload {
  const size = bufferSizeOf(data, natives);
  if (size !== undefined) return bytesPayload(data as ArrayBuffer, 0, size);
  const blobSize = natives.blobSize(data as Blob);
  if (blobSize > MAX_PAYLOAD_SIZE) return { kind: "omitted", reason: "too-large", size: blobSize };
  return { kind: "later", bytes: natives.readBlob(data as Blob), size: blobSize };
}

function bufferSizeOf(data: object, natives: PageNatives): number | undefined {
  try {
    return natives.bufferSize(data as ArrayBuffer);
  } catch {
    // The accessor's own way of saying that this is no ArrayBuffer.
    return undefined;
  }
}

export function bytesPayload(buffer: ArrayBuffer, offset: number, size: number): Payload {
  if (size > MAX_PAYLOAD_SIZE) return { kind: "omitted", reason: "too-large", size };
  const bytes = new Bytes(size);
  apply(setBytes, bytes, [new Bytes(buffer, offset, size)]);
  return { kind: "binary", bytes };
}

export function textPayload(text: string): Payload {
  if (text.length <= MAX_PAYLOAD_SIZE) return { kind: "text", text };
  return { kind: "omitted", reason: "too-large", size: utf8Size(text) };
}

/** Counted rather than encoded: the text is too large to copy. */
function utf8Size(text: string): number {
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a surrogate pair counts two of the pair's four bytes.
    size += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return size;
}
