import type { DecodeIssue } from "./decode-issue.ts";
import type { HubMessage } from "./hub-message.ts";
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

/** A record of a connection, decoded. The raw record is always kept. */
export interface DecodedRecord extends DecodedMessage {
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
  /** One message with its framing, ready to send. */
  encode(message: Message, like?: Writer): string | Uint8Array<ArrayBuffer>;
}

/** A hub protocol of ASP.NET Core. Handshakes are JSON text in every one. */
export type HubCodec = WireCodec<HubProtocolName, HubMessage>;
