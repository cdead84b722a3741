import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import {
  type HookedChromium,
  type HookedPage,
  openHookedChromium,
  type PageServer,
  sendPage,
  startPageServer,
} from "../../support/hooked-chromium.ts";
import { createPageSockets } from "../../support/page-sockets.ts";
import { until } from "../../support/until.ts";

const HANDSHAKE = '{"protocol":"json","version":1}\u001e';

let chromium: HookedChromium;
let server: PageServer;
let hooked: HookedPage;
const ends = createPageSockets();

beforeAll(async () => {
  chromium = await openHookedChromium();
  server = await startPageServer((request, response) => {
    if (request.url?.startsWith("/hub/negotiate") === true) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end("{}");
    } else {
      // Without "no-store", which keeps a page out of the back/forward cache.
      sendPage(response, '<!doctype html><title>Life</title><link rel="icon" href="data:,">', {
        "cache-control": "no-cache",
      });
    }
  }, ends.upgrade);
});
afterAll(async () => {
  await chromium?.close();
  ends.close();
  await server?.close();
});
beforeEach(async () => {
  hooked = await chromium.open();
  await hooked.page.goto(`${server.origin}/first`);
});
afterEach(() => hooked.close());

/** A page with a listener for `unload` is not kept in the back/forward cache. */
const keepOutOfCache = () => hooked.page.evaluate(() => addEventListener("unload", () => undefined));
const openSocket = () =>
  hooked.page.evaluate(async (handshake) => {
    const socket = new WebSocket(`ws://${location.host}/hub?silent`);
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    socket.send(handshake);
    Object.assign(globalThis, { socket });
  }, HANDSHAKE);
const negotiate = () =>
  hooked.page.evaluate(async () => (await fetch("/hub/negotiate", { method: "POST" })).text());
const ended = async () =>
  (await hooked.lastWords()).flatMap((event) => (event.type === "document-ended" ? [event.document] : []));
const documentOf = (event: CaptureEvent | undefined) =>
  event !== undefined && "origin" in event ? event.origin?.document : undefined;
const opening = () => until("the socket", () => hooked.events.find(({ type }) => type === "socket-opening"));

test("a document that is left has ended, under the name that its events have", async () => {
  await keepOutOfCache();
  await openSocket();
  const document = documentOf(await opening());
  expect(document).toMatch(/^\w{8,}$/);
  await hooked.page.goto(`${server.origin}/second`);
  await until("the end", async () => (await ended()).length > 0);
  expect(await ended()).toEqual([document]);
});

test("what the page sends while it goes comes before its end", async () => {
  await keepOutOfCache();
  await hooked.page.evaluate(() => {
    const own = globalThis as unknown as { socket: WebSocket };
    addEventListener("pagehide", () => own.socket.send("farewell"));
  });
  await openSocket();
  await opening();
  await hooked.page.goto(`${server.origin}/second`);
  await until("the end", async () => (await ended()).length > 0);
  const words = await hooked.lastWords();
  expect(words.at(-1)?.type).toBe("document-ended");
  expect(words.at(-2)).toMatchObject({ payload: { text: "farewell" } });
});

test("a document in the back/forward cache has not ended, and goes on under its name", async () => {
  await negotiate();
  await hooked.page.evaluate(() =>
    Object.assign(globalThis, {
      shownAgain: new Promise((resolve) => addEventListener("pageshow", (event) => resolve(event.persisted))),
    }),
  );
  await hooked.page.goto(`${server.origin}/second`);
  await negotiate();
  // Playwright waits in vain for a page that comes out of the cache.
  await hooked.page.evaluate(() => {
    setTimeout(() => history.back());
  });
  await until("the page to be shown again", () => hooked.page.url().endsWith("/first"));
  expect(
    await hooked.page.evaluate(() => (globalThis as unknown as { shownAgain: unknown }).shownAgain),
  ).toBe(true);
  await negotiate();
  await until("three requests", () => requests().length === 3);
  const [first, second, again] = requests().map(documentOf);
  expect(again).toBe(first);
  expect(second).not.toBe(first);
  expect(await ended()).toEqual([]);
});
const requests = () => hooked.events.filter(({ type }) => type === "http-request");

test("document.open() takes neither the recording nor the end of the document", async () => {
  await openSocket();
  const name = documentOf(await opening());
  await hooked.page.evaluate(() => {
    document.open();
    document.write("<!doctype html><title>Written</title>");
    document.close();
  });
  await keepOutOfCache();
  // Our listener is put back with what is seen after a second.
  await until("the listener to be due", () => Date.now() > openedAt() + 1_100);
  await hooked.page.evaluate(() => {
    const { socket } = globalThis as unknown as { socket: WebSocket };
    socket.send("after");
  });
  await until("the payload", () =>
    hooked.events.some(
      (event) => event.type === "socket-payload" && "text" in event.payload && event.payload.text === "after",
    ),
  );
  await hooked.page.goto(`${server.origin}/second`);
  await until("the end", async () => (await ended()).length > 0);
  expect(await ended()).toEqual([name]);
});
const openedAt = () => hooked.events.findLast(({ type }) => type === "socket-payload")?.at ?? 0;

test("a frame that is taken away has ended, its page has not", async () => {
  await hooked.page.evaluate(async () => {
    const frame = document.createElement("iframe");
    frame.src = "/frame";
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
    document.body.append(frame);
    await loaded;
    const { contentWindow } = frame;
    await contentWindow?.fetch("/hub/negotiate", { method: "POST" }).then((answer) => answer.text());
  });
  await negotiate();
  await until("both requests", () => requests().length === 2);
  const [inFrame, inPage] = requests();
  expect(inFrame).toMatchObject({ origin: { frame: "child", documentUrl: `${server.origin}/frame` } });
  await hooked.page.evaluate(() => document.querySelector("iframe")?.remove());
  await until("the end", async () => (await ended()).length > 0);
  expect(await ended()).toEqual([documentOf(inFrame)]);
  expect(documentOf(inPage)).not.toBe(documentOf(inFrame));
});

test("a page cannot forge its end", async () => {
  await negotiate();
  await hooked.page.evaluate(() => {
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: false }));
  });
  await negotiate();
  await until("both requests", () => requests().length === 2);
  expect(await ended()).toEqual([]);
});
