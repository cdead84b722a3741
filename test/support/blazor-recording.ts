import { decodeBase64 } from "../../core/src/bytes/base64.ts";
import { type ConnectionDecoder, createConnectionDecoder } from "../../core/src/wire/connection-decoder.ts";
import type { DecodedRecord } from "../../core/src/wire/hub-codec.ts";
import type { HubMessage } from "../../core/src/wire/hub-message.ts";
import type { Direction, Payload } from "../../core/src/wire/payload.ts";

/** One line of a recording in test/captures/blazor. Its README.md tells what they mean. */
interface RecordedLine {
  readonly t: number;
  readonly kind: "request" | "response" | "ws-open" | "ws-message" | "ws-close" | "ws-error";
  readonly id: string;
  readonly dir: Direction;
  readonly text?: string;
  readonly base64?: string;
  readonly step: string;
}

export interface RecordedMessage {
  /** Number of its line, from 0. */
  readonly event: number;
  readonly at: number;
  readonly step: string;
  readonly direction: Direction;
  readonly message: HubMessage;
  readonly record: DecodedRecord;
}

/** The hub messages of a recording, decoded by a connection decoder for each of its sockets. */
export function blazorMessages(ndjson: string): readonly RecordedMessage[] {
  const decoders = new Map<string, ConnectionDecoder>();
  return ndjson
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((text, event) => {
      const line = JSON.parse(text) as RecordedLine;
      if (line.kind !== "ws-message") return [];
      const decoder = decoders.get(line.id) ?? createConnectionDecoder();
      decoders.set(line.id, decoder);
      return decoder.decode(line.dir, payloadOf(line)).map((record) => ({
        event,
        at: line.t,
        step: line.step,
        direction: line.dir,
        message: record.message,
        record,
      }));
    });
}

function payloadOf({ text, base64 }: RecordedLine): Payload {
  if (base64 === undefined) return { kind: "text", text: text ?? "" };
  const bytes = decodeBase64(base64);
  if (bytes === undefined) throw new Error("The recording has a body that is no base64.");
  return { kind: "binary", bytes };
}

/** The bytes of the render batch that a message carries. */
export function batchBytesOf(message: HubMessage): Uint8Array | undefined {
  if (message.kind !== "invocation" || message.target !== "JS.RenderBatch") return undefined;
  const bytes = message.arguments[1];
  return bytes instanceof Uint8Array ? bytes : undefined;
}

/** Compares what an independent decoder made of a recording with what ours makes of it. */
export interface ExpectedRecording {
  readonly name: string;
  readonly hubMessages: readonly ExpectedHubMessage[];
  readonly interop: readonly ExpectedInterop[];
  readonly batches: readonly ExpectedBatch[];
  readonly steps: readonly ExpectedStep[];
  readonly agreement: readonly {
    readonly step: string;
    readonly exact: boolean;
    readonly pageOnly?: readonly string[];
  }[];
}

export interface ExpectedHubMessage {
  readonly event: number;
  readonly step: string;
  readonly dir: Direction;
  readonly type?: number;
  readonly handshake?: string;
  readonly target?: string;
  readonly invocationId?: string | null;
  readonly args?: readonly unknown[];
  readonly item?: unknown;
  readonly result?: unknown;
  readonly resultKind?: number;
  readonly error?: string | null;
}

export interface ExpectedInterop {
  readonly kind: "net-to-js" | "js-to-net";
  readonly asyncHandle?: number;
  readonly callId?: string;
  readonly identifier?: string;
  readonly method?: string;
  readonly assembly?: string | null;
  readonly argsJson?: string | null;
  readonly resultType?: number;
  readonly targetInstanceId?: number;
  readonly dotNetObjectId?: number;
  readonly event: number;
  readonly succeeded?: boolean;
  readonly success?: boolean;
  readonly result?: string | null;
  readonly doneEvent?: number;
  readonly handler?: {
    readonly id: number;
    readonly event: string;
    readonly name: string | null;
    readonly tag: string | null;
  };
}

export interface ExpectedBatch {
  readonly step: string;
  readonly batchId: number;
  readonly event: number;
  readonly bytes: number;
  readonly updated: readonly { readonly component: number; readonly edits: readonly unknown[] }[];
  readonly frames: readonly unknown[];
  readonly strings: readonly string[];
  readonly disposedComponents: readonly number[];
  readonly disposedHandlers: readonly number[];
}

export interface ExpectedStep {
  readonly step: string;
  /** Lines of the recording before it. */
  readonly events: number;
  readonly dom: { readonly app: readonly unknown[]; readonly head: readonly unknown[] };
}
