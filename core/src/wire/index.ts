/** `hubscope/wire`: payloads to records to messages and back. */
export { codecFor, hubProtocolOf } from "./codecs.ts";
export {
  type ConnectionDecoder,
  type ConnectionDecoderOptions,
  createConnectionDecoder,
  type DecoderProtocol,
} from "./connection-decoder.ts";
export { DECODE_ISSUE_CODES, type DecodeIssue, type DecodeIssueCode, isFatalIssue } from "./decode-issue.ts";
export { isHandshakeRequest, isNegotiateUrl, looksLikeHubTraffic } from "./detect-protocol.ts";
export { type PrefixedRecords, type PrefixedTail, splitLengthPrefixed } from "./framing/length-prefix.ts";
export {
  type FramedRecord,
  RECORD_SEPARATOR,
  type SeparatedRecords,
  splitRecordSeparated,
} from "./framing/record-separator.ts";
export type { Piece, Tail } from "./framing/tail.ts";
export {
  decodeHandshakeRequest,
  decodeHandshakeResponse,
  encodeHandshakeRequest,
  encodeHandshakeResponse,
} from "./handshake.ts";
export type {
  DecodedMessage,
  DecodedRecord,
  HubCodec,
  HubProtocolName,
  RawRecord,
  Writer,
} from "./hub-codec.ts";
export * from "./hub-message.ts";
export { jsonCodec } from "./json/codec.ts";
export { messagePackCodec } from "./messagepack/codec.ts";
export {
  type AvailableTransport,
  connectUrl,
  type NegotiateResponse,
  negotiateUrl,
  parseNegotiateResponse,
} from "./negotiate.ts";
export type { ByteLength, Direction, OmittedReason, Payload } from "./payload.ts";
export { timestampText } from "./timestamp-text.ts";
