import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSession } from "../../../../core/src/session/create-session.ts";
import type { MessageEntry } from "../../../../core/src/session/model.ts";
import type { Session } from "../../../../core/src/session/session.ts";
import { type ClassicServer, startClassicServer } from "../../../support/classic-server.ts";
import {
  type HookedChromium,
  type HookedPage,
  openHookedChromium,
} from "../../../support/hooked-chromium.ts";
import { until } from "../../../support/until.ts";

/** Sending over the HTTP transports of classic SignalR, beside its official client in a real page. */
const TRANSPORTS = ["serverSentEvents", "foreverFrame", "longPolling"] as const;
type Transport = (typeof TRANSPORTS)[number];
/** What forms write in ways of their own. */
const ODD_TEXT = "a b+c%20d&e=f ü “😀” ~!*()' <b> \u2028 \"\\";

interface ClassicPage {
  readonly connected: Promise<string>;
  readonly heard: string[];
  readonly received: string[];
  call(text: string): Promise<string>;
  invoke(...call: readonly unknown[]): Promise<unknown>;
}

let chromium: HookedChromium;
let server: ClassicServer;
let byChannel: ClassicServer;
let hooked: HookedPage;
beforeAll(async () => {
  [chromium, server, byChannel] = await Promise.all([
    openHookedChromium(),
    startClassicServer(),
    startClassicServer({ repliesBy: "channel" }),
  ]);
}, 120_000);
afterEach(() => hooked.close());
afterAll(() => Promise.all([chromium?.close(), server?.close(), byChannel?.close()]));

/** Connects the client, which has not sent anything yet. */
async function open(
  transport: Transport,
  { at = server, after = "" }: { at?: ClassicServer; after?: string } = {},
): Promise<void> {
  hooked = await chromium.open({ after });
  await hooked.page.goto(`${at.origin}/?transport=${transport}`);
  expect(await hooked.page.evaluate(() => (globalThis as unknown as ClassicPage).connected)).toBe(transport);
}

const page = <T>(name: "heard" | "received") =>
  hooked.page.evaluate((of) => (globalThis as unknown as ClassicPage)[of], name) as Promise<T>;

function recorded(): Session {
  const session = createSession();
  for (const event of hooked.events) session.apply(event);
  return session;
}

/** An exchange of the page's own document by which the connection is named: its `/start`, which every transport has. */
async function carrierIn(action = "start"): Promise<string> {
  const request = await until(`a request of ${action}`, () =>
    hooked.events.find((event) => event.type === "http-request" && event.url.includes(`/signalr/${action}?`)),
  );
  return request.type === "http-request" ? request.exchange : "";
}

let lastCommand = 0;
async function send(carrier: string, text: string): Promise<string | undefined> {
  const command = ++lastCommand;
  const act = { kind: "send", carrier, payload: { kind: "text", text }, takesAnswers: true };
  await hooked.tell({ type: "act", body: { command, act } });
  const answered = await until("an answer", () =>
    hooked.acts.find((said) => said.type === "act-answered" && said.body.command === command),
  );
  return answered.type === "act-answered" ? answered.body.refusal : "no answer";
}

const call = (method: string, id: string, ...values: readonly unknown[]) =>
  JSON.stringify({ H: "echohub", M: method, A: values, I: id });

/** The message that was sent with this ID, once what it opened has come to this state. */
async function sentWith(id: string, state: string): Promise<{ session: Session; entry: MessageEntry }> {
  return until(`${id} to be ${state}`, () => {
    const session = recorded();
    for (const entry of session.log) {
      if (entry.kind !== "message" || entry.act !== "sent") continue;
      const invocation = session.invocation(entry.invocation ?? 0);
      if (invocation?.invocationId === id && invocation.state.kind === state) return { session, entry };
    }
    return undefined;
  });
}

function replyOf(
  session: Session,
  { invocation }: MessageEntry,
): MessageEntry["record"]["message"] | undefined {
  const state = session.invocation(invocation ?? 0)?.state;
  const reply =
    state !== undefined && "completion" in state ? session.entry(state.completion ?? 0) : undefined;
  return reply?.kind === "message" ? reply.record.message : undefined;
}

