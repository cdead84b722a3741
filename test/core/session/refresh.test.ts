import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import { compileFilter } from "../../../core/src/session/message-filter.ts";
import type { ConnectionHappening } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { REFRESH_ERRORS } from "../../../core/src/wire/refresh.ts";

const HUB = "http://127.0.0.1:5000/hub";
const REFRESH = `${HUB}/refresh?id=token`;

interface Said {
  readonly method?: string;
  readonly status?: number;
  readonly answer?: string;
  readonly sent?: string;
  readonly error?: string;
}

let count = 0;

/** An exchange that begins at `at` and ends 5 ms later. */
function exchange(
  at: number,
  url: string,
  { method = "POST", status, answer, sent, error }: Said,
): CaptureEvent[] {
  const id = `e${++count}`;
  const text = (body: string) => ({ payload: { kind: "text", text: body } as const });
  return [
    {
      type: "http-request",
      at,
      exchange: id,
      method,
      url,
      ...(sent !== undefined && { body: { kind: "text", text: sent } as const }),
    },
    ...(status === undefined ? [] : [{ type: "http-response", at: at + 1, exchange: id, status } as const]),
    ...(answer === undefined
      ? []
      : [{ type: "http-response-body", at: at + 2, exchange: id, ...text(answer) } as const]),
    { type: "http-ended", at: at + 5, exchange: id, ...(error !== undefined && { error }) },
  ];
}

function negotiated(
  hub = HUB,
  token = "token",
  more: object = { tokenLifetimeSeconds: 3600 },
): CaptureEvent[] {
  const answer = {
    negotiateVersion: 1,
    connectionId: "c",
    connectionToken: token,
    availableTransports: [],
    ...more,
  };
  return exchange(0, `${hub}/negotiate?negotiateVersion=1`, { status: 200, answer: JSON.stringify(answer) });
}

function sessionOf(...events: readonly CaptureEvent[]): Session {
  const session = createSession();
  for (const event of events) session.apply(event);
  return session;
}

const happenings = (session: Session): readonly ConnectionHappening[] =>
  session.log.flatMap((entry) => (entry.kind === "connection" ? [entry.happening] : []));
const last = (session: Session) => happenings(session).at(-1);

describe("negotiate", () => {
  test("says how long the token is good for, and so does the connection", () => {
    const session = sessionOf(...negotiated());
    expect(last(session)).toMatchObject({ kind: "negotiate", tokenLifetimeSeconds: 3600 });
    expect(session.connections[0]?.authentication).toEqual({ tokenLifetimeSeconds: 3600, since: 5 });
  });

  test("says nothing of it where authentication cannot be refreshed, or where the number is none", () => {
    const session = sessionOf(...negotiated(HUB, "token", {}));
    expect(last(session)).not.toHaveProperty("tokenLifetimeSeconds");
    expect(session.connections[0]).not.toHaveProperty("authentication");
    const events = exchange(0, `${HUB}/negotiate?negotiateVersion=1`, {
      status: 200,
      answer: '{"connectionId":"c","availableTransports":[],"tokenLifetimeSeconds":1e999}',
    });
    expect(sessionOf(...events).connections[0]).not.toHaveProperty("authentication");
  });
});

