import { describe, expect, test } from "vitest";
import type { ConnectionHappening, SourceEntry } from "../../../core/src/session/model.ts";
import { happeningParts, sourceParts } from "../../../ui/inspector/detail/connection-parts.ts";
import { entryRow } from "../../../ui/inspector/log/entry-row.ts";
import { valueText } from "../../../ui/value/value-text.ts";

const row = (happening: ConnectionHappening) =>
  entryRow({ kind: "connection", number: 1, at: 0, connection: "c1", happening, isError: false });
const facts = (parts: ReturnType<typeof happeningParts>) =>
  parts.map(({ label, value }) => `${label}: ${valueText(value).text}`);

const payload = { kind: "payload", carrier: { socket: "s" }, direction: "in", size: 5_000_000 } as const;

describe("connection events in the log", () => {
  test.for([
    [
      { kind: "resumed", socket: "s", ordinal: 1 },
      "resume",
      "socket 2 took over (stateful reconnect)",
      "none",
    ],
    [
      { kind: "joined-late", socket: "s" },
      "joined late",
      "the connection was open before recording began; what was said before is not known",
      "warning",
    ],
    [
      { ...payload, omitted: "too-large" },
      "payload",
      "5.0 MB not shown: larger than what is recorded",
      "warning",
    ],
    [
      { ...payload, size: 0, omitted: "not-captured" },
      "payload",
      "content not shown: not captured: to read it would have used it up or changed it for the page, as with forms, streams and the body of a Request",
      "warning",
    ],
    [
      { kind: "left", isUnrecorded: true },
      "recording ended",
      "the connection is open still; what has been said since is not recorded",
      "none",
    ],
    [
      { kind: "closed", socket: "s", code: 1006, reason: "", wasClean: false, isUnopened: true },
      "close",
      "1006, the socket could not be opened: nobody listens there, the server refused it, or the network is down. Browsers tell scripts no more than this; the console does",
      "warning",
    ],
    [
      {
        kind: "closed",
        socket: "s",
        code: 1006,
        reason: "",
        wasClean: false,
        isUnopened: true,
        act: "refused",
      },
      "close",
      "the socket could not be opened",
      "warning",
    ],
    [
      { kind: "left", isOutOfSight: true },
      "out of sight",
      "the page was left, and the network log shows this no longer; a service worker's connection goes on without its page",
      "none",
    ],
    [{ ...payload, text: "hello\n" }, "payload", "not of this hub protocol: hello\\n", "warning"],
    [{ ...payload, bytes: Uint8Array.of(1, 255) }, "payload", "not of this hub protocol: 01 ff", "warning"],
    [
      { kind: "closed", socket: "s", code: 4001, reason: "bye \u202e", wasClean: true },
      "close",
      "4001, a code of the application · “bye \\u202e”",
      "warning",
    ],
    [
      { kind: "closed", socket: "s", code: 1000, reason: "", wasClean: false },
      "close",
      "1000, normal closure · not clean",
      "none",
    ],
    [
      { kind: "negotiate-failed", exchange: "e", reason: "HTTP status 404", status: 404, duration: 3 },
      "negotiate",
      "failed, 404: not found: no hub at this address",
      "none",
    ],
  ] as const)("%o", ([happening, type, note, tone]) => {
    expect(row(happening)).toMatchObject({ type, note, tone });
  });

  test.for([
    [
      { kind: "closed", socket: "s", code: 1006, reason: "", wasClean: false, act: "cut" },
      "1006, no close frame",
    ],
    [
      { kind: "closed", socket: "s", code: 1006, reason: "", wasClean: false, act: "refused" },
      "1006, no close frame",
    ],
    [
      { kind: "negotiate-failed", exchange: "e", reason: "Failed to fetch", duration: 3, act: "refused" },
      "failed",
    ],
    [{ kind: "ended", exchange: "e", how: "stream-broken", act: "cut" }, "the event stream broke"],
    [{ kind: "ended", exchange: "e", how: "poll-broken", act: "cut" }, "a poll broke"],
  ] as const)("what the user broke is marked, and nothing else is blamed: %o", ([happening, note]) => {
    expect(row(happening)).toMatchObject({ note, act: happening.act });
  });

  test("of an event stream that ends it is not said who ended it, but where the client did", () => {
    expect(row({ kind: "ended", exchange: "e", how: "stream-ended" }).note).toBe("the event stream ended");
    expect(row({ kind: "ended", exchange: "e", how: "stream-closed" }).note).toBe(
      "the client closed the event stream",
    );
  });

  test("a token in a reason or in a foreign payload is not shown in the detail either", () => {
    const reason = "see wss://h/hub?access_token=s3cret";
    const closed = happeningParts(
      { kind: "closed", socket: "s", code: 4001, reason, wasClean: true },
      undefined,
    );
    expect(facts(closed).join()).not.toContain("s3cret");
    expect(facts(happeningParts({ ...payload, text: reason }, undefined)).join()).not.toContain("s3cret");
  });

  test("a negotiate says what was offered", () => {
    const { note, size, time } = row({
      kind: "negotiate",
      exchange: "e",
      status: 200,
      version: 1,
      transports: ["WebSockets", "LongPolling"],
      statefulReconnect: true,
      size: 316,
      duration: 9,
      body: "{}",
    });
    expect([note, size, time]).toEqual([
      "200 · WebSockets, long polling offered · version 1 · stateful reconnect",
      316,
      "9 ms",
    ]);
  });
});

