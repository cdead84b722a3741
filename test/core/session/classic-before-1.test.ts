import { expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import { redactUrl } from "../../../core/src/session/redaction.ts";

/**
 * 0.5.x as jquery.signalR 0.5.3 speaks it: no token but the connection ID, long names, the reply of a call on its socket,
 * or as the body of its send request.
 */
const ID = "5b1cf4f5-5b0b-4a1c-9d54-9e0a6f5f2d11";
const QUERY = `connectionId=${ID}&connectionData=${encodeURIComponent('[{"name":"chat"}]')}`;
const call = (id: number) => `{"hub":"chat","method":"Send","args":["hi"],"state":{},"id":${id}}`;
const reply = (id: number) => `{"State":{},"Result":5,"Id":"${id}","Error":null,"StackTrace":null}`;
const pushed =
  '{"MessageId":"8","Messages":[{"Hub":"chat","Method":"add","Args":["hi"],"State":{}}],"Disconnect":false,' +
  '"TimedOut":false,"TransportData":{"Groups":["chat.g"]}}';

function exchange(at: number, method: string, url: string, answer: string, body?: string): CaptureEvent[] {
  const id = `e${at}`;
  const text = (content: string) => ({ kind: "text", text: content }) as const;
  const headers = { "content-type": "application/json" };
  return [
    { type: "http-request", at, exchange: id, method, url, ...(body !== undefined && { body: text(body) }) },
    { type: "http-response", at: at + 1, exchange: id, status: 200, headers },
    { type: "http-response-body", at: at + 2, exchange: id, payload: text(answer) },
    { type: "http-ended", at: at + 3, exchange: id },
  ];
}

const negotiate = exchange(
  1,
  "GET",
  "http://h/signalr/negotiate?_=1",
  `{"Url":"/signalr","ConnectionId":"${ID}","TryWebSockets":true,"WebSocketServerUrl":null,"ProtocolVersion":"1.0"}`,
);

function shown(events: readonly CaptureEvent[]) {
  const session = createSession();
  for (const event of events) session.apply(event);
  const messages = session.log.filter((entry) => entry.kind === "message");
  return {
    connections: session.connections.map(({ hubPath, transport, protocol }) => [
      hubPath,
      transport,
      protocol?.name,
    ]),
    messages: messages.map(({ direction, record }) => `${direction} ${record.message.kind}`),
    calls: messages.flatMap(({ invocation, record }) =>
      record.message.kind === "hub-call" ? [session.invocation(invocation ?? 0)?.state.kind] : [],
    ),
  };
}

test("over WebSockets: one connection, and its calls are answered", () => {
  const socket = "s";
  const payload = (at: number, direction: "out" | "in", text: string): CaptureEvent => ({
    type: "socket-payload",
    at,
    socket,
    direction,
    payload: { kind: "text", text },
  });
  expect(
    shown([
      ...negotiate,
      { type: "socket-opening", at: 10, socket, url: `ws://h/signalr/connect?transport=webSockets&${QUERY}` },
      { type: "socket-opened", at: 11, socket, protocol: "" },
      payload(12, "out", call(0)),
      payload(13, "in", pushed),
      payload(14, "in", reply(0)),
    ]),
  ).toEqual({
    connections: [["/signalr", "WebSockets", "classic"]],
    messages: ["out hub-call", "in envelope", "in hub-result"],
    calls: ["completed"],
  });
});

test("over long polling: the reply is the body of the call's own request", () => {
  expect(
    shown([
      ...negotiate,
      ...exchange(10, "POST", `http://h/signalr/connect?transport=longPolling&${QUERY}`, pushed),
      ...exchange(
        20,
        "POST",
        `http://h/signalr/send?transport=longPolling&connectionId=${ID}`,
        reply(0),
        `data=${encodeURIComponent(call(0))}`,
      ),
    ]),
  ).toEqual({
    connections: [["/signalr", "LongPolling", "classic"]],
    messages: ["in envelope", "out hub-call", "in hub-result"],
    calls: ["completed"],
  });
});

test("1.0: negotiate does not tell of hubs, polls are GETs of the bare address, and nothing says that it is up", () => {
  const token = `${ID}:`;
  const data = `connectionData=${encodeURIComponent('[{"name":"chat"}]')}`;
  const query = `transport=longPolling&connectionToken=${encodeURIComponent(token)}`;
  const envelope = '{"C":"B,1|C,0","M":[{"H":"Chat","M":"add","A":["hi"]}]}';
  expect(
    shown([
      ...exchange(
        1,
        "GET",
        "http://h/signalr/negotiate?_=1",
        `{"Url":"/signalr","ConnectionToken":"${token}","ConnectionId":"${ID}","KeepAliveTimeout":20,` +
          '"DisconnectTimeout":30,"TryWebSockets":true,"WebSocketServerUrl":null,"ProtocolVersion":"1.2"}',
      ),
      ...exchange(10, "GET", `http://h/signalr/connect?${query}&${data}&_=2`, envelope),
      ...exchange(20, "GET", `http://h/signalr?${query}&${data}&messageId=B%2C1%7CC%2C0&_=3`, envelope),
      ...exchange(
        30,
        "POST",
        `http://h/signalr/send?${query}&${data}`,
        '{"R":5,"I":"0"}',
        `data=${encodeURIComponent('{"H":"chat","M":"Send","A":["hi"],"I":0}')}`,
      ),
    ]),
  ).toEqual({
    connections: [["/signalr", "LongPolling", "classic"]],
    messages: ["in envelope", "in envelope", "out hub-call", "in hub-result"],
    calls: ["completed"],
  });
});

test("the ID is all that such a connection is protected by", () => {
  expect(redactUrl(`http://h/signalr/connect?transport=webSockets&${QUERY}`)).not.toContain(ID);
});
