import { describe, expect, test } from "vitest";
import type { CaptureEvent, HttpResponseBody } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { LogEntry } from "../../../core/src/session/model.ts";
import type { Payload } from "../../../core/src/wire/payload.ts";

const HUBS = `clientProtocol=2.1&connectionToken=abc&connectionData=${encodeURIComponent('[{"name":"hub"}]')}`;
const CLASSIC = "http://h/signalr";

function logOf(
  method: string,
  url: string,
  payload: Payload,
  facts: Pick<HttpResponseBody, "isRewritten"> = {},
  status = 200,
): readonly LogEntry[] {
  const exchange = "e";
  const session = createSession();
  const events: readonly CaptureEvent[] = [
    { type: "http-request", at: 1, exchange, method, url },
    { type: "http-response", at: 2, exchange, status },
    { type: "http-response-body", at: 3, exchange, payload, ...facts },
    { type: "http-ended", at: 4, exchange },
  ];
  for (const event of events) session.apply(event);
  return session.log;
}

type Mark = readonly [kind: string, isRewritten: true | undefined];

const text = (content: string): Payload => ({ kind: "text", text: content });
const marks = (log: readonly LogEntry[]) =>
  log.flatMap((entry): readonly Mark[] => {
    if (entry.kind === "message") return [[entry.record.message.kind, entry.isRewritten]];
    if (entry.kind !== "connection" || entry.happening.kind === "opened") return [];
    return [[entry.happening.kind, entry.isRewritten]];
  });

describe("a body that the source has written anew", () => {
  test.for([
    [
      "negotiate",
      "POST",
      "http://h/hub/negotiate?negotiateVersion=1",
      '{"negotiateVersion":1,"connectionId":"c","connectionToken":"t","availableTransports":[]}',
    ],
    ["negotiate-failed", "POST", "http://h/hub/negotiate?negotiateVersion=1", '{"error":"No."}'],
    [
      "negotiate",
      "GET",
      `${CLASSIC}/negotiate?clientProtocol=2.1`,
      '{"ConnectionToken":"t","ConnectionId":"c","ProtocolVersion":"2.1","Url":"/signalr"}',
    ],
    ["negotiate-failed", "GET", `${CLASSIC}/negotiate?clientProtocol=2.1`, '{"hello":1}'],
    ["envelope", "GET", `${CLASSIC}/poll?transport=longPolling&${HUBS}`, '{"C":"d-1","M":[]}'],
  ] as const)("is marked where it stands in the log: %s of %s %s", ([kind, method, url, body]) => {
    expect(marks(logOf(method, url, text(body)))).toEqual([[kind, undefined]]);
    expect(marks(logOf(method, url, text(body), { isRewritten: true }))).toEqual([[kind, true]]);
  });

  test("is marked at a request that a connection makes", () => {
    expect(startOf({})).toEqual(["request", undefined]);
    expect(startOf({ isRewritten: true })).toEqual(["request", true]);
  });

  test.for([
    ["refresh", '{"tokenLifetimeSeconds":3600}'],
    ["refresh-failed", '{"error":"refresh_disabled"}'],
  ])("is marked at a %s of the authentication", ([kind, body = ""]) => {
    const marked = [{}, { isRewritten: true } as const].map((facts) => {
      const session = createSession();
      const url = "http://h/hub/refresh?id=t";
      const negotiated =
        '{"negotiateVersion":1,"connectionId":"c","connectionToken":"t","availableTransports":[]}';
      const events: readonly CaptureEvent[] = [
        {
          type: "http-request",
          at: 1,
          exchange: "n",
          method: "POST",
          url: "http://h/hub/negotiate?negotiateVersion=1",
        },
        { type: "http-response", at: 2, exchange: "n", status: 200 },
        { type: "http-response-body", at: 3, exchange: "n", payload: text(negotiated) },
        { type: "http-ended", at: 4, exchange: "n" },
        { type: "http-request", at: 5, exchange: "r", method: "POST", url },
        { type: "http-response", at: 6, exchange: "r", status: 200 },
        { type: "http-response-body", at: 7, exchange: "r", payload: text(body), ...facts },
        { type: "http-ended", at: 8, exchange: "r" },
      ];
      for (const event of events) session.apply(event);
      return marks(session.log).at(-1);
    });
    expect(marked).toEqual([
      [kind, undefined],
      [kind, true],
    ]);
  });

  function startOf(facts: Pick<HttpResponseBody, "isRewritten">) {
    const session = createSession();
    const query = `transport=longPolling&${HUBS}`;
    const events: readonly CaptureEvent[] = [
      { type: "http-request", at: 1, exchange: "p", method: "GET", url: `${CLASSIC}/connect?${query}` },
      { type: "http-response", at: 2, exchange: "p", status: 200 },
      { type: "http-request", at: 3, exchange: "s", method: "GET", url: `${CLASSIC}/start?${query}` },
      { type: "http-response", at: 4, exchange: "s", status: 200 },
      {
        type: "http-response-body",
        at: 5,
        exchange: "s",
        payload: text('{"Response":"started"}'),
        ...facts,
      },
      { type: "http-ended", at: 6, exchange: "s" },
    ];
    for (const event of events) session.apply(event);
    return marks(session.log).at(-1);
  }
});

describe("the body of a classic poll that is not there says why", () => {
  const poll = `${CLASSIC}/poll?transport=longPolling&${HUBS}`;
  test.for([
    [{ kind: "omitted", reason: "too-large", size: 70_000_000 }, "too-large"],
    [{ kind: "omitted", reason: "unreadable", size: 0 }, "unreadable"],
    [{ kind: "omitted", reason: "not-captured", size: 0 }, "not-captured"],
    [text(`{"C":"d-1","M":["${"x".repeat(1_100_000)}"]}`), "too-long"],
  ] as const)("%#: %o", ([payload, why]) => {
    const [entry] = logOf("GET", poll, payload).filter(({ kind }) => kind === "message");
    expect(entry).toMatchObject({ record: { issues: [{ code: "payload-omitted", detail: why }] } });
  });
});
