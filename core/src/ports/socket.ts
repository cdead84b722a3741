/** What the live client asks of a WebSocket, and no more. */
export interface Socket {
  send(payload: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export type SocketEvent =
  | { readonly type: "open"; readonly protocol: string }
  | { readonly type: "payload"; readonly payload: string | Uint8Array<ArrayBuffer> }
  | { readonly type: "closed"; readonly code: number; readonly reason: string; readonly wasClean: boolean };

/**
 * Starts connecting. Every later outcome, a refused connection included, arrives at `listener`;
 * `closed` comes exactly once and last.
 */
export type OpenSocket = (url: URL, listener: (event: SocketEvent) => void) => Socket;
