import type { Envelope, HubResult } from "../wire/classic/message.ts";
import type { RawRecord } from "../wire/hub-codec.ts";
import type { Completion, HubMessage } from "../wire/hub-message.ts";
import { writeBlazorCall } from "./blazor-preview.ts";
import type { SessionRecord } from "./model.ts";
import { writeList, writeValue } from "./preview-value.ts";
import { createPreviewWriter, type PreviewToken, type PreviewWriter } from "./preview-writer.ts";

const DEFAULT_LIMIT = 200;

/**
 * What a record says in one line of at most `limit` characters: the arguments of a call, the result or error of a
 * completion, the item of a stream. The type and the target are not repeated. Controls, invisible and bidirectional
 * characters come out as escapes. Costs what it shows, however large the value is.
 */
export function preview(record: SessionRecord, limit: number = DEFAULT_LIMIT): readonly PreviewToken[] {
  const writer = createPreviewWriter(limit);
  writeMessage(writer, record);
  return writer.tokens();
}

/** The same as one text with its strings unescaped, for searching. */
export function searchText(record: SessionRecord, limit: number): string {
  const writer = createPreviewWriter(limit, true);
  writeMessage(writer, record);
  return writer
    .tokens()
    .map(({ text }) => text)
    .join("");
}

function writeMessage(writer: PreviewWriter, { message, raw, direction }: SessionRecord): void {
  switch (message.kind) {
    case "handshake-request":
      writer.push("string", message.protocol);
      writer.push("word", " version ");
      writer.push("number", String(message.version));
      return;
    case "handshake-response":
    case "close":
      writeEnd(writer, message);
      return;
    case "invocation":
    case "stream-invocation":
      if (!writeBlazorCall(writer, direction, message)) writeList(writer, message.arguments);
      return;
    case "stream-item":
      writeValue(writer, message.item);
      return;
    case "completion":
      writeOutcome(writer, message);
      return;
    case "ack":
    case "sequence":
      writer.push("number", String(message.sequenceId));
      return;
    case "cancel-invocation":
    case "ping":
      return;
    case "unknown":
      writeValue(writer, message.value);
      return;
    case "undecodable":
      writeRaw(writer, raw);
      return;
    case "hub-call":
      writeList(writer, message.arguments ?? []);
      return;
    case "hub-result":
      writeResult(writer, message);
      return;
    case "hub-error":
    case "connection-error":
      writer.string(message.error);
      return;
    case "envelope":
      writeEnvelope(writer, message);
      return;
    case "persistent-data":
    case "iris-native":
    case "plain-text":
      writer.string(message.text);
      return;
    case "iris-event":
      writeValue(writer, message.value ?? message.payload);
      return;
    case "plain-json":
      writeValue(writer, message.value);
      return;
    case "plain-binary":
      writeValue(writer, message.bytes);
      return;
    case "frame-initialised":
    case "keep-alive":
    case "stream-initialised":
      return;
    default:
      message satisfies never;
  }
}

function writeOutcome(writer: PreviewWriter, { outcome }: Completion): void {
  switch (outcome.kind) {
    case "result":
      writeValue(writer, outcome.value);
      return;
    case "error":
      writer.string(outcome.message);
      return;
    case "void":
      writer.push("word", "void");
      return;
    default:
      outcome satisfies never;
  }
}

function writeResult(writer: PreviewWriter, { result }: HubResult): void {
  if (result === undefined) writer.push("word", "void");
  else writeValue(writer, result);
}

/** Its calls and progress without their names, which stand in the target; otherwise what it tells the client. */
function writeEnvelope(writer: PreviewWriter, envelope: Envelope): void {
  if (envelope.messages.length === 0) {
    writer.push("word", factsOf(envelope).join(", "));
    return;
  }
  envelope.messages.forEach((item, index) => {
    if (index > 0) writer.push("punctuation", ", ");
    switch (item.kind) {
      case "client-invocation":
        if (envelope.messages.length > 1) writer.push("word", `${item.method} `);
        writeList(writer, item.arguments ?? []);
        return;
      case "progress":
        writer.push("word", "progress ");
        writeValue(writer, item.data);
        return;
      case "data":
        writeValue(writer, item.value);
        return;
      default:
        item satisfies never;
    }
  });
}

function factsOf({ initialised, reconnect, disconnect, groupsToken }: Envelope): readonly string[] {
  const facts = [
    ...(initialised === undefined ? [] : ["initialised"]),
    ...(reconnect === undefined ? [] : ["reconnect"]),
    ...(disconnect === undefined ? [] : ["disconnect"]),
    ...(groupsToken === undefined ? [] : ["groups changed"]),
  ];
  return facts.length === 0 ? ["no messages"] : facts;
}

type End = Extract<HubMessage, { kind: "handshake-response" | "close" }>;

function writeEnd(writer: PreviewWriter, message: End): void {
  if (message.error !== undefined) writer.string(message.error);
  if (message.kind !== "close" || message.allowReconnect === undefined) return;
  if (message.error !== undefined) writer.push("punctuation", ", ");
  writer.key("allowReconnect");
  writer.push("punctuation", ": ");
  writeValue(writer, message.allowReconnect);
}

function writeRaw(writer: PreviewWriter, raw: RawRecord): void {
  if (raw.kind === "text") {
    writer.push("string", raw.text);
    return;
  }
  writeValue(writer, raw.bytes);
}
