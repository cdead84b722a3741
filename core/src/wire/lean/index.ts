/** The two hub protocols, both ways, in the fewest bytes. */
export type { DecodeIssue, DecodeIssueCode } from "../decode-issue.ts";
export type { DecodedMessage, RawRecord, WireCodec } from "../hub-codec.ts";
export { Extension, type HubMessage, JsonNumber, Timestamp, type WireValue } from "../hub-message.ts";
export { leanJsonCodec } from "./json.ts";
export type { LeanCodec } from "./lean-codec.ts";
export { leanMessagePackCodec } from "./messagepack.ts";
