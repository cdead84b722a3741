import type { PayloadAct, TransportAct } from "../../../core/src/capture-event.ts";
import type { CircuitStep } from "../../../core/src/session/circuit.ts";
import type { Invocation, LogEntry, MessageEntry, SessionMessage } from "../../../core/src/session/model.ts";
import { preview } from "../../../core/src/session/preview.ts";
import type { PreviewToken } from "../../../core/src/session/preview-writer.ts";
import { headOf } from "../../../core/src/session/record-head.ts";
import { redactText } from "../../../core/src/session/redaction.ts";
import { idText } from "../../../core/src/wire/classic/message.ts";
import type { ByteLength, Direction } from "../../../core/src/wire/payload.ts";
import { formatDuration } from "../../format/format-duration.ts";
import { KIND_WORDS } from "../../texts.ts";
import { safeLine } from "../../value/safe-text.ts";
import { happeningRow, sourceRow } from "./happening-row.ts";

export type RowTone = "error" | "warning" | "out" | "in" | "none";

/** What a row of the log shows, without what changes later (latency, selection). */
export interface EntryRow {
  readonly tone: RowTone;
  readonly direction?: Direction;
  readonly type: string;
  readonly target?: string;
  readonly id?: string;
  /** Of a connection event: a sentence in place of target, ID and data. */
  readonly note?: string;
  readonly data: readonly PreviewToken[];
  /** What Hubscope did with it. */
  readonly act?: PayloadAct | TransportAct;
  /** What it means for the circuit of a Blazor page. */
  readonly circuit?: CircuitStep;
  readonly size?: ByteLength;
  /** The size is that of a text that was written anew. */
  readonly isSizeAbout?: true;
  readonly time?: string;
}

const rows = new WeakMap<LogEntry, EntryRow>();

export function entryRow(entry: LogEntry): EntryRow {
  const known = rows.get(entry);
  if (known !== undefined) return known;
  const row = rowOf(entry);
  rows.set(entry, row);
  return row;
}

function rowOf(entry: LogEntry): EntryRow {
  switch (entry.kind) {
    case "message":
      return messageRow(entry);
    case "connection":
      return happeningRow(entry);
    case "source":
      return sourceRow(entry);
    default:
      return entry satisfies never;
  }
}

function messageRow(entry: MessageEntry): EntryRow {
  const { record, direction, target, size, isError, resend, act, circuit, isRewritten } = entry;
  const { message, issues } = record;
  const hasOddity = issues.some(({ code }) => code !== "protocol-guessed" && code !== "handshake-missing");
  const id = idOf(message);
  return {
    tone: isError ? "error" : hasOddity ? "warning" : direction,
    direction,
    type: KIND_WORDS[message.kind] + (resend ? ", again" : ""),
    ...(target === undefined ? {} : { target: safeLine(target) }),
    ...(id === undefined ? {} : { id: safeLine(id) }),
    data: [...(isError ? errorWord(message) : []), ...preview(record).map(redacted)],
    ...(act === undefined ? {} : { act }),
    ...(circuit === undefined ? {} : { circuit }),
    size,
    ...(isRewritten ? { isSizeAbout: true } : {}),
  };
}

/** An error is a word as well as a colour, also where the type column is not seen. */
function errorWord(message: SessionMessage): PreviewToken[] {
  const word = message.kind === "undecodable" ? "not decodable: " : "error: ";
  return [{ kind: "word", text: word }];
}

function redacted(token: PreviewToken): PreviewToken {
  return token.kind === "string" ? { kind: "string", text: redactText(token.text) } : token;
}

function idOf(message: SessionMessage): string | undefined {
  if (message.kind === "hub-call" || message.kind === "hub-result" || message.kind === "hub-error")
    return idText(message.id);
  return "invocationId" in message ? message.invocationId : undefined;
}

const CALLS: ReadonlySet<SessionMessage["kind"]> = new Set(["invocation", "stream-invocation", "hub-call"]);
const ANSWERS: ReadonlySet<SessionMessage["kind"]> = new Set(["completion", "hub-result", "hub-error"]);

/** Of the message that opens an invocation and of the one that completes it; "open" while it waits. */
export function latencyText(entry: LogEntry, invocation: Invocation | undefined): string {
  if (entry.kind !== "message") return entryRow(entry).time ?? "";
  if (invocation === undefined) return "";
  const { kind } = headOf(entry.record);
  const isAnswer = ANSWERS.has(kind);
  if (!isAnswer && !CALLS.has(kind)) return "";
  if (isAnswer && invocation.entries.at(-1) !== entry.number) return "";
  switch (invocation.state.kind) {
    case "sent":
      return "";
    case "open":
      return "open";
    case "lost":
      return "lost";
    case "completed":
    case "failed":
      return invocation.latency === undefined ? "" : formatDuration(invocation.latency);
    case "cancelled":
      return invocation.latency === undefined ? "cancelled" : formatDuration(invocation.latency);
    default:
      return invocation.state satisfies never;
  }
}
