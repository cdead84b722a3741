import { expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";

/** Two connections of one page, sent on to Azure at the same time; their answers cross. `asrs_request_id` tells whose is whose. */
let count = 0;

function exchange(method: string, url: string, answer: string): readonly CaptureEvent[] {
  count += 1;
  const [at, id] = [count * 10, `e${count}`];
  return [
    { type: "http-request", at, exchange: id, method, url },
    { type: "http-response", at, exchange: id, status: 200 },
    { type: "http-response-body", at, exchange: id, payload: { kind: "text", text: answer } },
    { type: "http-ended", at, exchange: id },
  ];
}

function tokensByOrder(events: readonly CaptureEvent[]) {
  const session = createSession();
  for (const event of events) session.apply(event);
  return session.connections.map(({ hubPath, connectionToken }) => [hubPath, connectionToken]);
}

test("to ASP.NET Core's endpoint", () => {
  const query = (request: string) =>
    `hub=chat&asrs.op=%2Fhub&negotiateVersion=1&asrs_request_id=${request}%2B%3D`;
  const app = (request: string) =>
    exchange(
      "POST",
      "https://app/hub/negotiate?negotiateVersion=1",
      `{"negotiateVersion":0,"url":"https://x.service.signalr.net/client/?${query(request)}","accessToken":"t"}`,
    );
  const service = (request: string) =>
    exchange(
      "POST",
      `https://x.service.signalr.net/client/negotiate?${query(request)}`,
      `{"negotiateVersion":1,"connectionId":"i","connectionToken":"${request}","availableTransports":[]}`,
    );
  expect(tokensByOrder([...app("A"), ...app("B"), ...service("B"), ...service("A")])).toEqual([
    ["/hub", "A"],
    ["/hub", "B"],
  ]);
});

test("to the classic endpoint", () => {
  const data = "connectionData=%5B%7B%22name%22%3A%22chat%22%7D%5D";
  const app = (request: string) =>
    exchange(
      "GET",
      `https://app/signalr/negotiate?clientProtocol=2.1&${data}&_=1`,
      '{"ProtocolVersion":"2.0","RedirectUrl":"https://x.service.signalr.net/aspnetclient?' +
        `asrs_request_id=${request}%3D&asrs.op=%2Fsignalr","AccessToken":"t","TryWebSockets":true}`,
    );
  const service = (request: string) =>
    exchange(
      "GET",
      `https://x.service.signalr.net/aspnetclient/negotiate?clientProtocol=2.1&asrs_request_id=${request}%3D` +
        `&asrs.op=%2Fsignalr&${data}&_=2`,
      `{"Url":"/aspnetclient","ConnectionToken":"${request}","ConnectionId":"i","TryWebSockets":true,"ProtocolVersion":"2.0"}`,
    );
  expect(tokensByOrder([...app("A"), ...app("B"), ...service("B"), ...service("A")])).toEqual([
    ["/signalr", "A"],
    ["/signalr", "B"],
  ]);
});
