/** Payloads to records to messages and back. */
export { type BatchLine, printBatchLines, summarizeChanges } from "./blazorpack/batch-summary.ts";
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
export { createClassicCodec } from "./classic/codec.ts";
export { type Cursor, type CursorEntry, cursorText, parseCursor, topicNumber } from "./classic/cursor.ts";
export { type ClassicDecodeOptions, type DecodedClassic, decodeClassicRecord } from "./classic/decode.ts";
export { encodeClassic } from "./classic/encode.ts";
export type { ConnectionKind } from "./classic/envelope.ts";
export { decodeStreamEvent, streamEventText } from "./classic/event-stream.ts";
export {
  createForeverFrameParser,
  type ForeverFrameParser,
  type FrameScript,
  frameOpening,
  frameScriptText,
} from "./classic/forever-frame.ts";
export { type ClassicForm, formText, parseForm, sentText } from "./classic/form.ts";
export { type ClassicHttpError, classicHttpError } from "./classic/http-error.ts";
export {
  type HubsScript,
  parseHubsScript,
  type ScriptHub,
  type ScriptMethod,
  type ScriptParameter,
} from "./classic/hubs-script.ts";
export { isJsonpCallback, type JsonpBody, jsonpText, parseJsonp } from "./classic/jsonp.ts";
export {
  type ClassicMessage,
  type ClientInvocation,
  type ConnectionError,
  type Envelope,
  type EnvelopeData,
  type EnvelopeItem,
  type FrameInitialised,
  type HubCall,
  type HubError,
  type HubResult,
  idText,
  type KeepAlive,
  type PersistentData,
  type Progress,
  type StreamInitialised,
} from "./classic/message.ts";
export {
  type ClassicAccepted,
  type ClassicNegotiateResponse,
  parseClassicNegotiateResponse,
} from "./classic/negotiate.ts";
export { hasStartRequest, resolveProtocol } from "./classic/protocol-version.ts";
export {
  type DecodedBody,
  decodeResponseBody,
  parseSimpleResponse,
  simpleResponseText,
} from "./classic/response-body.ts";
export {
  type ClassicAction,
  type ClassicAddress,
  type ClassicTransport,
  parseClassicAddress,
} from "./classic/urls.ts";
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
  MessageIndex,
  RawRecord,
  WireCodec,
  Writer,
} from "./hub-codec.ts";
export * from "./hub-message.ts";
export { createIrisCodec } from "./iris/codec.ts";
export { type DecodedIris, decodeIrisRecord, type IrisDecodeOptions } from "./iris/decode.ts";
export { encodeIris, irisEvent } from "./iris/encode.ts";
export type { IrisEvent, IrisMessage, IrisNative, IrisType } from "./iris/message.ts";
export { jsonCodec } from "./json/codec.ts";
export { messagePackCodec } from "./messagepack/codec.ts";
export { type CompressedValue, compressedValue, plainValue } from "./messagepack/compressed-value.ts";
export {
  type AvailableTransport,
  connectUrl,
  type NegotiateResponse,
  type NotSignalRReason,
  negotiateUrl,
  parseNegotiateResponse,
} from "./negotiate.ts";
export type { ValueOutline, ValueType } from "./outline.ts";
export { outlineRecord, type RecordOutline } from "./outline-record.ts";
export type { ByteLength, Direction, OmittedReason, Payload } from "./payload.ts";
export { plainCodec } from "./plain/codec.ts";
export { type DecodedPlain, decodePlainRecord } from "./plain/decode.ts";
export { encodePlain } from "./plain/encode.ts";
export type { PlainBinary, PlainJson, PlainMessage, PlainText } from "./plain/message.ts";
export {
  isRefreshUrl,
  parseRefreshResponse,
  REFRESH_ERRORS,
  type RefreshErrorCode,
  type RefreshResponse,
  refreshUrl,
} from "./refresh.ts";
export { timestampText } from "./timestamp-text.ts";
