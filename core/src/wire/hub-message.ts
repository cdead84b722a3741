/**
 * The messages of the hub protocols, whatever their encoding. HubProtocol.md, "Invocations" and following.
 *
 * @module
 */

/**
 * A value as the wire carried it, decoded without knowing its .NET type: null, boolean, string, number,
 * bigint (64-bit integers beyond ±(2^53−1)), {@link JsonNumber}, Uint8Array (bin), {@link Timestamp},
 * {@link Extension}, Map (a MessagePack map with a key that is not a string), arrays and plain objects of these.
 */
export type WireValue = unknown;

/** Everything that a record can say, handshakes included. Told apart by `kind`. */
export type HubMessage =
  | HandshakeRequest
  | HandshakeResponse
  | Invocation
  | StreamItem
  | Completion
  | StreamInvocation
  | CancelInvocation
  | Ping
  | Close
  | Ack
  | Sequence
  | UnknownMessage
  | UndecodableMessage;

/** The kinds of {@link HubMessage}. */
export type HubMessageKind = HubMessage["kind"];

/** Header names and values; HubProtocol.md, "Message Headers". Absent where the record has none or an empty map. */
export type MessageHeaders = Readonly<Record<string, WireValue>>;

interface WithExtra {
  /**
   * What the record carried beyond the fields of its type: for JSON the other properties as an object, for
   * MessagePack the trailing items as an array.
   */
  readonly extra?: WireValue;
}

/** First record of the client. HubProtocol.md, "Overview". */
export interface HandshakeRequest extends WithExtra {
  readonly kind: "handshake-request";
  readonly protocol: string;
  readonly version: number;
}

/** First record of the server. `error` present means that the handshake failed. */
export interface HandshakeResponse extends WithExtra {
  readonly kind: "handshake-response";
  readonly error?: string;
}

/** Type 1. */
export interface Invocation extends WithExtra {
  readonly kind: "invocation";
  readonly headers?: MessageHeaders;
  /** Absent: the caller does not want a completion ("send" rather than "invoke"). */
  readonly invocationId?: string;
  readonly target: string;
  readonly arguments: readonly WireValue[];
  /** Upload streams, in the order of the stream parameters. Absent where the record has none or an empty list. */
  readonly streamIds?: readonly string[];
}

/** Type 2. For an upload, `invocationId` is the stream ID. */
export interface StreamItem extends WithExtra {
  readonly kind: "stream-item";
  readonly headers?: MessageHeaders;
  readonly invocationId: string;
  readonly item: WireValue;
}

/** Type 3. For the end of an upload, `invocationId` is the stream ID. */
export interface Completion extends WithExtra {
  readonly kind: "completion";
  readonly headers?: MessageHeaders;
  readonly invocationId: string;
  readonly outcome: CompletionOutcome;
}

/** How an invocation ended. HubProtocol.md, "Completion Message Encoding". */
export type CompletionOutcome =
  /** `value` may be null: a result that is present and null differs from no result. */
  | { readonly kind: "result"; readonly value: WireValue }
  | { readonly kind: "void" }
  | { readonly kind: "error"; readonly message: string };

/** Type 4. */
export interface StreamInvocation extends WithExtra {
  readonly kind: "stream-invocation";
  readonly headers?: MessageHeaders;
  readonly invocationId: string;
  readonly target: string;
  readonly arguments: readonly WireValue[];
  readonly streamIds?: readonly string[];
}

/** Type 5. */
export interface CancelInvocation extends WithExtra {
  readonly kind: "cancel-invocation";
  readonly headers?: MessageHeaders;
  readonly invocationId: string;
}

/** Type 6. */
export interface Ping extends WithExtra {
  readonly kind: "ping";
}

/** Type 7. */
export interface Close extends WithExtra {
  readonly kind: "close";
  readonly error?: string;
  /** Absent where the record does not say; receivers then take false. */
  readonly allowReconnect?: boolean;
}

/** Type 8: the highest counted message received. Stateful reconnect only. */
export interface Ack extends WithExtra {
  readonly kind: "ack";
  readonly sequenceId: number | bigint;
}

/** Type 9: the number of the first counted message that follows. Stateful reconnect only. */
export interface Sequence extends WithExtra {
  readonly kind: "sequence";
  readonly sequenceId: number | bigint;
}

/** A well-formed record of a type that no specification known to us has. Receivers ignore it. */
export interface UnknownMessage {
  readonly kind: "unknown";
  readonly type: number;
  readonly value: WireValue;
}

/** A record that could be framed but not understood. Kept, never skipped: it may be the bug. */
export interface UndecodableMessage {
  readonly kind: "undecodable";
  /** As far as it could be parsed; absent where nothing could. */
  readonly value?: WireValue;
}

/**
 * What a message says but for its content: the kind, and whatever pairs messages. Absent are headers, arguments, the item,
 * the result, and what is `extra`. Every message is its own head.
 */
export type MessageHead =
  | Pick<Invocation, "kind" | "invocationId" | "target" | "streamIds">
  | Pick<StreamInvocation, "kind" | "invocationId" | "target" | "streamIds">
  | Pick<StreamItem, "kind" | "invocationId">
  | (Pick<Completion, "kind" | "invocationId"> & { readonly outcome: OutcomeHead })
  | Exclude<HubMessage, Invocation | StreamInvocation | StreamItem | Completion>;

/** Which outcome, without the result. */
export type OutcomeHead = { readonly kind: "result" } | Exclude<CompletionOutcome, { kind: "result" }>;

/** A JSON number that a double cannot hold exactly as written. `source` is its text on the wire. */
export class JsonNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** MessagePack timestamp extension (type −1), to the nanosecond. */
export class Timestamp {
  /** Seconds since the epoch; may be negative. bigint only where unsafe as a number. */
  readonly seconds: number | bigint;
  /** 0 to 999 999 999 (a hostile peer may say more; kept as read). */
  readonly nanoseconds: number;
  constructor(seconds: number | bigint, nanoseconds: number) {
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }
}

/** A MessagePack extension that we do not interpret. */
export class Extension {
  /** −128 to 127. */
  readonly type: number;
  readonly bytes: Uint8Array;
  constructor(type: number, bytes: Uint8Array) {
    this.type = type;
    this.bytes = bytes;
  }
}
