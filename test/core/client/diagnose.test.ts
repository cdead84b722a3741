import { describe, expect, test } from "vitest";
import { type Attempt, type DiagnosisPorts, diagnose } from "../../../core/src/client/diagnose.ts";
import type { Diagnosis } from "../../../core/src/client/diagnosis.ts";
import { HubscopeError, type HubscopeErrorCode, type HubscopeErrorFacts } from "../../../core/src/errors.ts";
import { createFakeClock, type FakeClock } from "../../support/fake-clock.ts";
import { createFakeHttp, type FakeAnswer, type FakeHttp, type FakeRequest } from "../../support/fake-http.ts";

const BLOCKED = new TypeError("Failed to fetch");

interface Network {
  readonly clock: FakeClock;
  readonly http: FakeHttp;
  readonly probed: readonly URL[];
  readonly ports: DiagnosisPorts;
}

/** `answers`: whether anything answers a probe. `readable`: what may be read of it. */
function network(setup: {
  readonly pageUrl?: string;
  readonly answers?: boolean | "never";
  readonly readable?: (request: FakeRequest) => FakeAnswer;
}): Network {
  const clock = createFakeClock();
  const http = createFakeHttp(setup.readable ?? (() => BLOCKED));
  const probed: URL[] = [];
  return {
    clock,
    http,
    probed,
    ports: {
      clock,
      sendHttp: http.sendHttp,
      async probeHttp(url) {
        probed.push(url);
        if (setup.answers === "never") await new Promise(() => undefined);
        if (setup.answers !== true) throw BLOCKED;
      },
      ...(setup.pageUrl === undefined ? {} : { pageUrl: setup.pageUrl }),
    },
  };
}

const ATTEMPT: Attempt = { url: "http://host.test:5000/hub" };
const ORIGIN = "http://host.test:5000";
const PAGE = { pageUrl: "http://localhost:8080/play.html" };

function failure(code: HubscopeErrorCode, facts: HubscopeErrorFacts = {}): HubscopeError {
  return new HubscopeError(code, `text of ${code}`, { facts });
}

describe("diagnose", () => {
  test.for([
    ["", "empty"],
    ["  ", "empty"],
    ["/hub", "relative"],
    ["host.test/hub", "relative"],
    ["localhost:5000/hub", "scheme"],
    ["ftp://host.test/hub", "scheme"],
    ["javascript:alert(1)", "scheme"],
    ["http:host.test", "malformed"],
    ["http://", "malformed"],
    ["http://host.test:99999/hub", "malformed"],
    ["https://ada:secret@host.test/hub", "credentials"],
  ] as const)("says what is wrong with the address %j: %s", async ([url, fault]) => {
    const diagnosis = await diagnose(failure("not-a-url"), { url }, network({}).ports);
    expect(diagnosis).toEqual({ kind: "not-a-url", fault });
  });

  /** What the error alone tells. */
  test.for<readonly [HubscopeErrorCode, HubscopeErrorFacts, Diagnosis]>([
    ["negotiate-refused", { status: 404 }, { kind: "not-found", path: "/hub" }],
    [
      "negotiate-refused",
      { status: 401 },
      { kind: "unauthorised", status: 401, at: "negotiate", tokenGiven: false },
    ],
    [
      "negotiate-refused",
      { status: 403 },
      { kind: "unauthorised", status: 403, at: "negotiate", tokenGiven: false },
    ],
    ["negotiate-refused", { status: 500 }, { kind: "server-error", status: 500 }],
    ["negotiate-refused", { status: 503 }, { kind: "server-error", status: 503 }],
    [
      "negotiate-refused",
      { status: 405, redirectedTo: "https://host.test/hub/negotiate" },
      { kind: "refused", status: 405, redirectedTo: "https://host.test/hub/negotiate" },
    ],
    [
      "not-signalr",
      { status: 200, contentType: "text/html", bodyStart: "<!doctype html>", answered: "html" },
      {
        kind: "not-signalr",
        status: 200,
        contentType: "text/html",
        bodyStart: "<!doctype html>",
        answered: "html",
      },
    ],
    ["not-signalr", { answered: "classic" }, { kind: "classic-signalr" }],
    ["negotiate-error", { serverError: "no seats" }, { kind: "negotiate-error", error: "no seats" }],
    [
      "no-common-transport",
      { offered: ["LongPolling"] },
      { kind: "unsupported-transport", offered: ["LongPolling"] },
    ],
    [
      "handshake-rejected",
      { serverError: "bad protocol" },
      { kind: "handshake-rejected", error: "bad protocol" },
    ],
    ["handshake-failed", { closeCode: 1006 }, { kind: "handshake-failed", closeCode: 1006 }],
    [
      "connection-lost",
      { closeCode: 1011, closeReason: "crashed" },
      { kind: "connection-lost", closeCode: 1011, closeReason: "crashed" },
    ],
    [
      "closed-by-server",
      { serverError: "kicked", allowReconnect: true },
      { kind: "closed-by-server", error: "kicked", allowReconnect: true },
    ],
    ["server-timeout", {}, { kind: "server-timeout" }],
    ["not-connected", {}, { kind: "other", message: "text of not-connected" }],
    ["invocation-failed", {}, { kind: "other", message: "text of invocation-failed" }],
    ["protocol-violation", {}, { kind: "other", message: "text of protocol-violation" }],
    ["stopped", {}, { kind: "other", message: "text of stopped" }],
  ])("names %s with %j without asking anything", async ([code, facts, expected]) => {
    const { ports, http, probed } = network(PAGE);
    expect(await diagnose(failure(code, facts), ATTEMPT, ports)).toEqual(expected);
    expect([...http.requests, ...probed]).toEqual([]);
  });

  test("an error that is not ours is passed on by its text", async () => {
    const { ports } = network(PAGE);
    expect(await diagnose(new RangeError("odd"), ATTEMPT, ports)).toEqual({ kind: "other", message: "odd" });
    expect(await diagnose(undefined, ATTEMPT, ports)).toEqual({ kind: "other", message: "undefined" });
  });
});

