/** What the live client asks of a WebSocket, and no more. */
export interface Socket {
  /** Throws when the socket is not open. */
  send(payload: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  /** Bytes that were handed to `send` and have not left yet; absent where the platform does not say. */
  readonly bufferedAmount?: number;
}

/** What a socket tells its listener, in wire order. */
export type SocketEvent =
  | { readonly type: "open"; readonly protocol: string }
  | { readonly type: "payload"; readonly payload: string | Uint8Array<ArrayBuffer> }
  | SocketClosedEvent;

/** The last event of a socket. `code` as in RFC 6455 section 7.4. */
export interface SocketClosedEvent {
  readonly type: "closed";
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** Present where the platform reported an error first; its text, "" where it gives none. */
  readonly failure?: string;
}

/**
 * Starts connecting. Every later outcome, a refused connection included, arrives at `listener`, never during a
 * call of this function, `send` or `close`; `closed` comes exactly once and last.
 */
export type OpenSocket = (url: URL, listener: (event: SocketEvent) => void) => Socket;