describe("a refresh of authentication", () => {
  const refresh = { kind: "refresh", exchange: "e", status: 200, size: 29, duration: 9 } as const;
  const failed = { kind: "refresh-failed", exchange: "e", size: 0, duration: 9 } as const;
  const negotiate = {
    kind: "negotiate",
    exchange: "e",
    status: 200,
    transports: [],
    statefulReconnect: false,
    size: 2,
    duration: 9,
    body: "{}",
  } as const;

  test.for<readonly [ConnectionHappening, string]>([
    [{ ...negotiate, tokenLifetimeSeconds: 3600 }, "200 · token good for 1 h"],
    [{ ...refresh, tokenLifetimeSeconds: 90 }, "200 · token good for 1 min 30 s"],
    [refresh, "200 · authentication renewed"],
    [{ ...failed, status: 401, error: "invalid_token" }, "failed, 401: the new token authenticates nobody"],
    [{ ...failed, status: 404, error: "refresh_disabled" }, "failed, 404: the endpoint does not allow it"],
    [
      { ...failed, status: 404, error: "connection_not_found" },
      "failed, 404: the server knows no such connection",
    ],
    [
      { ...failed, status: 400, error: "missing_connection_token" },
      "failed, 400: the request names no connection",
    ],
    [
      { ...failed, status: 400, error: "windows_identity_not_supported" },
      "failed, 400: a Windows identity cannot be refreshed",
    ],
    [{ ...failed, status: 400, error: "constructor \u202e" }, "failed, 400: constructor \\u202e"],
    [{ ...failed, status: 400, error: "Bearer s3cret" }, "failed, 400: Bearer •••"],
    [
      { ...failed, status: 404, reason: "HTTP status 404" },
      "failed, 404: the server knows no refresh, most likely one before .NET 11",
    ],
    [{ ...failed, status: 502, reason: "HTTP status 502" }, "failed, 502: bad gateway"],
    [{ ...failed, reason: "Failed to fetch ?id=s3cret" }, "failed, Failed to fetch ?id=•••"],
  ])("%o", ([happening, note]) => {
    expect(row(happening).note).toBe(note);
    expect(row(happening).type).toBe(happening.kind === "negotiate" ? "negotiate" : "refresh");
  });

  test("is laid open with its answer, without its secrets", () => {
    const body = '{"tokenLifetimeSeconds":60,"accessToken":"s3cret"}';
    const parts = happeningParts({ ...refresh, tokenLifetimeSeconds: 60, body }, undefined);
    expect(facts(parts).slice(0, -1)).toEqual([
      "status: 200",
      "answered after: 9 ms",
      "token good for: 1 min",
      "size: 29 B",
    ]);
    expect(parts.at(-1)?.value).toEqual({ tokenLifetimeSeconds: 60, accessToken: "•••" });
    expect(facts(happeningParts(refresh, undefined))).toContain("token good for: the server does not say");
    expect(facts(happeningParts(negotiate, undefined)).join()).not.toContain("token good for");
    const refused = {
      ...failed,
      status: 401,
      error: "invalid_token",
      description: "eyJhbGciOiJI.eyJzdWIi.s3cret expired",
    };
    expect(facts(happeningParts(refused, undefined))).toEqual([
      "because: 401: the new token authenticates nobody",
      'code: "invalid_token"',
      'the server says: "••• expired"',
      "failed after: 9 ms",
      "then: the connection goes on with the token that it has",
    ]);
  });
});

describe("connection events in the detail", () => {
  test("a close code is explained", () => {
    const closed = { kind: "closed", socket: "s", code: 1006, reason: "", wasClean: false } as const;
    expect(facts(happeningParts(closed, undefined))).toEqual([
      "code: 1006",
      "meaning: no close frame: the network or the process went away",
      "clean: false",
    ]);
  });

  test("an answer that is no JSON is shown as the text it is, without its tokens", () => {
    const failed = {
      kind: "negotiate-failed",
      exchange: "e",
      reason: "x",
      duration: 1,
      body: "<p>?access_token=secret",
    } as const;
    expect(facts(happeningParts(failed, undefined))).toContain('body: "<p>?access_token=•••"');
  });

  test("what was lost says how much and why", () => {
    const lost: SourceEntry["happening"] = { kind: "dropped", count: 1, bytes: 12, reason: "not-delivered" };
    expect(facts(sourceParts(lost))).toEqual([
      "lost: 1 event",
      "size: 12 B",
      "because: they could not be delivered",
    ]);
  });

  test("an address that was left for shows no token", () => {
    expect(facts(sourceParts({ kind: "navigated", url: "https://host/?access_token=secret&a=1" }))).toEqual([
      "page: https://host/?access_token=•••&a=1",
    ]);
  });
});