describe("diagnose, after unreachable in a page", () => {
  const unreachable = failure("unreachable");

  test("nothing answers: unreachable", async () => {
    const { ports, probed } = network({ ...PAGE, answers: false });
    expect(await diagnose(unreachable, ATTEMPT, ports)).toEqual({ kind: "unreachable", origin: ORIGIN });
    expect(probed.map(String)).toEqual(["http://host.test:5000/hub"]);
  });

  test("something answers that may not be read: blocked by CORS", async () => {
    const { ports } = network({ ...PAGE, answers: true });
    expect(await diagnose(unreachable, ATTEMPT, ports)).toEqual({
      kind: "blocked-by-cors",
      origin: ORIGIN,
      pageOrigin: "http://localhost:8080",
      worksWithoutCredentials: false,
    });
  });

  test("a server that allows every origin, but no credentials, is told apart", async () => {
    const { ports, http } = network({
      ...PAGE,
      answers: true,
      readable: ({ withCredentials }) => (withCredentials ? BLOCKED : { status: 200 }),
    });
    expect(await diagnose(unreachable, ATTEMPT, ports)).toMatchObject({ worksWithoutCredentials: true });
    expect(http.requests.map(({ method, url }) => [method, url.href])).toEqual([
      ["POST", "http://host.test:5000/hub/negotiate?negotiateVersion=1"],
    ]);
  });

  test("a client that sends no credentials is not asked to leave them out", async () => {
    const { ports, http } = network({ ...PAGE, answers: true, readable: () => ({ status: 200 }) });
    const attempt = { ...ATTEMPT, withCredentials: false };
    expect(await diagnose(unreachable, attempt, ports)).toMatchObject({ worksWithoutCredentials: false });
    expect(http.requests).toEqual([]);
  });

  test("CORS is no reason for a page of the same origin", async () => {
    const { ports } = network({ pageUrl: `${ORIGIN}/play.html`, answers: true });
    expect(await diagnose(unreachable, ATTEMPT, ports)).toEqual({ kind: "unreachable", origin: ORIGIN });
  });

  test("a page from https may not ask http of another machine, but may of its own", async () => {
    const https = { pageUrl: "https://play.test/" };
    expect(await diagnose(unreachable, ATTEMPT, network(https).ports)).toEqual({
      kind: "mixed-content",
      origin: ORIGIN,
      pageOrigin: "https://play.test",
    });
    for (const host of ["localhost:5000", "app.localhost", "127.0.0.1:5000", "[::1]:5000"]) {
      const { ports } = network(https);
      expect(await diagnose(unreachable, { url: `http://${host}/hub` }, ports)).toMatchObject({
        kind: "unreachable",
      });
    }
    expect(
      await diagnose(unreachable, { url: "http://127.evil.test/hub" }, network(https).ports),
    ).toMatchObject({
      kind: "mixed-content",
    });
  });

  test("a probe that is never answered counts as no answer after five seconds", async () => {
    const { ports, clock } = network({ ...PAGE, answers: "never" });
    const diagnosis = diagnose(unreachable, ATTEMPT, ports);
    await clock.advance(5_000);
    expect(await diagnosis).toEqual({ kind: "unreachable", origin: ORIGIN });
    expect(clock.pending).toBe(0);
  });

  test("outside a page there is no CORS to ask about", async () => {
    const { ports, probed } = network({ answers: true });
    expect(await diagnose(unreachable, ATTEMPT, ports)).toEqual({ kind: "unreachable", origin: ORIGIN });
    expect(probed).toEqual([]);
  });
});

