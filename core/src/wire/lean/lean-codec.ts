import type { DecodedMessage, WireCodec } from "../hub-codec.ts";
import type { HubMessage } from "../hub-message.ts";

/**
 * A codec for those who count bytes: the same messages for whatever a peer writes by the specification, all types and
 * versions, 64-bit integers and inexact numbers included. What it leaves out, against the codecs of `hubscope/wire`:
 *
 * - A record with anything wrong in its fields is undecodable, with the first issue and its value, where the others
 *   still make a message of it. Issues have no offsets and hardly a detail.
 * - Not looked for: names that come twice (the last counts), JSON deeper than .NET reads, empty stream IDs, and
 *   a BOM or bytes that are not UTF-8 in a JSON record that came as bytes.
 * - No index, no byte ranges, no outline, no compressed values.
 * - One writer: MessagePack as .NET writes it, JSON as `JSON.stringify` does. JSON values are what that can write;
 *   anything else, bytes and bigints too, is a TypeError, and minus zero is zero.
 */
export interface LeanCodec extends WireCodec<"json" | "messagepack", HubMessage> {
  /** All records of a whole payload; one that the payload cuts is undecodable, with `incomplete-at-close`. */
  decodePayload(payload: string | Uint8Array): readonly DecodedMessage[];
}
