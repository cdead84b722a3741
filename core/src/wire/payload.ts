/** A count of bytes on the wire. Text counts as UTF-8. */
export type ByteLength = number;

/** "out" is client to server, "in" is server to client, whoever observes it. */
export type Direction = "out" | "in";

/** What one transport event carried: a WebSocket message, an SSE event, a poll response, a send body. */
export type Payload =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Uint8Array }
  /** The source saw that something passed, but does not have it. */
  | { readonly kind: "omitted"; readonly reason: OmittedReason; readonly size: ByteLength };

/**
 * Why a source does not have a payload: over its size limit, not readable for it (a Blob), or recorded
 * without it.
 */
export type OmittedReason = "too-large" | "unreadable" | "not-captured";
