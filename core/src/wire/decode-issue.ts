/**
 * A fault in observed data. The codes are stable because captures store them and tests and texts match them.
 */
export interface DecodeIssue {
  readonly code: DecodeIssueCode;
  /** The property or item that is at fault, as the specification names it: `target`, `headers.traceparent`. */
  readonly field?: string;
  /** Offset in the record (bytes, or UTF-16 units of a text record) where the fault was found. */
  readonly at?: number;
  /** What a person needs beyond the code: the engine's parse error, the offending value, both short. */
  readonly detail?: string;
}

/**
 * What is at fault. Codes are added, never changed; {@link isFatalIssue} says which ones end a connection in
 * .NET.
 */
export type DecodeIssueCode =
  // Framing
  /** The connection ended inside this record. */
  | "incomplete-at-close"
  /** More than 2 GiB − 1, or more than five prefix bytes. */
  | "length-prefix-too-long"
  | "empty-record"
  /** Text where the protocol is binary. */
  | "wrong-payload-type"
  /** The recording does not have this payload; `detail` says why. */
  | "payload-omitted"
  /** Follows an omitted payload and does not begin with a record, so where records begin is not known. */
  | "framing-lost"
  // Values
  | "not-json"
  | "not-messagepack"
  /** U+FFFD stands for the bytes at fault. */
  | "invalid-utf8"
  /** The last one counts. */
  | "duplicate-key"
  /** Deeper than .NET's JSON reader goes (still decoded), or than we go (not decoded). */
  | "too-deep"
  /** Bytes or text behind the value. .NET ignores it, the JavaScript client refuses the message. */
  | "trailing-data"
  // Messages
  | "not-an-object"
  | "not-an-array"
  | "missing-type"
  /** Receivers skip it. A .NET server with a message size limit reads nothing behind it. */
  | "unknown-message-type"
  | "missing-field"
  | "empty-field"
  | "wrong-field-type"
  | "null-field"
  /** Counts as absent: an empty invocation ID on an invocation. */
  | "ignored-field"
  /** A .NET server refuses the call and keeps the connection. */
  | "unbindable-field"
  | "result-and-error"
  | "unknown-result-kind"
  | "extra-items"
  /** The array header says another number of items than there are. .NET reads by position, the JavaScript client refuses it. */
  | "wrong-item-count"
  // Other protocols than ASP.NET Core's: their receivers fail in ways of their own
  /** Not JSON to the letter. Json.NET on a classic server takes more, and may have read it. */
  | "lenient-json"
  /** A classic server throws the call away: no reply ever comes, the connection lives. */
  | "never-answered"
  /** A Go server drops the message without a word. */
  | "dropped-by-server"
  /** The two ends read it differently. */
  | "read-differently"
  /** No known peer writes it so. Kept as it is. */
  | "unusual-field"
  /** More than a server with default options takes. */
  | "over-size-limit"
  // Conversation
  /** A hub message stands where the handshake belongs. */
  | "handshake-missing"
  | "handshake-malformed"
  /** Records of a protocol that we do not know are kept undecoded. The two ends may know it. */
  | "unknown-protocol"
  /** No handshake was seen; the payloads look like this protocol. */
  | "protocol-guessed";

/**
 * Whether a .NET receiver with default options ends the connection over it (Close with an error, then the transport).
 * What is not fatal is ignored, refused for the one call, or concerns our recording only.
 */
const FATAL: Readonly<Record<DecodeIssueCode, boolean>> = {
  "incomplete-at-close": false,
  "length-prefix-too-long": true,
  "empty-record": true,
  "wrong-payload-type": true,
  "payload-omitted": false,
  "framing-lost": false,
  "not-json": true,
  "not-messagepack": true,
  "invalid-utf8": false,
  "duplicate-key": false,
  "too-deep": true,
  "trailing-data": false,
  "not-an-object": true,
  "not-an-array": true,
  "missing-type": true,
  "unknown-message-type": false,
  "missing-field": true,
  "empty-field": true,
  "wrong-field-type": true,
  "null-field": true,
  "ignored-field": false,
  "unbindable-field": false,
  "result-and-error": true,
  "unknown-result-kind": true,
  "extra-items": false,
  "wrong-item-count": false,
  "lenient-json": false,
  "never-answered": false,
  "dropped-by-server": false,
  "read-differently": false,
  "unusual-field": false,
  "over-size-limit": true,
  "handshake-missing": true,
  "handshake-malformed": true,
  "unknown-protocol": false,
  "protocol-guessed": false,
};

/** All codes, for tables that must know every one. */
export const DECODE_ISSUE_CODES: readonly DecodeIssueCode[] = Object.keys(FATAL) as DecodeIssueCode[];

/** True where a .NET receiver would end the connection over this. */
export function isFatalIssue(issue: DecodeIssue): boolean {
  return FATAL[issue.code];
}
