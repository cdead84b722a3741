import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../../core/src/capture-event.ts";
import { createSession } from "../../../../core/src/session/create-session.ts";
import type { Session } from "../../../../core/src/session/session.ts";
import type { NetworkItem } from "../../../../extension/panel/sources/network-item.ts";
import { createNetworkLog, type NetworkContent } from "../../../../extension/panel/sources/network-log.ts";
import { createFakeClock } from "../../../support/fake-clock.ts";
import { chromium156, type FinishedRequest, firefox153 } from "./recorded-log.ts";

const PAGE = "http://hubscope-har.test/blank.html";

/** Devtools of a tab whose log and answers a test sets. */
function createDevtools({ hasHook = false, isControlled = false, isReadable = true } = {}) {
  const clock = createFakeClock(Date.parse("2026-11-21T16:29:00Z"));
  const told: { readonly item: NetworkItem; readonly events: readonly CaptureEvent[] }[] = [];
  let log: readonly unknown[] = [];
  let cost = 0;
  let reads = 0;
  let isVisible = true;
  let finish: (entry: unknown, content: () => Promise<NetworkContent>) => void = () => {};
  const asked: string[] = [];
  async function readLog(): Promise<readonly unknown[]> {
    reads++;
    if (cost > 0) await clock.advance(cost);
    return log;
  }
  const network = createNetworkLog({
    clock,
    readLog: isReadable ? readLog : undefined,
    onFinished: (listener) => {
      finish = listener;
    },
    sight: (item, events) => {
      told.push({ item, events });
      return "wanted";
    },
    hasHook: () => hasHook,
    pageUrl: () => PAGE,
    isControlled: async () => isControlled,
    isVisible: () => isVisible,
  });
  return {
    clock,
    network,
    told,
    asked,
    events: () => told.flatMap(({ events }) => events),
    show(entries: readonly unknown[]) {
      log = entries;
    },
    set cost(milliseconds: number) {
      cost = milliseconds;
    },
    set visible(shown: boolean) {
      isVisible = shown;
    },
    get reads() {
      return reads;
    },
    finish({ entry, content, encoding }: FinishedRequest) {
      finish(entry, async () => {
        asked.push((entry["request"] as { url: string }).url);
        return { content, encoding };
      });
    },
    /** Has the browser answer when the returned function is called. */
    finishLater({ entry, content, encoding }: FinishedRequest): () => void {
      let answer: ((answered: NetworkContent) => void) | undefined;
      finish(entry, () => new Promise((resolve) => (answer = resolve)));
      return () => answer?.({ content, encoding });
    },
  };
}

/** The negotiate, a poll that brought something and a send of one connection over long polling. */
function longPolling(): readonly [FinishedRequest, FinishedRequest, FinishedRequest] {
  const { finished } = firefox153;
  const urlOf = ({ entry }: FinishedRequest) =>
    entry["request"] as { readonly method: string; readonly url: string };
  const poll = finished.find((one) => urlOf(one).url.includes("&_=") && one.content !== "");
  const token = /id=([^&]+)/.exec(poll === undefined ? "" : urlOf(poll).url)?.[1] ?? "";
  const negotiate = finished.find(({ content }) => content?.includes(token) === true);
  const send = finished.find((one) => urlOf(one).method === "POST" && urlOf(one).url.endsWith(token));
  if (negotiate === undefined || poll === undefined || send === undefined)
    throw new Error("None was recorded.");
  return [negotiate, poll, send];
}

function sessionOf(events: readonly CaptureEvent[]): Session {
  const session = createSession();
  for (const event of events) session.apply(event);
  return session;
}

function targets(session: Session): string[] {
  return session.log.flatMap((entry) =>
    entry.kind === "message" && entry.direction === "out" && entry.target !== undefined ? [entry.target] : [],
  );
}

