import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { isBytes } from "./capture-event-guard.ts";

/**
 * A payload of a socket without the names of its parts. Of most recordings nearly all is this, and where messages are cloned
 * between worlds and contexts, names cost more than what they name.
 */
export type PackedPayload = readonly [
  at: number,
  socket: string,
  incoming: 0 | 1,
  content: string | Uint8Array,
];

/** Undefined where the event says more than fits. */
export function packEvent(event: CaptureEvent): PackedPayload | undefined {
  if (event.type !== "socket-payload" || event.act !== undefined) return undefined;
  const { payload } = event;
  if (payload.kind === "omitted") return undefined;
  const content = payload.kind === "text" ? payload.text : payload.bytes;
  return [event.at, event.socket, event.direction === "in" ? 1 : 0, content];
}

/** What is no packed payload is returned as it is; all of it is to be checked by the guards of events. */
export function unpackEvent(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 4) return value;
  const [at, socket, incoming, content] = value as readonly unknown[];
  return {
    type: "socket-payload",
    at,
    socket,
    direction: incoming === 1 ? "in" : "out",
    payload: isBytes(content) ? { kind: "binary", bytes: content } : { kind: "text", text: content },
  };
}
