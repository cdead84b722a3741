import type { ByteLength, Payload } from "../wire/payload.ts";

/** Puts the pieces of a small text body together. */
export interface TextCollector {
  add(payload: Payload): void;
  /** Bytes that passed, whether kept or not. */
  size(): ByteLength;
  /** The text so far; undefined where a piece is missing or the whole is too long to be what we look for. */
  whole(): string | undefined;
  /** What there is of it, short enough to be kept and shown. */
  shown(): string;
}

const MOST_COLLECTED = 1024 * 1024;
const MOST_SHOWN = 64 * 1024;

export function createTextCollector(): TextCollector {
  // One decoder for all pieces: a character may be cut by their border.
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let text = "";
  let size = 0;
  let complete = true;

  return {
    add(payload) {
      const length = payload.kind === "text" ? encoder.encode(payload.text).length : sizeOf(payload);
      size += length;
      if (payload.kind === "omitted" || size > MOST_COLLECTED) complete = false;
      if (!complete || payload.kind === "omitted") return;
      text += payload.kind === "text" ? payload.text : decoder.decode(payload.bytes, { stream: true });
    },
    size: () => size,
    whole: () => (complete ? text : undefined),
    shown: () => text.slice(0, MOST_SHOWN),
  };
}

function sizeOf(payload: Exclude<Payload, { kind: "text" }>): ByteLength {
  return payload.kind === "binary" ? payload.bytes.length : payload.size;
}
