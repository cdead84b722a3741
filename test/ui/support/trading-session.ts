import type { CaptureEvent, Milliseconds, SocketId } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { codecFor } from "../../../core/src/wire/codecs.ts";
import { encodeHandshakeRequest, encodeHandshakeResponse } from "../../../core/src/wire/handshake.ts";
import type { HubCodec, HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import { Extension, type HubMessage, Timestamp } from "../../../core/src/wire/hub-message.ts";
import type { Direction, Payload } from "../../../core/src/wire/payload.ts";

/** 21 November 2026, 12:04:31 in UTC. */
export const START: Milliseconds = Date.UTC(2026, 10, 21, 12, 4, 31);

/** One socket that writes what both sides say as capture events. */
export interface Speaker {
  open(at: Milliseconds): void;
  say(at: Milliseconds, direction: Direction, message: HubMessage): void;
  raw(at: Milliseconds, direction: Direction, payload: Payload): void;
  close(at: Milliseconds, code: number, reason?: string): void;
}

export function speaker(
  apply: (event: CaptureEvent) => void,
  socket: SocketId,
  url: string,
  protocol: HubProtocolName,
): Speaker {
  const codec: HubCodec = codecFor(protocol);
  const payloadOf = (data: string | Uint8Array): Payload =>
    typeof data === "string" ? { kind: "text", text: data } : { kind: "binary", bytes: data };
  const raw = (at: Milliseconds, direction: Direction, payload: Payload): void =>
    apply({ type: "socket-payload", at: START + at, socket, direction, payload });
  return {
    open: (at) => {
      apply({ type: "socket-opening", at: START + at, socket, url });
      apply({ type: "socket-opened", at: START + at + 4, socket, protocol: "" });
      raw(at + 5, "out", payloadOf(encodeHandshakeRequest({ protocol, version: 1 })));
      raw(at + 8, "in", payloadOf(encodeHandshakeResponse()));
    },
    say: (at, direction, message) => raw(at, direction, payloadOf(codec.encode(message))),
    raw,
    close: (at, code, reason = "") =>
      apply({ type: "socket-closed", at: START + at, socket, code, reason, wasClean: code !== 1006 }),
  };
}

export function negotiate(
  apply: (event: CaptureEvent) => void,
  at: Milliseconds,
  path: string,
  token: string,
): void {
  const exchange = `negotiate-${token}`;
  const body = JSON.stringify({
    negotiateVersion: 1,
    connectionId: `id of ${path}`,
    connectionToken: token,
    availableTransports: ["WebSockets", "ServerSentEvents", "LongPolling"].map((transport) => ({
      transport,
      transferFormats: transport === "ServerSentEvents" ? ["Text"] : ["Text", "Binary"],
    })),
  });
  const url = `http://localhost:5000${path}/negotiate?negotiateVersion=1`;
  apply({ type: "http-request", at: START + at, exchange, method: "POST", url });
  apply({ type: "http-response", at: START + at + 9, exchange, status: 200 });
  apply({ type: "http-response-body", at: START + at + 9, exchange, payload: { kind: "text", text: body } });
  apply({ type: "http-ended", at: START + at + 9, exchange });
}

/** Four connections with everything that the inspector has a look for: calls, streams, errors, secrets, odd data. */
export function tradingSession(): Session {
  const session = createSession();
  const { apply } = session;
  negotiate(apply, 9, "/hubs/trading", "token-trading");
  const trading = speaker(apply, "s1", "ws://localhost:5000/hubs/trading?id=token-trading", "messagepack");
  trading.open(36);
  const call = (at: number, invocationId: string, target: string, args: readonly unknown[]): void =>
    trading.say(at, "out", { kind: "invocation", invocationId, target, arguments: args });
  call(377, "7", "PlaceOrder", ["MSFT", 200, { limit: 412.35, tif: "Day" }]);
  trading.say(402, "in", {
    kind: "invocation",
    target: "Tick",
    arguments: ["MSFT", 412.31, 9007199254740993n],
  });
  trading.say(441, "in", {
    kind: "completion",
    invocationId: "7",
    outcome: {
      kind: "result",
      value: {
        id: 88123,
        status: "Filled",
        at: new Timestamp(1795262671, 438219000),
        fills: [
          { qty: 120, px: 412.3 },
          { qty: 60, px: 412.31 },
          { qty: 20, px: 412.35 },
        ],
        signature: Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 159) % 256),
        extension: new Extension(42, Uint8Array.of(1, 2, 3)),
      },
    },
  });
  trading.say(502, "out", {
    kind: "stream-invocation",
    invocationId: "8",
    target: "Prices",
    arguments: ["MSFT", 250],
  });
  for (let item = 0; item < 6; item += 1) {
    trading.say(509 + item * 250, "in", {
      kind: "stream-item",
      invocationId: "8",
      item: ["MSFT", 412.3 + item / 50],
    });
  }
  call(2006, "9", "CancelOrder", [88100]);
  const failure = { kind: "error", message: "HubException: order 88100 is already filled" } as const;
  trading.say(2018, "in", { kind: "completion", invocationId: "9", outcome: failure });
  trading.say(2140, "out", {
    kind: "invocation",
    target: "Say",
    arguments: ["desk-4", "who moved the limit?"],
  });
  trading.say(2400, "in", {
    kind: "invocation",
    invocationId: "s1",
    target: "ConfirmTrade",
    arguments: [88124, true],
  });
  trading.say(2900, "out", {
    kind: "completion",
    invocationId: "s1",
    outcome: { kind: "result", value: "yes" },
  });
  trading.say(3000, "in", { kind: "ping" });
  trading.say(3001, "out", { kind: "ping" });

  negotiate(apply, 3100, "/hubs/alerts", "token-alerts");
  const alerts = speaker(apply, "s2", "ws://localhost:5000/hubs/alerts?id=token-alerts", "json");
  alerts.open(3120);
  alerts.say(3200, "out", {
    kind: "invocation",
    invocationId: "0",
    target: "Subscribe",
    arguments: ["margin"],
  });
  alerts.say(3220, "in", { kind: "completion", invocationId: "0", outcome: { kind: "void" } });
  alerts.raw(3300, "in", {
    kind: "text",
    text: '{"type":1,"target":"Alert","arguments":[1.00,123456789012345678901,"\u202egnp.exe"]}\u001e',
  });
  alerts.raw(3400, "in", {
    kind: "text",
    text: '{"type":3,"invocationId":"0","result":1,"error":"both"}\u001e',
  });
  alerts.raw(3500, "in", { kind: "text", text: '{"type":1,"target":"Broken","arguments":[\u001e' });
  alerts.say(3600, "out", {
    kind: "invocation",
    target: "SignIn",
    arguments: ["Bearer abcdefghijklmnop1234567890"],
  });
  alerts.say(3700, "out", { kind: "invocation", invocationId: "1", target: "Slow", arguments: [] });
  alerts.close(3900, 1006);

  apply({
    type: "http-request",
    at: START + 4000,
    exchange: "n3",
    method: "POST",
    url: "http://localhost:5000/hubs/admin/negotiate?negotiateVersion=1",
  });
  apply({ type: "http-response", at: START + 4012, exchange: "n3", status: 401 });
  apply({ type: "http-ended", at: START + 4012, exchange: "n3" });

  negotiate(apply, 4100, "/hubs/chat", "token-chat");
  const chat = speaker(
    apply,
    "s4",
    "ws://localhost:5000/hubs/chat?id=token-chat&access_token=secret-token",
    "json",
  );
  chat.open(4120);
  chat.say(4200, "in", { kind: "close", allowReconnect: false });
  chat.close(4210, 1000);
  apply({
    type: "events-dropped",
    at: START + 4300,
    count: 12,
    bytes: 48_000,
    reason: "buffer-full",
    limit: "2,000 events",
  });
  return session;
}
