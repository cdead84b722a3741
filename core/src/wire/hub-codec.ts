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
export interface DecodedMessage {
  readonly message: HubMessage;
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
 * One hub protocol. `decode` never throws and never drops; `encode` throws a TypeError on a value that the
 * protocol cannot carry, which is a fault of the caller.
 */
export interface HubCodec {
  readonly name: HubProtocolName;
  /** Which WebSocket opcode its payloads use. */
  readonly transferFormat: "text" | "binary";
  /** `record` without its framing. */
  decode(record: RawRecord): DecodedMessage;
  /** One message with its framing, ready to send. Handshakes are JSON text in every protocol. */
  encode(message: HubMessage, like?: Writer): string | Uint8Array<ArrayBuffer>;
}