describe("a refresh", () => {
  test("is a row of its connection, which then has the new lifetime", () => {
    const session = sessionOf(
      ...negotiated(),
      ...exchange(100, REFRESH, { status: 200, answer: '{"tokenLifetimeSeconds":60}' }),
    );
    expect(last(session)).toEqual({
      kind: "refresh",
      exchange: expect.any(String),
      status: 200,
      tokenLifetimeSeconds: 60,
      size: 27,
      duration: 5,
      body: '{"tokenLifetimeSeconds":60}',
    });
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]?.authentication).toEqual({ tokenLifetimeSeconds: 60, since: 105 });
    expect(session.connections[0]).toMatchObject({ errors: 0, messagesOut: 0 });
  });

  test.for([["{}"], [""], [undefined]])("that says no lifetime (%s) leaves none", ([answer]) => {
    const session = sessionOf(
      ...negotiated(),
      ...exchange(100, REFRESH, { status: 200, ...(answer !== undefined && { answer }) }),
    );
    expect(last(session)).toMatchObject({ kind: "refresh", status: 200 });
    expect(last(session)).not.toHaveProperty("tokenLifetimeSeconds");
    expect(session.connections[0]).not.toHaveProperty("authentication");
  });

  test.for(Object.entries(REFRESH_ERRORS))(
    "that is refused says why: %s, and the token stays",
    ([error, status]) => {
      const answer = JSON.stringify({ error, error_description: "Said at length." });
      const session = sessionOf(...negotiated(), ...exchange(100, REFRESH, { status, answer }));
      expect(last(session)).toMatchObject({
        kind: "refresh-failed",
        status,
        error,
        description: "Said at length.",
        body: answer,
      });
      expect(session.connections[0]).toMatchObject({
        errors: 1,
        state: { kind: "negotiated" },
        authentication: { tokenLifetimeSeconds: 3600, since: 5 },
      });
    },
  );

  test.for<readonly [string, Said, object]>([
    ["an older server", { status: 404 }, { status: 404, reason: "HTTP status 404" }],
    ["a proxy", { status: 502, answer: "<html>" }, { status: 502, reason: "HTTP status 502" }],
    [
      "a web page",
      { status: 200, answer: "<html>" },
      { status: 200, reason: "The answer was not that of a refresh" },
    ],
    ["a network that is gone", { error: "Failed to fetch" }, { reason: "Failed to fetch" }],
    ["nobody", {}, { reason: "No answer" }],
  ])("that %s answers has failed", ([, said, expected]) => {
    const session = sessionOf(...negotiated(), ...exchange(100, REFRESH, said));
    expect(last(session)).toMatchObject({ kind: "refresh-failed", ...expected });
    expect(session.log.at(-1)?.isError).toBe(true);
  });

  test("carries no messages, whatever its body", () => {
    const session = sessionOf(
      ...negotiated(),
      ...exchange(100, REFRESH, { sent: '{"type":6}\u001e', status: 200, answer: "{}" }),
    );
    expect(session.log.filter(({ kind }) => kind === "message")).toEqual([]);
  });

  test.for([
    `${HUB}/refresh?tenant=a&id=token`,
    `${HUB}/refresh/?ID=token#top`,
    "https://elsewhere.example/client/refresh?hub=chat&id=token",
  ])("is known by its token: %s", (url) => {
    const session = sessionOf(...negotiated(), ...exchange(100, url, { status: 200, answer: "{}" }));
    expect(last(session)?.kind).toBe("refresh");
  });

  test("belongs to the connection whose token it names", () => {
    const session = sessionOf(
      ...negotiated(),
      ...negotiated(HUB, "other"),
      ...exchange(100, REFRESH, { status: 200, answer: '{"tokenLifetimeSeconds":60}' }),
    );
    const lifetimes = session.connections.map(({ authentication }) => authentication?.tokenLifetimeSeconds);
    expect(lifetimes).toEqual([60, 3600]);
  });

  test("of a socket that nobody negotiated is known too", () => {
    const session = sessionOf(
      { type: "socket-opening", at: 1, socket: "s", url: `${HUB.replace("http", "ws")}?id=token` },
      { type: "socket-opened", at: 2, socket: "s", protocol: "" },
      {
        type: "socket-payload",
        at: 3,
        socket: "s",
        direction: "out",
        payload: { kind: "text", text: '{"protocol":"json","version":1}\u001e' },
      },
      ...exchange(100, REFRESH, { status: 200, answer: '{"tokenLifetimeSeconds":60}' }),
    );
    expect(session.connections[0]?.authentication?.tokenLifetimeSeconds).toBe(60);
  });

  test("is none where nobody knows the token, or where it is no POST", () => {
    const session = sessionOf(
      ...negotiated(),
      ...exchange(100, `${HUB}/refresh?id=nobody`, { status: 200, answer: "{}" }),
      ...exchange(110, REFRESH, { method: "DELETE", status: 405 }),
    );
    expect(happenings(session).map(({ kind }) => kind)).toEqual(["negotiate"]);
  });

  test("is none at a hub whose own path ends so: what goes there are messages", () => {
    const hub = "http://127.0.0.1:5000/refresh";
    const session = sessionOf(
      ...negotiated(hub),
      ...exchange(100, `${hub}?id=token`, { sent: '{"protocol":"json","version":1}\u001e', status: 200 }),
      ...exchange(110, `${hub}/refresh?id=token`, { status: 200, answer: '{"tokenLifetimeSeconds":60}' }),
    );
    expect(session.connections[0]?.messagesOut).toBe(1);
    expect(last(session)).toMatchObject({ kind: "refresh", tokenLifetimeSeconds: 60 });
  });

  describe("without an id", () => {
    const refused = { status: 400, answer: '{"error":"missing_connection_token"}' };

    test("is shown where the server refuses it and the hub has one connection", () => {
      const session = sessionOf(...negotiated(), ...exchange(100, `${HUB}/refresh`, refused));
      expect(last(session)).toMatchObject({ kind: "refresh-failed", error: "missing_connection_token" });
    });

    test.for<readonly [string, string, Said]>([
      ["the application's own answer", `${HUB}/refresh`, { status: 200, answer: '{"token":"t"}' }],
      ["an answer like one that succeeds", `${HUB}/refresh`, { status: 200, answer: "{}" }],
      ["a broken request", `${HUB}/refresh`, { error: "Failed to fetch" }],
      ["another address", "http://127.0.0.1:5000/refresh", refused],
    ])("is none of ours: %s", ([, url, said]) => {
      const session = sessionOf(...negotiated(), ...exchange(100, url, said));
      expect(happenings(session).map(({ kind }) => kind)).toEqual(["negotiate"]);
    });

    test("is left alone where several connections may be meant", () => {
      const session = sessionOf(
        ...negotiated(),
        ...negotiated(HUB, "other"),
        ...exchange(100, `${HUB}/refresh`, refused),
      );
      expect(happenings(session).map(({ kind }) => kind)).toEqual(["negotiate", "negotiate"]);
    });
  });

  test("under way when its document goes is forgotten", () => {
    const [request] = exchange(100, REFRESH, {});
    const origin = { documentUrl: "http://page/", document: "d" };
    const [first, ...others] = negotiated();
    const session = sessionOf(
      ...(first?.type === "http-request" ? [{ ...first, origin }] : []),
      ...others,
      ...(request === undefined ? [] : [request]),
      { type: "document-ended", at: 200, document: "d" },
      ...(request?.type === "http-request"
        ? [{ type: "http-ended", at: 300, exchange: request.exchange } as const]
        : []),
    );
    expect(happenings(session).map(({ kind }) => kind)).toEqual(["negotiate", "left"]);
  });

  test("is found by its word, its code and its type", () => {
    const session = sessionOf(
      ...negotiated(),
      ...exchange(100, REFRESH, { status: 200, answer: "{}" }),
      ...exchange(200, REFRESH, { status: 401, answer: '{"error":"invalid_token"}' }),
    );
    const found = (query: string) =>
      session.log.filter((entry) => compileFilter(query, session)(entry)).length;
    expect([found("refresh"), found("invalid_token"), found("type:refresh-failed")]).toEqual([2, 1, 1]);
  });
});
