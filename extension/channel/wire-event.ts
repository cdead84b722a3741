import type { CaptureEvent } from "../../core/src/capture-event.ts";
import type { Payload } from "../../core/src/wire/payload.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { isReportedEvent } from "./capture-event-guard.ts";
import { isFields } from "./guards.ts";
import { isPayloadRun, type PayloadRun, runEvents } from "./payload-run.ts";

/** Whether ports carry typed arrays (structured clone) or turn them into plain objects (JSON, Chrome before 148). */
export type BinaryForm = "bytes" | "base64";

/** Sent by the background: how it arrives tells what ports do to bytes. */
export function binaryProbe(): Uint8Array {
  return new Uint8Array([1]);
}

export function binaryFormOf(probe: unknown): BinaryForm {
  return probe instanceof Uint8Array && probe.length === 1 && probe[0] === 1 ? "bytes" : "base64";
}

/** A capture event or a run as ports carry it; read it back with `fromWire` or `runFromWire`. */
export function toWire(event: CaptureEvent | PayloadRun, form: BinaryForm): unknown {
  if (form === "bytes") return event;
  switch (event.type) {
    case "socket-payloads":
      return event.bytes === undefined ? event : { ...event, bytes: encodeBase64(event.bytes) };
    case "socket-payload":
    case "http-response-body":
      return { ...event, payload: toBase64(event.payload) };
    case "http-request":
      return event.body === undefined ? event : { ...event, body: toBase64(event.body) };
    default:
      return event;
  }
}

/** Undefined when it is no capture event that a page hook may report. */
export function fromWire(value: unknown): CaptureEvent | undefined {
  if (!isFields(value)) return undefined;
  const event = {
    ...value,
    ...("payload" in value ? { payload: fromBase64(value["payload"]) } : {}),
    ...("body" in value ? { body: fromBase64(value["body"]) } : {}),
  };
  return isReportedEvent(event) ? event : undefined;
}

/** The events of a run, in order; undefined when it is none. */
export function runFromWire(value: unknown): readonly CaptureEvent[] | undefined {
  if (!isFields(value) || value["type"] !== "socket-payloads") return undefined;
  const { bytes } = value;
  const run = typeof bytes === "string" ? { ...value, bytes: decodeBase64(bytes) } : value;
  return isPayloadRun(run) ? runEvents(run) : undefined;
}

function toBase64(payload: Payload): unknown {
  return payload.kind === "binary" ? { kind: "base64", base64: encodeBase64(payload.bytes) } : payload;
}

function fromBase64(payload: unknown): unknown {
  if (!isFields(payload) || payload["kind"] !== "base64" || typeof payload["base64"] !== "string")
    return payload;
  const bytes = decodeBase64(payload["base64"]);
  return bytes === undefined ? undefined : { kind: "binary", bytes };
}
