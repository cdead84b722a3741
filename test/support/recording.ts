import type { CaptureEvent, ExchangeId, SocketId } from "../../core/src/capture-event.ts";
import type { Payload } from "../../core/src/wire/payload.ts";

/**
 * Recordings of real servers (test/captures/README.md): one event per line of NDJSON, as a recording proxy saw it.
 * This adapter makes capture events of them.
 *
 * @module
 */

interface RecordedLine {
  readonly t: number;
  readonly kind:
    | "request"
    | "response"
    | "response-chunk"
    | "response-end"
    | "ws-open"
    | "ws-message"
    | "ws-close";
  readonly id: number;
  readonly dir: "out" | "in";
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly base64?: string;
  readonly opcode?: 1 | 2;
  readonly protocol?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly wasClean?: boolean;
  readonly aborted?: boolean;
}

/** A capture event with the zero-based line of the recording that it comes from. */
export interface RecordedEvent {
  readonly line: number;
  readonly event: CaptureEvent;
}

/** Recorded times are relative; the proxies listened on the loopback. */
const START = 1_700_000_000_000;
const HOST = "127.0.0.1:5000";

export function socketIdOf(id: number): SocketId {
  return `socket-${id}`;
}

export function exchangeIdOf(id: number): ExchangeId {
  return `exchange-${id}`;
}

export function readRecording(ndjson: string): readonly RecordedEvent[] {
  const upgrades = new Set<number>();
  return ndjson
    .split("\n")
    .map((text, line) => ({ text, line }))
    .filter(({ text }) => text.trim() !== "")
    .flatMap(({ text, line }) =>
      eventsOf(JSON.parse(text) as RecordedLine, upgrades).map((event) => ({ line, event })),
    );
}

function eventsOf(recorded: RecordedLine, upgrades: Set<number>): readonly CaptureEvent[] {
  const { kind, id } = recorded;
  const at = START + recorded.t;
  const exchange = exchangeIdOf(id);
  const socket = socketIdOf(id);
  switch (kind) {
    case "request": {
      const { method = "GET", headers = {} } = recorded;
      if (headers["upgrade"]?.toLowerCase() === "websocket") {
        upgrades.add(id);
        return [{ type: "socket-opening", at, socket, url: urlOf("ws", recorded) }];
      }
      const body = payloadOf(recorded);
      const hasBody = body.kind === "text" ? body.text !== "" : true;
      const url = urlOf("http", recorded);
      return [{ type: "http-request", at, exchange, method, url, headers, ...(hasBody && { body }) }];
    }
    case "response": {
      const { status = 0, headers = {} } = recorded;
      if (upgrades.delete(id)) return refusedSocket(socket, at);
      return [{ type: "http-response", at, exchange, status, headers }];
    }
    case "response-chunk":
      return [{ type: "http-response-body", at, exchange, payload: payloadOf(recorded) }];
    case "response-end":
      if (upgrades.delete(id)) return refusedSocket(socket, at);
      return [
        {
          type: "http-ended",
          at,
          exchange,
          ...(recorded.aborted === true && { error: "The exchange was cut off" }),
        },
      ];
    case "ws-open":
      return [
        { type: "socket-opening", at, socket, url: urlOf("ws", recorded) },
        { type: "socket-opened", at, socket, protocol: recorded.protocol ?? "" },
      ];
    case "ws-message":
      return [{ type: "socket-payload", at, socket, direction: recorded.dir, payload: payloadOf(recorded) }];
    case "ws-close": {
      const { code = 1006, reason = "", wasClean = false } = recorded;
      return [{ type: "socket-closed", at, socket, code, reason, wasClean }];
    }
    default:
      return kind satisfies never;
  }
}

/** Most recordings have paths, those of pages whole addresses. */
function urlOf(scheme: "http" | "ws", { url = "" }: RecordedLine): string {
  return /^[a-z]+:/.test(url) ? url.replace(/^[a-z]+?(s?):/, `${scheme}$1:`) : `${scheme}://${HOST}${url}`;
}

/** How a browser reports an upgrade that was answered by anything but 101. */
function refusedSocket(socket: SocketId, at: number): readonly CaptureEvent[] {
  return [
    { type: "socket-failed", at, socket },
    { type: "socket-closed", at, socket, code: 1006, reason: "", wasClean: false },
  ];
}

function payloadOf({ text, base64, opcode }: RecordedLine): Payload {
  if (base64 !== undefined) return { kind: "binary", bytes: new Uint8Array(Buffer.from(base64, "base64")) };
  if (opcode === 2) return { kind: "binary", bytes: new TextEncoder().encode(text ?? "") };
  return { kind: "text", text: text ?? "" };
}
