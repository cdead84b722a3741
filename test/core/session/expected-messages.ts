import { readdirSync, readFileSync } from "node:fs";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import type { MessageEntry, SessionMessage } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import {
  Extension,
  type HubMessage,
  JsonNumber,
  Timestamp,
  type WireValue,
} from "../../../core/src/wire/hub-message.ts";
import { timestampText } from "../../../core/src/wire/timestamp-text.ts";
import { type RecordedEvent, readRecording } from "../../support/recording.ts";

/** A recording with what it means; test/captures/README.md. */
export interface Recording {
  readonly name: string;
  readonly events: readonly RecordedEvent[];
  readonly expected: Expected;
}

export interface Expected {
  readonly connections: readonly ExpectedConnection[];
  readonly messages: readonly ExpectedMessage[];
}

export interface ExpectedConnection {
  readonly conn: number;
  readonly hubPath: string;
  readonly transport: string | null;
  readonly protocol: string | null;
  readonly protocolVersion: number | null;
  readonly connectionId: string | null;
  readonly connectionToken: string | null;
  readonly useStatefulReconnect: boolean;
  readonly sockets: readonly number[];
}

export type ExpectedMessage = Readonly<Record<string, unknown>> & {
  readonly conn: number;
  readonly dir: "out" | "in";
  readonly n: number;
  readonly event: number;
  readonly typeName: string;
};

const FOLDER = new URL("../../captures/", import.meta.url);

export const recordings: readonly Recording[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ndjson"))
  .map((file) => {
    const name = file.slice(0, -".ndjson".length);
    const text = readFileSync(new URL(file, FOLDER), "utf8");
    const expected = JSON.parse(readFileSync(new URL(`${name}.expected.json`, FOLDER), "utf8")) as Expected;
    return { name, events: readRecording(text), expected };
  });

export function recording(name: string): Recording {
  const found = recordings.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no recording ${name}`);
  return found;
}

export function messagesOf(session: Session): readonly MessageEntry[] {
  return session.log.filter((entry) => entry.kind === "message");
}

/** The line whose event made each message complete. */
export function applyNumbered(
  session: Session,
  events: readonly { readonly line: number; readonly event: CaptureEvent }[],
): ReadonlyMap<number, number> {
  const lines = new Map<number, number>();
  for (const { line, event } of events) {
    const before = session.firstNumber + session.log.length;
    session.apply(event);
    for (let number = before; number < session.firstNumber + session.log.length; number++)
      lines.set(number, line);
  }
  return lines;
}

const TYPES: Readonly<Record<HubMessage["kind"], readonly [number | null, string]>> = {
  "handshake-request": [null, "HandshakeRequest"],
  "handshake-response": [null, "HandshakeResponse"],
  invocation: [1, "Invocation"],
  "stream-item": [2, "StreamItem"],
  completion: [3, "Completion"],
  "stream-invocation": [4, "StreamInvocation"],
  "cancel-invocation": [5, "CancelInvocation"],
  ping: [6, "Ping"],
  close: [7, "Close"],
  ack: [8, "Ack"],
  sequence: [9, "Sequence"],
  unknown: [null, "Unknown"],
  undecodable: [null, "Invalid"],
};

/** Fields of the expected message that speak of the server, or are compared apart. */
const NOT_OF_THE_MESSAGE = new Set([
  "conn",
  "n",
  "event",
  "socket",
  "exchange",
  "refused",
  "bindingFailure",
  "skippedByServer",
  "plainResult",
  "plainItem",
  "plainArgs",
  "resultKind",
  "resume",
]);

export function ownFields(expected: ExpectedMessage): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(expected).filter(([name]) => !NOT_OF_THE_MESSAGE.has(name)));
}

/** An entry in the words of the expected file. */
export function asExpected(entry: MessageEntry): Readonly<Record<string, unknown>> {
  const { raw } = entry.record;
  const message = hubMessageOf(entry);
  const [type, typeName] = TYPES[message.kind];
  // The decoder says of an empty invocation ID that it counts as none.
  const hasEmptyId = entry.record.issues.some(
    ({ code, field }) => code === "ignored-field" && field === "invocationId",
  );
  return {
    dir: entry.direction,
    type: message.kind === "unknown" ? message.type : type,
    typeName,
    ...fieldsOf(message),
    ...(hasEmptyId && { invocationId: "" }),
    ...((message.kind === "unknown" || message.kind === "undecodable") && {
      raw: raw.kind === "text" ? raw.text : Buffer.from(raw.bytes).toString("base64"),
    }),
    ...(entry.sequence !== undefined && { seq: entry.sequence }),
    ...(entry.resend && { resend: true }),
    ...(entry.undelivered !== undefined && { delivered: false }),
  };
}

function hubMessageOf({ record: { message } }: MessageEntry): HubMessage {
  if (isHubMessage(message)) return message;
  throw new Error(`${message.kind} is no message of ASP.NET Core SignalR`);
}

function isHubMessage(message: SessionMessage): message is HubMessage {
  return message.kind in TYPES;
}

function fieldsOf(message: HubMessage): Readonly<Record<string, unknown>> {
  const headers =
    "headers" in message && message.headers !== undefined ? { headers: plain(message.headers) } : {};
  switch (message.kind) {
    case "handshake-request":
      return { protocol: message.protocol, version: message.version };
    case "handshake-response":
      return message.error === undefined ? {} : { error: message.error };
    case "invocation":
    case "stream-invocation":
      return {
        ...headers,
        target: message.target,
        args: plain(message.arguments),
        ...(message.invocationId !== undefined && { invocationId: message.invocationId }),
        ...(message.streamIds && { streamIds: message.streamIds }),
      };
    case "stream-item":
      return { ...headers, invocationId: message.invocationId, item: plain(message.item) };
    case "completion": {
      const { outcome } = message;
      return {
        ...headers,
        invocationId: message.invocationId,
        ...(outcome.kind === "result" && { result: plain(outcome.value) }),
        ...(outcome.kind === "error" && { error: outcome.message }),
      };
    }
    case "cancel-invocation":
      return { ...headers, invocationId: message.invocationId };
    case "close":
      return {
        ...(message.error !== undefined && { error: message.error }),
        ...(message.allowReconnect !== undefined && { allowReconnect: message.allowReconnect }),
      };
    case "ack":
    case "sequence":
      return { sequenceId: plain(message.sequenceId) };
    case "ping":
    case "unknown":
    case "undecodable":
      return {};
    default:
      return message satisfies never;
  }
}

/** A value in the forms that the expected files use for what JSON cannot hold. */
export function plain(value: WireValue): unknown {
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (typeof value === "number") return plainNumber(value);
  if (value instanceof JsonNumber) {
    return /^-?\d+$/.test(value.source) && value.source !== "-0"
      ? { $bigint: value.source }
      : { $number: value.source };
  }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (value instanceof Timestamp) return { $date: timestampText(value) };
  if (value instanceof Extension) return { $ext: [value.type, Buffer.from(value.bytes).toString("base64")] };
  if (value instanceof Map) return { $map: [...value].map(([key, item]) => [plain(key), plain(item)]) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function plainNumber(value: number): unknown {
  if (Object.is(value, -0) || !Number.isFinite(value)) {
    return { $number: Object.is(value, -0) ? "-0" : String(value) };
  }
  // Below 2^64 an unsafe integer was written as one; beyond it is a floating point number.
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 2 ** 64
    ? { $bigint: String(BigInt(value)) }
    : value;
}
