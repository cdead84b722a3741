import type { ConnectionId, LogEntry, MessageEntry } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { lengthPrefixSize, writeLengthPrefix } from "../../../core/src/wire/framing/length-prefix.ts";
import { RECORD_SEPARATOR } from "../../../core/src/wire/framing/record-separator.ts";
import type { RawRecord } from "../../../core/src/wire/hub-codec.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import type { Payload } from "../../../core/src/wire/payload.ts";
import { hubMessageOf } from "./classic-content.ts";
import { contentOf, type SendContent } from "./send-content.ts";
import type { SendMode } from "./send-kinds.ts";

/** What can be done once more with a captured message. */
export interface Again {
  readonly mode: SendMode;
  readonly connection: ConnectionId;
  readonly entry: MessageEntry;
  /** As it was, framing included; absent where the recording does not have it, and of a handshake. */
  readonly payload?: Payload;
  /** For the form; absent where the form has no such message. */
  readonly content?: SendContent;
}

/** Undefined where the entry is no message, or nothing can be done with it. */
export function againOf(entry: LogEntry | undefined, session: Session): Again | undefined {
  if (entry?.kind !== "message") return undefined;
  const { record, direction, connection } = entry;
  const { message } = record;
  const isHandshake = message.kind === "handshake-request" || message.kind === "handshake-response";
  const isWhole = record.issues.every(({ code }) => code !== "payload-omitted");
  if (isHandshake || !isWhole) return undefined;
  const name = session.connection(connection)?.protocol?.name;
  const isHub = name === "json" || name === "messagepack" || name === "blazorpack";
  const said = isHub ? (message as HubMessage) : name === "classic" ? hubMessageOf(message) : undefined;
  const content = said === undefined ? undefined : contentOf(said);
  return {
    mode: direction === "out" ? "send" : "simulate",
    connection,
    entry,
    payload: isHub ? framed(record.raw) : unframed(record.raw),
    ...(content === undefined ? {} : { content }),
  };
}

function framed(raw: RawRecord): Payload {
  if (raw.kind === "text") return { kind: "text", text: raw.text + RECORD_SEPARATOR };
  const size = lengthPrefixSize(raw.bytes.length);
  const bytes = new Uint8Array(size + raw.bytes.length);
  writeLengthPrefix(bytes, 0, raw.bytes.length);
  bytes.set(raw.bytes, size);
  return { kind: "binary", bytes };
}

function unframed(raw: RawRecord): Payload {
  return raw.kind === "text" ? { kind: "text", text: raw.text } : { kind: "binary", bytes: raw.bytes };
}
