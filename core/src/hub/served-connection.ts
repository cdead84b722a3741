import { encodeUtf8, utf8Length } from "../bytes/utf8.ts";
import { createIdleTimer } from "../flow/idle-timer.ts";
import { createPace } from "../flow/pace.ts";
import type { Pace } from "../flow/pump.ts";
import type { Socket } from "../ports/socket.ts";
import { createConnectionDecoder } from "../wire/connection-decoder.ts";
import { type DecodeIssue, isFatalIssue } from "../wire/decode-issue.ts";
import { encodeHandshakeResponse } from "../wire/handshake.ts";
import type { DecodedRecord, HubCodec } from "../wire/hub-codec.ts";
import type { HubMessage } from "../wire/hub-message.ts";
import { answerHandshake } from "./answer-handshake.ts";
import { CLIENT_TIMEOUT, CLOSED_WITH_ERROR, HANDSHAKE_CANCELED, messageTooLarge } from "./error-texts.ts";
import type { AcceptedConnection, HubOptions } from "./hub.ts";

/** A client that reads this much slower than it is sent to is let go, so that it does not fill the memory. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

/** One client, from its socket to its hub messages. */
export interface ServedConnection {
  readonly id: string;
  /** Undefined until the handshake has succeeded. */
  readonly codec: HubCodec | undefined;
  /** Throws a TypeError where the protocol cannot carry a value. Says nothing where the client has gone. */
  send(message: HubMessage): void;
  /** What the connection's codec made of a message. */
  write(payload: string | Uint8Array<ArrayBuffer>): void;
  readonly pace: Pace;
  /** Aborts when the connection has ended. */
  readonly gone: AbortSignal;
  /** A Close message, then the transport. */
  close(error?: string, allowReconnect?: boolean): void;
}

export interface ServedEvents {
  /** The handshake has succeeded. */
  connected(): void;
  /** Any message but Ping and Close. */
  message(message: HubMessage): void;
  /** Only where `connected` came before. Last. */
  ended(): void;
}

export function serveConnection(
  id: string,
  socket: Socket,
  options: HubOptions,
  events: ServedEvents,
): ServedConnection & AcceptedConnection {
  const { clock } = options;
  const maximumSize = options.maximumReceiveMessageSize ?? 32_768;
  const decoder = createConnectionDecoder();
  const gone = new AbortController();
  const shaken = new AbortController();
  let codec: HubCodec | undefined;
  let incomplete = 0;
  let heard: (() => void) | undefined;
  let isConnected = false;

  clock?.after(options.handshakeTimeout ?? 15_000, () => rejectHandshake(HANDSHAKE_CANCELED), shaken.signal);

  function end(): void {
    if (gone.signal.aborted) return;
    shaken.abort();
    gone.abort();
    if (isConnected) events.ended();
  }

  function write(payload: string | Uint8Array<ArrayBuffer>): void {
    if (gone.signal.aborted) return;
    try {
      socket.send(payload);
    } catch {
      // A socket that is closing: its `closed` event ends the connection.
      return;
    }
    if ((socket.bufferedAmount ?? 0) > MAX_BUFFERED_BYTES) closeSocket();
  }

  function closeSocket(): void {
    end();
    try {
      socket.close(1000);
    } catch {
      // Closed already.
    }
  }

  function close(error?: string, allowReconnect?: boolean): void {
    const close = {
      kind: "close",
      ...(error === undefined ? {} : { error }),
      ...(allowReconnect === true ? { allowReconnect } : {}),
    } as const;
    if (codec !== undefined) write(codec.encode(close));
    closeSocket();
  }

  function closeWithError(detail: string): void {
    close(options.detailedErrors === true ? `${CLOSED_WITH_ERROR} ${detail}` : CLOSED_WITH_ERROR, true);
  }

  /** Always text, whatever the protocol; no Close message follows. */
  function rejectHandshake(error: string): void {
    write(encodeHandshakeResponse({ error }));
    closeSocket();
  }

  function onPayload(payload: string | Uint8Array<ArrayBuffer>): void {
    heard?.();
    const records =
      typeof payload === "string"
        ? decoder.decode("out", { kind: "text", text: payload })
        : decoder.decode("out", { kind: "binary", bytes: payload });
    incomplete += typeof payload === "string" ? utf8Length(payload) : payload.length;
    for (const record of records) {
      incomplete -= record.size;
      if (record.size > maximumSize) {
        refuseSize();
        return;
      }
      onRecord(record);
      if (gone.signal.aborted) return;
    }
    if (incomplete > maximumSize) refuseSize();
  }

  function refuseSize(): void {
    if (codec === undefined) rejectHandshake(HANDSHAKE_CANCELED);
    else closeWithError(`InvalidDataException: ${messageTooLarge(maximumSize)}`);
  }

  function onRecord({ message, issues }: DecodedRecord): void {
    if (codec === undefined) {
      onHandshake(message);
      return;
    }
    const fatal = issues.find(isFatalIssue);
    if (fatal !== undefined) {
      closeWithError(`InvalidDataException: ${issueText(fatal)}`);
      return;
    }
    switch (message.kind) {
      case "undecodable":
        closeWithError("InvalidDataException: The record cannot be decoded.");
        return;
      case "close":
        close();
        return;
      case "ping":
        watch();
        return;
      default:
        events.message(message);
        return;
    }
  }

  function onHandshake(message: HubMessage): void {
    const answer = answerHandshake(message);
    if (answer.kind === "rejected") {
      rejectHandshake(answer.error);
      return;
    }
    shaken.abort();
    codec = answer.codec;
    const response = encodeHandshakeResponse({});
    write(codec.transferFormat === "binary" ? encodeUtf8(response) : response);
    if (gone.signal.aborted) return;
    keepAlive();
    isConnected = true;
    events.connected();
  }

  /** By the clock and not by silence, as ASP.NET Core does. */
  function keepAlive(): void {
    if (clock === undefined || codec === undefined) return;
    const ping = codec.encode({ kind: "ping" });
    createIdleTimer(clock, options.keepAliveInterval ?? 15_000, () => write(ping), gone.signal);
  }

  /** A client that never pings is never timed out, as in ASP.NET Core. */
  function watch(): void {
    if (clock === undefined || heard !== undefined) return;
    const timeout = options.clientTimeout ?? 30_000;
    const onSilence = () => closeWithError(`OperationCanceledException: ${CLIENT_TIMEOUT}`);
    heard = createIdleTimer(clock, timeout, onSilence, gone.signal).touch;
  }

  return {
    id,
    get codec() {
      return codec;
    },
    send(message) {
      if (codec !== undefined) write(codec.encode(message));
    },
    write,
    pace: clock === undefined ? () => undefined : createPace(clock, socket, gone.signal),
    gone: gone.signal,
    close,
    receive(event) {
      if (gone.signal.aborted) return;
      if (event.type === "payload") onPayload(event.payload);
      else if (event.type === "closed") end();
    },
  };
}

function issueText({ code, field, detail }: DecodeIssue): string {
  return [code, field, detail].filter((part) => part !== undefined).join(" ");
}