describe.each(TRANSPORTS)("over %s", (transport) => {
  test("a call goes as the page's own would, before it has made one and after, and its reply is paired", async () => {
    await open(transport);
    const before = server.sent.length;
    const carrier = await carrierIn();
    expect(await send(carrier, call("Echo", "hubscope-1", ODD_TEXT))).toBeUndefined();
    const { session, entry } = await sentWith("hubscope-1", "completed");
    expect(entry).toMatchObject({ direction: "out", target: "echohub.Echo" });
    expect(replyOf(session, entry)).toMatchObject({ kind: "hub-result", id: "hubscope-1", result: ODD_TEXT });
    expect(session.connections).toHaveLength(1);
    expect(session.connections[0]).toMatchObject({ errors: 0, state: { kind: "connected" } });

    const own = hooked.page.evaluate((text) => (globalThis as unknown as ClassicPage).call(text), ODD_TEXT);
    expect(await own).toBe(ODD_TEXT);
    expect(await send(carrier, call("Echo", "hubscope-2", ODD_TEXT))).toBeUndefined();
    await sentWith("hubscope-2", "completed");
    const [derived, ofPage, likeIt] = server.sent.slice(before);
    if (derived === undefined || ofPage === undefined || likeIt === undefined)
      return expect.fail("not all was sent");
    // The hub is told by its name in small letters, and the page counts its calls from 0.
    expect(ofPage.body).toContain("%22I%22%3A0%7D");
    const withOurId = (id: string) => ofPage.body.replace("%22I%22%3A0%7D", `%22I%22%3A%22${id}%22%7D`);
    expect(derived.body).toBe(withOurId("hubscope-1"));
    expect(likeIt.body).toBe(withOurId("hubscope-2"));
    for (const ours of [derived, likeIt]) {
      expect(ours.method).toBe("POST");
      expect(ours.url).toBe(ofPage.url);
      for (const name of ["content-type", "x-own", "x-requested-with", "accept", "cookie", "origin", "host"])
        expect([name, ours.headers[name]]).toEqual([name, ofPage.headers[name]]);
    }
    expect(ofPage.headers["x-own"]).toBe("of the page");
    expect(ofPage.headers.cookie).toContain("who=page");
    // Three calls, of which the client knows one.
    await until("three pushes", async () => (await page<string[]>("heard")).length === 3);
    const replies = (await page<string[]>("received")).filter((text) => text.includes('"R":'));
    expect(replies).toEqual([JSON.stringify({ R: ODD_TEXT, I: "0" })]);
    expect(hooked.complaints.filter((text) => !text.includes("jQuery.Deferred"))).toEqual([]);
  }, 60_000);

  test("what the page sent goes again as it was, and answers nobody but us", async () => {
    await open(transport);
    await hooked.page.evaluate(() => (globalThis as unknown as ClassicPage).call("once"));
    const raw = await until("the page's call", () => {
      const entry = recorded().log.find((one) => one.kind === "message" && one.direction === "out");
      return entry?.kind === "message" && entry.record.raw.kind === "text"
        ? entry.record.raw.text
        : undefined;
    });
    expect(raw).toBe('{"H":"echohub","M":"Echo","A":["once"],"I":0}');
    expect(await send(await carrierIn("send"), raw)).toBeUndefined();
    await sentWith("0", "completed");
    await until("two pushes", async () => (await page<string[]>("heard")).length === 2);
    expect((await page<string[]>("received")).filter((text) => text.includes('"R":'))).toHaveLength(1);
    expect(server.sent.at(-1)?.body).toBe(server.sent.at(-2)?.body);
  }, 60_000);
});

