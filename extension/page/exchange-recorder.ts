import type { EventOrigin, ExchangeId, Milliseconds } from "../../core/src/capture-event.ts";
import type { Payload } from "../../core/src/wire/payload.ts";
import type { Report } from "./report.ts";

/** Reports one HTTP exchange. All of it is pinned: without negotiate a connection has no name. */
export interface ExchangeRecorder {
  responded(status: number): void;
  /** The whole body. Later calls are ignored: the page may read a copy of the response too. */
  body(payload: Payload): void;
  failed(error: unknown): void;
}

export interface ExchangeFacts {
  readonly exchange: ExchangeId;
  readonly method: string;
  readonly url: string;
  readonly origin: EventOrigin;
}

export function createExchangeRecorder(
  facts: ExchangeFacts,
  now: () => Milliseconds,
  report: Report,
): ExchangeRecorder {
  const { exchange } = facts;
  let hasEnded = false;
  report({ type: "http-request", at: now(), ...facts }, true);

  function end(error?: string): void {
    hasEnded = true;
    report({ type: "http-ended", at: now(), exchange, ...(error === undefined ? {} : { error }) }, true);
  }

  return {
    responded: (status) => report({ type: "http-response", at: now(), exchange, status }, true),
    body(payload) {
      if (hasEnded) return;
      report({ type: "http-response-body", at: now(), exchange, payload }, true);
      end();
    },
    failed(error) {
      if (!hasEnded) end(errorText(error));
    },
  };
}

function errorText(error: unknown): string {
  if (typeof error === "string") return error;
  // Made by the platform, or by the page when it aborts with a reason of its own: ask it nothing but plain text.
  const message: unknown =
    error instanceof Error || error instanceof DOMException ? error.message : undefined;
  return typeof message === "string" ? message : "The request did not finish.";
}
