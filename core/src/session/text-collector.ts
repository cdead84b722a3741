import type { HttpResponseBody } from "../capture-event.ts";
import type { ByteLength, OmittedReason, Payload } from "../wire/payload.ts";

/** Puts the pieces of a small text body together. */
export interface TextCollector {
  add(piece: Pick<HttpResponseBody, "payload" | "isRewritten">): void;
  /** Bytes that passed, whether kept or not. */
  size(): ByteLength;
  /** The text so far; undefined where a piece is missing or the whole is too long to be what we look for. */
  whole(): string | undefined;
  /** Why there is no whole text, of its first gap. "too-long": it all came, and is more than we put together. */
  gap(): OmittedReason | "too-long";
  /** For what is made of the text: whether the source has written it anew. */
  origin(): { readonly isRewritten?: true };
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
  let gap: OmittedReason | "too-long" | undefined;
  let origin: { readonly isRewritten?: true } = {};

  return {
    add({ payload, isRewritten }) {
      if (isRewritten) origin = { isRewritten };
      const length = payload.kind === "text" ? encoder.encode(payload.text).length : sizeOf(payload);
      size += length;
      if (payload.kind === "omitted") gap ??= payload.reason;
      else if (size > MOST_COLLECTED) gap ??= "too-long";
      if (gap !== undefined || payload.kind === "omitted") return;
      text += payload.kind === "text" ? payload.text : decoder.decode(payload.bytes, { stream: true });
    },
    size: () => size,
    whole: () => (gap === undefined ? text : undefined),
    gap: () => gap ?? "not-captured",
    origin: () => origin,
    shown: () => text.slice(0, MOST_SHOWN),
  };
}

function sizeOf(payload: Exclude<Payload, { kind: "text" }>): ByteLength {
  return payload.kind === "binary" ? payload.bytes.length : payload.size;
}
