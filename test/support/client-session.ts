import type { CaptureEvent, ExchangeId, SocketId } from "../../core/src/capture-event.ts";
import type { Direction, Payload } from "../../core/src/wire/payload.ts";

/**
 * Transcripts of clients (test/vectors/client-session.json, azure-transcripts.json): what passed, in order, without
 * times. This adapter makes capture events of them, one millisecond apart.
 *
 * @module
 */
export type TranscriptStep =
  /** With its answer, where it got one. */
  | {
      readonly kind: "exchange";
      readonly method: string;
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly status?: number;
      readonly answer?: string;
    }
  /** `fails`: it never opens. */
  | { readonly kind: "socket"; readonly url: string; readonly fails?: boolean }
  | {
      readonly kind: "payload";
      readonly direction: Direction;
      readonly text?: string;
      readonly base64?: string;
    }
  | { readonly kind: "closed"; readonly code: number; readonly reason: string; readonly wasClean: boolean }
  /** The client closes its socket, without a code. */
  | { readonly kind: "client-closes" }
  | { readonly kind: "event-stream"; readonly url: string }
  | { readonly kind: "event"; readonly data: string }
  | { readonly kind: "client-ends-stream" };

const START = 1_700_000_000_000;

export function captureEventsOf(steps: readonly TranscriptStep[]): readonly CaptureEvent[] {
  let sockets = 0;
  let exchanges = 0;
  const socketNow = (): SocketId => `socket-${sockets}`;
  let stream: ExchangeId = "";
  return steps.flatMap((step, index): readonly CaptureEvent[] => {
    const at = START + index;
    switch (step.kind) {
      case "exchange": {
        const exchange = `exchange-${++exchanges}`;
        return exchangeEvents(step, exchange, at);
      }
      case "socket": {
        sockets += 1;
        const opening = { type: "socket-opening", at, socket: socketNow(), url: step.url } as const;
        if (step.fails !== true) {
          return [opening, { type: "socket-opened", at, socket: socketNow(), protocol: "" }];
        }
        // How a browser reports it: the error event says nothing, the close says 1006.
        return [
          opening,
          { type: "socket-failed", at, socket: socketNow() },
          { type: "socket-closed", at, socket: socketNow(), code: 1006, reason: "", wasClean: false },
        ];
      }
      case "payload":
        return [
          {
            type: "socket-payload",
            at,
            socket: socketNow(),
            direction: step.direction,
            payload: payloadOf(step),
          },
        ];
      case "closed": {
        const { code, reason, wasClean } = step;
        return [{ type: "socket-closed", at, socket: socketNow(), code, reason, wasClean }];
      }
      case "client-closes":
        return [{ type: "socket-closed", at, socket: socketNow(), code: 1005, reason: "", wasClean: true }];
      case "event-stream": {
        stream = `exchange-${++exchanges}`;
        const type = "text/event-stream";
        return [
          {
            type: "http-request",
            at,
            exchange: stream,
            method: "GET",
            url: step.url,
            headers: { accept: type },
          },
          { type: "http-response", at, exchange: stream, status: 200, headers: { "content-type": type } },
        ];
      }
      case "event": {
        const text = `data: ${step.data}\r\n\r\n`;
        return [{ type: "http-response-body", at, exchange: stream, payload: { kind: "text", text } }];
      }
      case "client-ends-stream":
        return [{ type: "http-ended", at, exchange: stream }];
      default:
        return step satisfies never;
    }
  });
}

function exchangeEvents(
  { method, url, headers, body, status, answer }: Extract<TranscriptStep, { kind: "exchange" }>,
  exchange: ExchangeId,
  at: number,
): readonly CaptureEvent[] {
  const events: CaptureEvent[] = [
    {
      type: "http-request",
      at,
      exchange,
      method,
      url,
      ...(headers && { headers }),
      ...(body !== undefined && { body: { kind: "text", text: body } as const }),
    },
  ];
  if (status !== undefined) events.push({ type: "http-response", at, exchange, status });
  if (answer !== undefined && answer !== "") {
    events.push({ type: "http-response-body", at, exchange, payload: { kind: "text", text: answer } });
  }
  events.push({ type: "http-ended", at, exchange });
  return events;
}

function payloadOf({ text, base64 }: { readonly text?: string; readonly base64?: string }): Payload {
  if (base64 !== undefined) return { kind: "binary", bytes: new Uint8Array(Buffer.from(base64, "base64")) };
  return { kind: "text", text: text ?? "" };
}
