import type { HubscopeError } from "../errors.ts";
import { createIdleTimer } from "../flow/idle-timer.ts";
import { createPace } from "../flow/pace.ts";
import type { Pace } from "../flow/pump.ts";
import type { SocketClosedEvent, SocketEvent } from "../ports/socket.ts";
import { codecFor } from "../wire/codecs.ts";
import { encodeHandshakeRequest } from "../wire/handshake.ts";
import type { HubProtocolName } from "../wire/hub-codec.ts";
import type { HubMessage } from "../wire/hub-message.ts";
import * as failure from "./connection-failures.ts";
import { CLOSE_TIMEOUT, REQUEST_TIMEOUT, type Timing } from "./connection-settings.ts";
import type { HubClientPorts } from "./hub-client.ts";
import { createIncoming } from "./incoming.ts";
import type { OpenTransport, Transport, TransportAddress } from "./transport.ts";

/** A transport with a hub at its other end: from opening over the handshake to the end. */
export interface LiveConnection {
  /** Throws a TypeError where the protocol cannot carry a value, `not-connected` where the connection is gone. */
  send(message: HubMessage): void;
  readonly pace: Pace;
  /** Aborts when the connection has ended, by whomever. */
  readonly gone: AbortSignal;
  /**
   * Ends it from this side, with a Close message where the handshake has succeeded. Resolves when the transport
   * has closed. No event follows.
   */
  close(): Promise<void>;
}

export interface ConnectionEvents {
  /** The transport is open; the handshake has been sent. */
  opened(): void;
  /** The handshake has succeeded. */
  connected(): void;
  /** Any message but Ping and Close. */
  message(message: HubMessage): void;
  /** The connection ended, or could not be made, not by this side. Last. */
  ended(error: HubscopeError): void;
}

export interface ConnectionSetup {
  readonly address: TransportAddress;
  readonly protocol: HubProtocolName;
  readonly timing: Timing;
  readonly openTransport: OpenTransport;
  readonly ports: HubClientPorts;
}

export function openConnection(setup: ConnectionSetup, events: ConnectionEvents): LiveConnection {
  const { ports, timing } = setup;
  const { hubUrl } = setup.address;
  const codec = codecFor(setup.protocol);
  const incoming = createIncoming(setup.protocol);
  const gone = new AbortController();
  const closed = createOccasion();
  let phase: "opening" | "handshaking" | "connected" | "ended" = "opening";
  let phaseOver = new AbortController();
  let heard = () => {};
  let spoke = () => {};
  let transport: Transport | undefined;

  function limitPhase(milliseconds: number, error: () => HubscopeError): void {
    phaseOver.abort();
    phaseOver = new AbortController();
    ports.clock.after(milliseconds, () => fail(error()), phaseOver.signal);
  }

  function end(): void {
    phase = "ended";
    phaseOver.abort();
    gone.abort();
  }

  function fail(error: HubscopeError): void {
    if (phase === "ended") return;
    end();
    closeTransport();
    events.ended(error);
  }

  function closeTransport(): void {
    try {
      transport?.close(1000);
    } catch {
      // A transport that cannot be closed is as good as closed; the time limit of close() covers the wait.
    }
  }

  function write(payload: string | Uint8Array<ArrayBuffer>): void {
    if (phase === "ended" || transport === undefined) throw failure.notConnected();
    try {
      transport.send(payload);
    } catch (error) {
      throw failure.notConnected(error);
    }
    spoke();
  }

  /** For messages of our own making, whose loss shows in the end of the connection. */
  function trySend(message: HubMessage): void {
    try {
      write(codec.encode(message));
    } catch {
      // The transport is closing under us; its `closed` event is on its way.
    }
  }

  function onOpen(): void {
    if (phase !== "opening") return;
    phase = "handshaking";
    limitPhase(timing.handshakeTimeout, () => failure.handshakeTimeout(timing.handshakeTimeout));
    const request = encodeHandshakeRequest({ protocol: setup.protocol, version: 1 });
    incoming.sent(request);
    try {
      write(request);
    } catch (error) {
      fail(failure.transportFailed(hubUrl, undefined, error));
      return;
    }
    events.opened();
  }

  function onPayload(payload: string | Uint8Array<ArrayBuffer>): void {
    if (phase === "ended") return;
    if (phase === "opening") {
      fail(failure.beforeHandshake());
      return;
    }
    heard();
    const { messages, fault } = incoming.receive(payload);
    for (const message of messages) {
      if (isEnded()) return;
      if (phase === "handshaking") onHandshakeAnswer(message);
      else onMessage(message);
    }
    if (fault !== undefined) fail(fault);
  }

  /** A function, because the events that a message causes change the phase behind the compiler's back. */
  function isEnded(): boolean {
    return phase === "ended";
  }

  function onHandshakeAnswer(message: HubMessage): void {
    if (message.kind !== "handshake-response") {
      fail(failure.noHandshakeResponse());
      return;
    }
    if (message.error !== undefined) {
      fail(failure.handshakeRejected(message.error));
      return;
    }
    // A WebSocket echo server would otherwise pass for a hub.
    if (isEcho(message.extra)) {
      fail(failure.noHandshakeResponse());
      return;
    }
    phase = "connected";
    phaseOver.abort();
    if (transport?.inherentKeepAlive !== true) watch();
    events.connected();
  }

  function watch(): void {
    const { clock } = ports;
    const lost = () => fail(failure.serverTimeout(timing.serverTimeout));
    heard = createIdleTimer(clock, timing.serverTimeout, lost, gone.signal).touch;
    const ping = () => trySend({ kind: "ping" });
    spoke = createIdleTimer(clock, timing.keepAliveInterval, ping, gone.signal).touch;
    // The server's own timeout starts only with the first ping.
    ping();
  }

  function onMessage(message: HubMessage): void {
    switch (message.kind) {
      case "ping":
        return;
      case "close":
        fail(failure.closedByServer(message));
        return;
      case "undecodable":
        fail(failure.undecodable(setup.protocol));
        return;
      default:
        events.message(message);
        return;
    }
  }

  function onClosed(event: SocketClosedEvent): void {
    closed.happen();
    if (phase === "opening") fail(failure.transportFailed(hubUrl, event));
    else if (phase === "handshaking") fail(failure.closedInHandshake(event));
    else fail(failure.connectionLost(event));
  }

  function onSocketEvent(event: SocketEvent): void {
    switch (event.type) {
      case "open":
        onOpen();
        return;
      case "payload":
        onPayload(event.payload);
        return;
      case "closed":
        onClosed(event);
        return;
      default:
        event satisfies never;
        return;
    }
  }

  limitPhase(REQUEST_TIMEOUT, () => failure.openTimeout(hubUrl, REQUEST_TIMEOUT));
  try {
    transport = setup.openTransport(setup.address, ports, onSocketEvent);
  } catch (error) {
    end();
    throw failure.transportFailed(hubUrl, undefined, error);
  }

  return {
    send: (message) => write(codec.encode(message)),
    pace: createPace(ports.clock, transport, gone.signal),
    gone: gone.signal,
    close() {
      if (phase === "connected") trySend({ kind: "close" });
      if (phase !== "ended") end();
      closeTransport();
      const limit = new AbortController();
      ports.clock.after(CLOSE_TIMEOUT, closed.happen, limit.signal);
      return closed.happened.then(() => limit.abort());
    },
  };
}

/** Something that happens once, or has happened. */
function createOccasion(): { readonly happened: Promise<void>; readonly happen: () => void } {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}

function isEcho(extra: unknown): boolean {
  return typeof extra === "object" && extra !== null && "protocol" in extra && "version" in extra;
}