describe("the network log of Chromium 156", () => {
  test("shows what live sockets and event streams said, once, however often it is read", async () => {
    const devtools = createDevtools();
    devtools.show(chromium156.live);
    await devtools.clock.advance(0);
    // The event stream is known by its negotiate, whose answer comes apart.
    for (const request of chromium156.finished.slice(0, 8)) devtools.finish(request);
    await devtools.clock.advance(3_000);
    const payloads = devtools.events().filter(({ type }) => type === "socket-payload");
    expect(payloads).toHaveLength(15);
    devtools.show(chromium156.withWorker);
    await devtools.clock.advance(20_000);
    expect(devtools.events().filter(({ type }) => type === "socket-payload")).toHaveLength(20);
    expect(devtools.network.showsSockets).toBe(true);
  });

  test("a worker's request is one that a hook may not see, a page's own one that it must", async () => {
    const devtools = createDevtools({ hasHook: true });
    devtools.show(chromium156.withWorker);
    await devtools.clock.advance(2_000);
    const sockets = devtools.told.filter(({ item }) => item.kind === "socket");
    expect(sockets.map(({ item }) => item.hook)).toEqual(["certain", "certain", "certain", "possible"]);
  });

  test("gives a session all transports: sockets, events and polls, text and binary", async () => {
    const devtools = createDevtools();
    for (const request of chromium156.finished) devtools.finish(request);
    await devtools.clock.advance(1_000);
    const session = sessionOf(devtools.events());
    expect(session.connections.map(({ transport, protocol }) => [transport, protocol?.name])).toEqual(
      expect.arrayContaining([
        ["WebSockets", "json"],
        ["WebSockets", "messagepack"],
        ["ServerSentEvents", "json"],
        ["LongPolling", "json"],
        ["LongPolling", "messagepack"],
      ]),
    );
    expect(targets(session)).toEqual(Array.from({ length: 6 }, () => "EchoString"));
    expect(session.connections.every(({ origin }) => origin?.seenBy === "network-log")).toBe(true);
    const issues = session.log.flatMap((entry) => (entry.kind === "message" ? entry.record.issues : []));
    expect(issues).toEqual([]);
  });

  test("an event stream that ends without its list has what was seen of it, and nothing twice", async () => {
    const devtools = createDevtools();
    devtools.show(chromium156.live);
    await devtools.clock.advance(0);
    const isStream = ({ entry }: FinishedRequest) => Array.isArray(entry["_eventSourceMessages"]);
    const streams = chromium156.finished.filter(isStream);
    expect(streams.length).toBeGreaterThan(0);
    for (const request of chromium156.finished.filter((one) => !isStream(one))) devtools.finish(request);
    await devtools.clock.advance(1_000);
    const before = devtools.events();
    for (const { entry, ...rest } of streams) {
      const { _eventSourceMessages, ...bare } = entry;
      devtools.finish({ entry: bare, ...rest });
    }
    await devtools.clock.advance(0);
    const after = devtools.events().slice(before.length);
    expect(after.map(({ type }) => type)).toEqual(streams.map(() => "http-ended"));
  });

  test("a close is shown without a code, because the log has none", async () => {
    const devtools = createDevtools();
    for (const request of chromium156.finished) devtools.finish(request);
    await devtools.clock.advance(1_000);
    const closes = devtools.events().filter((event) => event.type === "socket-closed");
    expect(closes.map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  test("asks for the answers of SignalR's requests alone", async () => {
    const devtools = createDevtools();
    const [request] = chromium156.finished;
    if (request === undefined) throw new Error("Nothing was recorded.");
    const url = "http://hubscope-har.test/orders?id=17";
    const other = { ...request.entry, request: { method: "GET", url, headers: [] } };
    devtools.finish({ entry: other, content: "[]", encoding: null });
    for (const finished of chromium156.finished) devtools.finish(finished);
    await devtools.clock.advance(0);
    expect(devtools.asked.length).toBeGreaterThan(10);
    expect(devtools.asked).not.toContain(url);
  });

  test("what is no longer in the log after a navigation has ended with its page", async () => {
    const devtools = createDevtools();
    devtools.show(chromium156.live);
    await devtools.clock.advance(1_000);
    devtools.show([]);
    devtools.network.navigated(devtools.clock.now());
    await devtools.clock.advance(1_000);
    const session = sessionOf(devtools.events());
    expect(session.connections.length).toBeGreaterThan(0);
    expect(session.connections.map(({ state }) => state.kind)).toEqual(session.connections.map(() => "left"));
  });

  test("is read rarely when that is dear, and not at all while the panel is hidden", async () => {
    const devtools = createDevtools();
    devtools.show(chromium156.live);
    devtools.cost = 200;
    await devtools.clock.advance(60_000);
    const dear = devtools.reads;
    expect(dear).toBeGreaterThan(5);
    expect(dear).toBeLessThan(20);
    devtools.visible = false;
    await devtools.clock.advance(60_000);
    expect(devtools.reads).toBeLessThanOrEqual(dear + 1);
    devtools.visible = true;
    devtools.network.wake();
    await devtools.clock.advance(1_000);
    expect(devtools.reads).toBeGreaterThan(dear);
  });

  test("rests where hooks see everything", async () => {
    const devtools = createDevtools({ hasHook: true });
    devtools.show(chromium156.live.slice(0, 1));
    await devtools.clock.advance(60_000);
    expect(devtools.reads).toBeLessThan(3);
  });

  test.for<[type: string, url: string, isWatched: boolean]>([
    ["other", "data:,", false],
    ["image", "data:image/png;base64,AA==", false],
    ["image", "blob:http://localhost/1", false],
    ["script", "blob:http://localhost/1", true],
    ["script", "data:text/javascript,postMessage(1)", true],
  ])("%s of %s is watched as a worker may be: %s", async ([type, url, isWatched]) => {
    const [page] = chromium156.live as readonly Record<string, object>[];
    if (page === undefined) throw new Error("Nothing was recorded.");
    const devtools = createDevtools({ hasHook: true });
    devtools.show([page, { ...page, _resourceType: type, request: { ...page["request"], url } }]);
    await devtools.clock.advance(60_000);
    expect(devtools.reads > 5).toBe(isWatched);
  });
});

describe("the network log of Firefox 153", () => {
  test("is known to show no sockets from the start, and is never read", async () => {
    const devtools = createDevtools({ isReadable: false });
    expect(devtools.network.showsSockets).toBe(false);
    devtools.network.wake();
    devtools.network.navigated(devtools.clock.now());
    await devtools.clock.advance(60_000);
    expect(devtools.clock.pending).toBe(0);
    expect(devtools.network.knownUntil).toBe(Number.POSITIVE_INFINITY);
  });

  test("what a request asked is told at once, its answer when it is there, whichever request that is of", async () => {
    const devtools = createDevtools({ isReadable: false });
    const [negotiate, poll, send] = longPolling();
    devtools.finish(negotiate);
    await devtools.clock.advance(0);
    const answers = [devtools.finishLater(poll), devtools.finishLater(send)];
    const types = () => devtools.told.slice(1).map(({ events }) => events.map(({ type }) => type));
    expect(types()).toEqual([["http-request"], ["http-request"]]);
    for (const answer of answers.toReversed()) answer();
    await devtools.clock.advance(0);
    expect(types().slice(2)).toEqual([
      ["http-response", "http-ended"],
      ["http-response", "http-response-body", "http-ended"],
    ]);
  });

  test("what comes before the negotiate's answer waits for it, and for no other's", async () => {
    const devtools = createDevtools({ isReadable: false });
    const [negotiate, poll, send] = longPolling();
    devtools.finishLater({
      ...negotiate,
      entry: { ...negotiate.entry, startedDateTime: "2026-11-21T16:28:00Z" },
    });
    const answer = devtools.finishLater(negotiate);
    devtools.finishLater(poll);
    devtools.finishLater(send);
    await devtools.clock.advance(0);
    expect(devtools.told).toEqual([]);
    answer();
    await devtools.clock.advance(0);
    expect(devtools.told.map(({ item }) => item.method)).toEqual(["POST", "GET", "POST"]);
    // All of one connection, which began with its negotiate.
    expect(new Set(devtools.told.map(({ item }) => item.connectionSince))).toEqual(
      new Set([Date.parse(String(negotiate.entry["startedDateTime"]))]),
    );
  });

  test("a page that is told late ends the connections of the page before, and none of its own", async () => {
    const devtools = createDevtools({ isReadable: false });
    for (const request of longPolling()) devtools.finish(request);
    await devtools.clock.advance(0);
    const began = devtools.told[0]?.item.startedAt ?? Number.NaN;
    const ended = () => devtools.events().filter(({ type }) => type === "document-ended").length;
    devtools.network.navigated(began - 100);
    expect(ended()).toBe(0);
    devtools.network.navigated(began + 60_000);
    expect(ended()).toBe(1);
  });

  test("gives polls, posts and finished event streams, and of sockets that they are there", async () => {
    const devtools = createDevtools({ isReadable: false });
    for (const request of firefox153.finished) devtools.finish(request);
    await devtools.clock.advance(10_000);
    expect(devtools.network.showsSockets).toBe(false);
    const session = sessionOf([...devtools.events()].sort((a, b) => a.at - b.at));
    expect(targets(session)).toEqual(["EchoString", "EchoString", "EchoString"]);
    expect(session.log.flatMap((entry) => (entry.kind === "message" ? entry.record.issues : []))).toEqual([]);
    const mute = devtools.told.filter(({ item }) => item.isMute === true);
    expect(mute.map(({ item }) => item.url.replace(/.*\?/, "")).length).toBe(3);
    expect(mute.every(({ events }) => events.length === 0)).toBe(true);
  });
});

test.for([
  undefined,
  null,
  7,
  [],
  {},
  { request: {} },
  { request: { url: 7 } },
  { request: { url: "ws://a/" }, startedDateTime: "yesterday" },
  {
    request: { url: "ws://a/?id=1", headers: [null, { name: 1 }], method: null },
    response: { status: "101", headers: "none" },
    startedDateTime: "2026-11-21T16:28:25.325Z",
    _webSocketMessages: [null, {}, { type: "send" }, { type: "error", time: 1, data: "x" }],
  },
])("an entry that is none, or broken, is passed over: %j", async (entry) => {
  const devtools = createDevtools();
  devtools.show([entry, entry]);
  devtools.finish({ entry: entry as never, content: null, encoding: null });
  await devtools.clock.advance(2_000);
  expect(devtools.events()).toEqual([]);
});

describe("what is under way when the page is left", () => {
  type Entry = Readonly<Record<string, unknown>>;
  const socket = chromium156.withWorker.findLast(
    (entry): entry is Entry =>
      (entry as { readonly _resourceType?: string })._resourceType === "websocket" &&
      !("pageref" in (entry as object)),
  );
  const serviceWorkerScript = {
    ...socket,
    _resourceType: "script",
    _webSocketMessages: undefined,
    request: {
      method: "GET",
      url: "http://hubscope-har.test/sw.js",
      headers: [{ name: "Service-Worker", value: "script" }],
    },
  };
  /** As Chromium 156 tells of a socket that a worker opens in answer to a message of its page. */
  const begunByPage = {
    type: "script",
    stack: {
      callFrames: [],
      parent: { callFrames: [], parentId: { id: "1", debuggerId: "2831288603637041808.2622" } },
    },
  };

  async function leave(entries: readonly unknown[], options: { readonly isControlled?: boolean } = {}) {
    const devtools = createDevtools({ hasHook: true, ...options });
    devtools.show(entries);
    await devtools.clock.advance(3_000);
    expect(devtools.events().some(({ type }) => type === "socket-opening")).toBe(true);
    devtools.network.navigated(devtools.clock.now());
    devtools.show([]);
    await devtools.clock.advance(10_000);
    return sessionOf(devtools.events()).connections.map(({ state }) => state);
  }

  test("ends with the page where no service worker can have it", async () => {
    expect(await leave([socket])).toEqual([{ kind: "left" }]);
  });

  test("is out of sight where the page has a service worker that may have it", async () => {
    expect(await leave([socket], { isControlled: true })).toEqual([{ kind: "left", isOutOfSight: true }]);
    expect(await leave([serviceWorkerScript, socket])).toEqual([{ kind: "left", isOutOfSight: true }]);
  });

  test("ends with the page where it is a dedicated worker's, or the page's own", async () => {
    const ofDedicatedWorker = { ...socket, _initiator: begunByPage };
    expect(await leave([ofDedicatedWorker], { isControlled: true })).toEqual([{ kind: "left" }]);
    expect(await leave([{ ...socket, pageref: "page_1" }], { isControlled: true })).toEqual([
      { kind: "left" },
    ]);
  });

  test("is heard again where the log keeps showing it", async () => {
    const devtools = createDevtools({ hasHook: true, isControlled: true });
    devtools.show([socket]);
    await devtools.clock.advance(3_000);
    devtools.network.navigated(devtools.clock.now());
    await devtools.clock.advance(10_000);
    expect(sessionOf(devtools.events()).connections.map(({ state }) => state.kind)).toEqual(["connected"]);
  });
});
