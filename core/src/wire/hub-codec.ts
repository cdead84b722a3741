import type { DecodeIssue } from "./decode-issue.ts";
import type { HubMessage, MessageHead } from "./hub-message.ts";
import type { ByteLength, Direction } from "./payload.ts";

/** Hub protocols by the name that the handshake uses. `blazorpack` is Blazor Server's. */
export type HubProtocolName = "json" | "messagepack" | "blazorpack";

/** One framed item without its framing: no 0x1E, no length prefix. */
export type RawRecord =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Uint8Array };

/** What a record says, and what is odd about it. */
export interface DecodedMessage<Message = HubMessage> {
  readonly message: Message;
  readonly issues: readonly DecodeIssue[];
}

/**
 * What can be told of a record without its content. `full` is there where that was not certain and the record was
 * decoded after all; its message is the head then.
 *
 * The head of an indexed record and the message of the same record agree, but for what an index cannot know: that the
 * content is broken, too deep or has something behind it, and that a property is repeated behind the content. Then the
 * message may be `undecodable` or say otherwise, and has an issue.
 */
export interface MessageIndex {
  readonly head: MessageHead;
  readonly full?: DecodedMessage;
  /** Where arguments, item or result begin and end (bytes, or UTF-16 units of text); 0 and 0 without. */
  readonly start: number;
  readonly end: number;
}

/** A record of a connection. The raw record is always kept; `message` and `issues` are decoded when first asked for. */
export interface DecodedRecord extends DecodedMessage {
  /** Without decoding the content. */
  readonly head: MessageHead;
  /** The issues that are known without decoding the content; all of them once `message` or `issues` was read. */
  readonly knownIssues: readonly DecodeIssue[];
  readonly direction: Direction;
  readonly raw: RawRecord;
  /** Bytes on the wire, framing included. */
  readonly size: ByteLength;
}

/**
 * Whose bytes `encode` writes, where two writers put the same message differently: the .NET server and client
 * ("dotnet", the default), or the official JavaScript client ("javascript").
 */
export type Writer = "dotnet" | "javascript";

/**
 * One protocol. `decode` never throws and never drops; `encode` throws a TypeError on a value that the protocol cannot
 * carry, which is a fault of the caller.
 */
export interface WireCodec<Name extends string, Message> {
  readonly name: Name;
  /** Which WebSocket opcode its payloads use. */
  readonly transferFormat: "text" | "binary";
  /** `record` without its framing. The direction matters only where the two sides write differently. */
  decode(record: RawRecord, direction?: Direction): DecodedMessage<Message>;
  /**
   * One message with its framing, ready to send. Bytes are a view: short records share a buffer, so pass on the view,
   * not its `buffer`.
   */
  encode(message: Message, like?: Writer): string | Uint8Array<ArrayBuffer>;
}

/** A hub protocol of ASP.NET Core. Handshakes are JSON text in every one. */
export interface HubCodec extends WireCodec<HubProtocolName, HubMessage> {
  /**
   * All records of a whole payload, each as `decode` has it, and faster than splitting it first: what a transport
   * delivers once the handshake is over. A record that the payload cuts is undecodable, with `incomplete-at-close`; where
   * records may continue in the next payload, use a `ConnectionDecoder`.
   */
  decodePayload(payload: string | Uint8Array): readonly DecodedMessage[];
  /** `record` without its framing. Content is not read, so it takes nearly the same time whatever that is. */
  index(record: RawRecord): MessageIndex;
  /** The same for the record between two offsets of a payload, without its framing. The offsets of the index are the payload's. */
  indexAt(payload: string | Uint8Array, start: number, end: number): MessageIndex;
  /**
   * The same for all whole records of a payload, faster than splitting it first. The offsets of each index are the payload's.
   * What the payload cuts has none.
   */
  indexPayload(payload: string | Uint8Array): readonly MessageIndex[];
}