describe("diagnose, after a WebSocket that did not open", () => {
  const failed = failure("transport-failed", { closeCode: 1006 });
  const unknownId = { status: 404, contentType: "text/plain", text: "No Connection with that ID" };

  test("a server that knows SignalR but opens no WebSocket: socket-refused", async () => {
    const { ports, http } = network({ ...PAGE, readable: () => unknownId });
    const attempt = { ...ATTEMPT, accessToken: () => "t/1" };
    expect(await diagnose(failed, attempt, ports)).toEqual({
      kind: "socket-refused",
      closeCode: 1006,
      status: 404,
    });
    expect(http.requests.map(({ method, url }) => [method, url.href])).toEqual([
      ["GET", "http://host.test:5000/hub?id=hubscope-probe&access_token=t%2F1"],
    ]);
  });

  test("a token that is refused in the query: unauthorised at the transport", async () => {
    const { ports } = network({ ...PAGE, readable: () => ({ status: 401 }) });
    expect(await diagnose(failed, { ...ATTEMPT, accessToken: () => "t" }, ports)).toEqual({
      kind: "unauthorised",
      status: 401,
      at: "transport",
      tokenGiven: true,
    });
  });

  test("an answer that may not be read leaves it at socket-refused", async () => {
    const { ports } = network({ ...PAGE, answers: true });
    expect(await diagnose(failed, ATTEMPT, ports)).toEqual({ kind: "socket-refused", closeCode: 1006 });
  });

  test("without negotiate it may also be a wrong path, or no server at all", async () => {
    const attempt = { ...ATTEMPT, skipNegotiation: true };
    const nowhere = network({ ...PAGE, readable: () => ({ status: 404, contentType: "", text: "" }) });
    expect(await diagnose(failed, attempt, nowhere.ports)).toEqual({ kind: "not-found", path: "/hub" });
    const down = network({ ...PAGE, answers: false });
    expect(await diagnose(failed, attempt, down.ports)).toEqual({ kind: "unreachable", origin: ORIGIN });
    const refused = network({ ...PAGE, readable: () => unknownId });
    expect(await diagnose(failed, attempt, refused.ports)).toMatchObject({ kind: "socket-refused" });
  });

  test("a token callback that fails or never answers does not stop the diagnosis", async () => {
    const failing = network({ ...PAGE, readable: () => ({ status: 401 }) });
    const attempt = { ...ATTEMPT, accessToken: () => Promise.reject(new Error("signed out")) };
    expect(await diagnose(failed, attempt, failing.ports)).toMatchObject({ kind: "unauthorised" });
    const stuck = network({ ...PAGE, readable: () => ({ status: 401 }) });
    const diagnosis = diagnose(
      failed,
      { ...ATTEMPT, accessToken: () => new Promise(() => undefined) },
      stuck.ports,
    );
    await stuck.clock.advance(5_000);
    expect(await diagnosis).toMatchObject({ kind: "unauthorised" });
  });

  test("a page from https may not open ws to another machine", async () => {
    const { ports } = network({ pageUrl: "https://play.test/" });
    expect(await diagnose(failed, ATTEMPT, ports)).toMatchObject({ kind: "mixed-content" });
  });
});
