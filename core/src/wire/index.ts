/** Payloads to records to messages and back. */
export { type BatchLine, summarizeChanges } from "./blazorpack/batch-summary.ts";
export { type CanonicalNode, canonicalDom, type ParseMarkup } from "./blazorpack/canonical-dom.ts";
export { type BlazorMessage, type CircuitLog, createCircuitLog } from "./blazorpack/circuit.ts";
export type {
  BatchEntry,
  Circuit,
  CircuitHappening,
  CircuitQuestion,
  DomEvent,
  InteropCall,
  InteropOutcome,
  InteropStream,
  MessagePlace,
  RootOperation,
} from "./blazorpack/circuit-model.ts";
export { blazorPackCodec } from "./blazorpack/codec.ts";
export { createComponentTree } from "./blazorpack/component-tree.ts";
export { type DecodedRenderBatch, decodeRenderBatch } from "./blazorpack/decode-render-batch.ts";
export { encodeRenderBatch } from "./blazorpack/encode-render-batch.ts";
export type { HandlerId } from "./blazorpack/handler-id.ts";
export { type BlazorArgument, type BlazorCall, describeBlazorCall } from "./blazorpack/hub-methods.ts";
export type {
  BlazorMethod,
  BlazorParameter,
  BlazorSender,
  BlazorSignature,
} from "./blazorpack/hub-signatures.ts";
export {
  type InteropJson,
  InteropMarker,
  type InteropReference,
  readInteropJson,
} from "./blazorpack/interop-json.ts";
export type {
  BatchRange,
  ComponentDiff,
  Edit,
  Frame,
  RenderBatch,
  RenderBatchIssue,
  RenderBatchIssueCode,
  RenderBatchLayout,
} from "./blazorpack/render-batch.ts";
export type {
  AppliedBatch,
  ComponentNode,
  ComponentTree,
  ElementNode,
  HandlerPlace,
  MarkupNode,
  RootComponent,
  TextNode,
  TreeAttribute,
  TreeChange,
  TreeComponent,
  TreeIssue,
  TreeIssueCode,
  TreeNode,
} from "./blazorpack/tree-model.ts";
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
  type NotSignalRReason,
  negotiateUrl,
  parseNegotiateResponse,
} from "./negotiate.ts";
export type { ByteLength, Direction, OmittedReason, Payload } from "./payload.ts";
export { timestampText } from "./timestamp-text.ts";