describe("what comes of a call", () => {
  test("an error and nothing are replies, and progress is of its call", async () => {
    await open("serverSentEvents");
    const carrier = await carrierIn();
    expect(await send(carrier, call("Fail", "hubscope-1"))).toBeUndefined();
    expect(await send(carrier, call("Nothing", "hubscope-2"))).toBeUndefined();
    expect(await send(carrier, call("Count", "hubscope-3", 3))).toBeUndefined();
    const failed = await sentWith("hubscope-1", "failed");
    expect(replyOf(failed.session, failed.entry)).toMatchObject({
      kind: "hub-error",
      error: "There was an error invoking Hub method 'echohub.Fail'.",
    });
    await sentWith("hubscope-2", "completed");
    const { entry } = await sentWith("hubscope-3", "completed");
    await until("all progress", () => recorded().invocation(entry.invocation ?? 0)?.items === 3);
    expect(hooked.complaints.filter((text) => !text.includes("jQuery.Deferred"))).toEqual([]);
  }, 60_000);

  test("a call that the server makes nothing of is refused with its status, and lost", async () => {
    await open("longPolling");
    const nobody = '{"H":"nosuch","M":"X","A":[],"I":"hubscope-1"}';
    expect(await send(await carrierIn(), nobody)).toBe("The server answered with status 500.");
    const { entry } = await sentWith("hubscope-1", "lost");
    expect(entry.undelivered).toBe("refused");
  }, 60_000);

  test("a call that takes its time is on its way, and its reply is paired when it comes", async () => {
    await open("serverSentEvents");
    expect(await send(await carrierIn(), call("Wait", "hubscope-1"))).toBeUndefined();
    await sentWith("hubscope-1", "open");
    server.endWaiting();
    const { session, entry } = await sentWith("hubscope-1", "completed");
    expect(replyOf(session, entry)).toMatchObject({ result: "waited" });
  }, 60_000);

  test("what no form can carry is refused, and nothing is sent", async () => {
    await open("serverSentEvents");
    const before = server.sent.length;
    const refusal = "A form of classic SignalR carries well-formed text only.";
    expect(await send(await carrierIn(), `{"H":"echohub","M":"Echo","A":["\ud800"],"I":"hubscope-1"}`)).toBe(
      refusal,
    );
    expect(server.sent.length).toBe(before);
  }, 60_000);

  test("a server that is gone is told as what it is", async () => {
    const short = await startClassicServer();
    await open("longPolling", { at: short });
    const carrier = await carrierIn();
    await short.close();
    expect(await send(carrier, call("Echo", "hubscope-1", "x"))).toBe("The request did not finish.");
    await sentWith("hubscope-1", "lost");
  }, 60_000);
});

describe("replies by the channel that receives", () => {
  test("over serverSentEvents they are recorded, paired, and kept from the page", async () => {
    await open("serverSentEvents", { at: byChannel });
    expect(await send(await carrierIn("connect"), call("Echo", "hubscope-1", "ours"))).toBeUndefined();
    const { session, entry } = await sentWith("hubscope-1", "completed");
    expect(replyOf(session, entry)).toMatchObject({ result: "ours" });
    const own = hooked.page.evaluate(() => (globalThis as unknown as ClassicPage).call("the page's"));
    expect(await own).toBe("the page's");
    const replies = (await page<string[]>("received")).filter((text) => text.includes('"R":'));
    expect(replies).toEqual(['{"R":"the page\'s","I":"0"}']);
  }, 60_000);

  test("over longPolling they are recorded and paired, and the page's client ignores them", async () => {
    await open("longPolling", { at: byChannel });
    expect(await send(await carrierIn(), call("Echo", "hubscope-1", "ours"))).toBeUndefined();
    await sentWith("hubscope-1", "completed");
    const own = hooked.page.evaluate(() => (globalThis as unknown as ClassicPage).call("the page's"));
    expect(await own).toBe("the page's");
    expect(hooked.complaints.filter((text) => !text.includes("jQuery.Deferred"))).toEqual([]);
  }, 60_000);
});

test("nothing of it passes by the page's own functions", async () => {
  const count = `for (const [owner, name] of [[globalThis, "fetch"], [XMLHttpRequest.prototype, "send"], [Response.prototype, "text"]]) {
    const own = owner[name];
    owner[name] = function () { globalThis.asked = (globalThis.asked ?? 0) + 1; return own.apply(this, arguments); };
  }`;
  await open("serverSentEvents", { after: count });
  const asked = () => hooked.page.evaluate(() => (globalThis as unknown as { asked: number }).asked);
  const before = await asked();
  expect(await send(await carrierIn(), call("Echo", "hubscope-1", "unseen"))).toBeUndefined();
  await sentWith("hubscope-1", "completed");
  expect(await asked()).toBe(before);
}, 60_000);
