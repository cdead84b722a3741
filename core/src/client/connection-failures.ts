/**
 * Every way in which a connection can fail, in words that state facts.
 *
 * @module
 */
import { HubscopeError, type HubscopeErrorOptions } from "../errors.ts";
import type { SocketClosedEvent } from "../ports/socket.ts";
import type { HubProtocolName } from "../wire/hub-codec.ts";
import type { Close } from "../wire/hub-message.ts";
import { withoutQuery } from "./hub-address.ts";

export function transportFailed(url: URL, event?: SocketClosedEvent, cause?: unknown): HubscopeError {
  if (cause instanceof HubscopeError) return cause;
  const why = [
    event === undefined ? "" : ` (close code ${event.code})`,
    event?.failure ? `: ${event.failure}` : "",
    cause instanceof Error ? `: ${cause.message}` : "",
  ].join("");
  return new HubscopeError(
    "transport-failed",
    `The WebSocket to ${withoutQuery(url)} could not be opened${why}.`,
    {
      ...(event === undefined ? {} : closeFacts(event)),
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

export function openTimeout(url: URL, milliseconds: number): HubscopeError {
  const text = `The WebSocket to ${withoutQuery(url)} did not open within ${milliseconds} ms.`;
  return new HubscopeError("transport-failed", text);
}

export function beforeHandshake(): HubscopeError {
  return new HubscopeError("handshake-failed", "The transport delivered data before it was open.");
}

export function handshakeTimeout(milliseconds: number): HubscopeError {
  const text = `The server did not answer the handshake within ${milliseconds} ms.`;
  return new HubscopeError("handshake-failed", text);
}

export function noHandshakeResponse(): HubscopeError {
  const text = "The first thing that the server sent is not a handshake response.";
  return new HubscopeError("handshake-failed", text);
}

export function handshakeRejected(error: string): HubscopeError {
  return new HubscopeError("handshake-rejected", `The server rejected the handshake: ${error}`, {
    facts: { serverError: error },
  });
}

export function closedInHandshake(event: SocketClosedEvent): HubscopeError {
  const text = `The connection ended before the handshake was answered (${closeText(event)}).`;
  return new HubscopeError("handshake-failed", text, closeFacts(event));
}

export function connectionLost(event: SocketClosedEvent): HubscopeError {
  const text = `The connection ended without a Close message (${closeText(event)}).`;
  return new HubscopeError("connection-lost", text, closeFacts(event));
}

export function closedByServer(close: Close): HubscopeError {
  const text =
    close.error === undefined
      ? "The server closed the connection."
      : `The server closed the connection with an error: ${close.error}`;
  const allowReconnect = close.allowReconnect === true;
  return new HubscopeError("closed-by-server", text, {
    facts: { allowReconnect, ...(close.error === undefined ? {} : { serverError: close.error }) },
  });
}

export function serverTimeout(milliseconds: number): HubscopeError {
  return new HubscopeError("server-timeout", `The server sent nothing for ${milliseconds} ms.`);
}

export function undecodable(protocol: HubProtocolName): HubscopeError {
  return new HubscopeError(
    "protocol-violation",
    `The server sent a record that is not a ${protocol} hub message.`,
  );
}

export function endlessRecord(bytes: number): HubscopeError {
  const text = `The server sent ${bytes} bytes without completing a record.`;
  return new HubscopeError("protocol-violation", text);
}

export function notConnected(cause?: unknown): HubscopeError {
  return new HubscopeError(
    "not-connected",
    "The client is not connected.",
    cause === undefined ? {} : { cause },
  );
}

export function stopped(): HubscopeError {
  return new HubscopeError("stopped", "The client was stopped.");
}

function closeText({ code, reason }: SocketClosedEvent): string {
  return reason === "" ? `close code ${code}` : `close code ${code}, "${reason}"`;
}

function closeFacts({ code, reason }: SocketClosedEvent): HubscopeErrorOptions {
  return { facts: { closeCode: code, closeReason: reason } };
}
