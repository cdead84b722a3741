import type { HubClientOptions } from "./hub-client.ts";

/** Milliseconds that one request, or the opening of a transport, may take. As in the official client. */
export const REQUEST_TIMEOUT = 100_000;

/** Milliseconds that a transport may take to close after it was told to. */
export const CLOSE_TIMEOUT = 5_000;

export interface Timing {
  readonly serverTimeout: number;
  readonly keepAliveInterval: number;
  readonly handshakeTimeout: number;
}

/** The defaults of the official client. */
export function timingOf(options: HubClientOptions): Timing {
  return {
    serverTimeout: options.serverTimeout ?? 30_000,
    keepAliveInterval: options.keepAliveInterval ?? 15_000,
    handshakeTimeout: options.handshakeTimeout ?? 15_000,
  };
}
