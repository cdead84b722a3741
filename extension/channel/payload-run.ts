/**
 * Payloads of sockets that came one after another, as columns. Of most recordings nearly all is this, and where messages are
 * cloned between worlds and contexts, an object for each costs more than what it says.
 *
 * @module
 */
import type { SocketPayload } from "../../core/src/capture-event.ts";
import { isBytes } from "./capture-event-guard.ts";
import { isCount, isFields, isId, isListOf, isNumber } from "./guards.ts";
import { MAX_BATCH_EVENTS, MAX_BATCH_SIZE } from "./limits.ts";
import { method } from "./natives.ts";

export interface PayloadRun {
  readonly type: "socket-payloads";
  /** Each socket that is named, once. */
  readonly sockets: readonly string[];
  /** For each payload: when it came; place of its socket × 4, + 2 if it came in, + 1 if it is binary; its length. */
  readonly marks: readonly number[];
  /** All texts, one after another. */
  readonly text: string;
  /** All bytes, one after another; absent where there are none. */
  readonly bytes?: Uint8Array | undefined;
}

export const MARKS = 3;
export const INCOMING = 2;
export const BINARY = 1;
export const SOCKET = 4;

const slice = method(String.prototype.slice);
const NAMES = { __proto__: null, type: true, sockets: true, marks: true, text: true, bytes: true };
const areSockets = isListOf(isId, MAX_BATCH_EVENTS);
const { isArray } = Array;

/** The same kind of thing as `isReportedEvent`: what a page could have forged is refused. */
export function isPayloadRun(value: unknown): value is PayloadRun {
  if (!isFields(value) || value["type"] !== "socket-payloads") return false;
  const { sockets, marks, text, bytes } = value;
  if (!areSockets(sockets) || !isArray(marks) || typeof text !== "string") return false;
  // What has no name here has no size that anybody counts; a view takes its whole buffer along.
  if (!Object.keys(value).every((name) => name in NAMES)) return false;
  if (bytes !== undefined && !(isBytes(bytes) && bytes.byteLength === bytes.buffer.byteLength)) return false;
  if (marks.length === 0 || marks.length % MARKS !== 0 || marks.length > MARKS * MAX_BATCH_EVENTS)
    return false;
  const sizes = [0, 0];
  for (let at = 0; at < marks.length; at += MARKS) {
    const [time, code, length]: readonly unknown[] = [marks[at], marks[at + 1], marks[at + 2]];
    if (!isNumber(time) || !isCount(code) || !isCount(length)) return false;
    if (Math.floor(code / SOCKET) >= sockets.length) return false;
    sizes[code & BINARY] = (sizes[code & BINARY] ?? 0) + length;
  }
  const [texts = 0, binaries = 0] = sizes;
  return texts === text.length && binaries === (bytes?.byteLength ?? 0) && texts + binaries <= MAX_BATCH_SIZE;
}

export function runLength({ marks }: PayloadRun): number {
  return marks.length / MARKS;
}

/** Of the payload at `index`: UTF-16 units or bytes. */
export function sizeInRun({ marks }: PayloadRun, index: number): number {
  return marks[index * MARKS + 2] ?? 0;
}

export function timeInRun({ marks }: PayloadRun, index: number): number {
  return marks[index * MARKS] ?? 0;
}

/** The payloads from `start` to before `end` as a run of their own. */
export function sliceRun(run: PayloadRun, start: number, end: number): PayloadRun {
  if (start === 0 && end === runLength(run)) return run;
  const from = offsets(run, start);
  const to = offsets(run, end);
  return {
    type: run.type,
    sockets: run.sockets,
    marks: run.marks.slice(start * MARKS, end * MARKS),
    text: slice(run.text, from.text, to.text),
    // A view would take its whole buffer along.
    ...(run.bytes === undefined ? {} : { bytes: run.bytes.slice(from.bytes, to.bytes) }),
  };
}

function offsets({ marks }: PayloadRun, index: number): { readonly text: number; readonly bytes: number } {
  const sums = [0, 0];
  for (let at = 0; at < index * MARKS; at += MARKS) {
    const kind = (marks[at + 1] ?? 0) & BINARY;
    sums[kind] = (sums[kind] ?? 0) + (marks[at + 2] ?? 0);
  }
  const [text = 0, bytes = 0] = sums;
  return { text, bytes };
}

/** Each payload as the event that it was. Of bytes the events have views. */
export function runEvents({ sockets, marks, text, bytes }: PayloadRun): readonly SocketPayload[] {
  const events: SocketPayload[] = [];
  let textAt = 0;
  let bytesAt = 0;
  for (let index = 0; index < marks.length; index += MARKS) {
    const at = marks[index] ?? 0;
    const code = marks[index + 1] ?? 0;
    const length = marks[index + 2] ?? 0;
    const isBinary = (code & BINARY) !== 0;
    events[events.length] = {
      type: "socket-payload",
      at,
      socket: sockets[Math.floor(code / SOCKET)] ?? "",
      direction: (code & INCOMING) === 0 ? "out" : "in",
      payload:
        isBinary && bytes !== undefined
          ? { kind: "binary", bytes: bytes.subarray(bytesAt, bytesAt + length) }
          : { kind: "text", text: slice(text, textAt, textAt + length) },
    };
    if (isBinary) bytesAt += length;
    else textAt += length;
  }
  return events;
}
