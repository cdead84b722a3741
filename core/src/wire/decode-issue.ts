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

export type DecodeIssueCode =
  // Framing
  | "incomplete-at-close"
  | "length-prefix-too-long"
  | "empty-record"
  | "wrong-payload-type"
  | "payload-omitted"
  // Values
  | "not-json"
  | "not-messagepack"
  | "invalid-utf8"
  | "duplicate-key"
  | "too-deep"
  | "trailing-data"
  // Messages
  | "not-an-object"
  | "not-an-array"
  | "missing-type"
  | "unknown-message-type"
  | "missing-field"
  | "empty-field"
  | "wrong-field-type"
  | "null-field"
  | "result-and-error"
  | "unknown-result-kind"
  | "extra-items"
  // Conversation
  | "handshake-missing"
  | "handshake-malformed"
  | "unknown-protocol"
  | "protocol-guessed";
