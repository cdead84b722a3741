import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { build } from "vite";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { extensionScriptConfig } from "../../../vite.config.ts";
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
const POLICY =
  "default-src 'none'; script-src 'nonce-abc'; connect-src 'self' ws:; img-src data:; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";

const { resolve } = createRequire(import.meta.url);
const ZONE = readFileSync(resolve("zone.js"), "utf8");
let fakeTimers = "";

let chromium: HookedChromium;
let server: PageServer;
let streams: ServerResponse[] = [];
const ends = createPageSockets();

beforeAll(async () => {
  [chromium, fakeTimers] = await Promise.all([openHookedChromium(), builtFakeTimers()]);
  server = await startPageServer((request, response) => {
    if (request.url?.startsWith("/hub/negotiate") === true) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        '{"negotiateVersion":1,"connectionId":"c","connectionToken":"t","availableTransports":[]}',
      );
    } else if (request.headers.accept === "text/event-stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`data: {}\u001e\n\n`);
      streams.push(response);
    } else if (request.url === "/strict") {
      sendPage(response, '<!doctype html><title>Strict</title><link rel="icon" href="data:,">', {
        "content-security-policy": POLICY,
      });
    } else sendPage(response, '<!doctype html><title>Page</title><link rel="icon" href="data:,">');
  }, ends.upgrade);
});
afterAll(async () => {
  await chromium?.close();
  ends.close();
  for (const stream of streams) stream.end();
  await server?.close();
});
beforeEach(() => {
  streams = [];
});

/** fake-timers is made of CommonJS modules: one script of it, as a page would bundle it. */
async function builtFakeTimers(): Promise<string> {
  const config = extensionScriptConfig("unwritten", "page");
  const entry = resolve("@sinonjs/fake-timers");
  const built = await build({
    ...config,
    build: { ...config.build, write: false, lib: { entry, name: "FakeTimers", formats: ["iife"] } },
  });
  const [bundle] = Array.isArray(built) ? built : [built];
  if (bundle === undefined || !("output" in bundle)) throw new Error("Vite built no fake timers.");
  return `${bundle.output[0].code};globalThis.FakeTimers = FakeTimers;`;
}

/**
 * What a hub's client does, over every API, and what its page sees of it. Sent as source text; by promises rather than
 * `await`, which leaves zones, and without what a page with spoilt prototypes cannot use itself.
 */
function talk(handshake: string): Promise<readonly string[]> {
  const seen: string[] = [];
  const add = (text: unknown) => {
    seen[seen.length] = `${text}`;
  };
  const heard = (target: EventTarget, type: string) =>
    new Promise<unknown>((done) => {
      target.addEventListener(type, (event) => done((event as MessageEvent).data), { once: true });
    });
  let socket: WebSocket;
  let source: EventSource;
  return fetch("/hub/negotiate?negotiateVersion=1", { method: "POST" })
    .then((answer) => answer.text())
    .then((text) => {
      add(text);
      socket = new WebSocket(`ws://${location.host}/hub?id=t`);
      return heard(socket, "open");
    })
    .then(() => {
      socket.send(handshake);
      return heard(socket, "message");
    })
    .then((data) => {
      add(data);
      socket.send(new Blob([handshake]));
      return heard(socket, "message");
    })
    .then((data) => {
      add(data);
      source = new EventSource("/hub?id=t");
      return heard(source, "message");
    })
    .then((data) => {
      add(data);
      source.close();
      const closed = heard(socket, "close");
      socket.close();
      return closed;
    })
    .then(() => seen);
}

const types = (hooked: HookedPage) => hooked.events.map(({ type }) => type).sort();
/** All that the conversation above is reported as. */
const WHOLE = [
  ...["http-ended", "http-ended", "http-request", "http-request", "http-response", "http-response"],
  ...["http-response-body", "http-response-body"],
  ...["socket-closed", "socket-opened", "socket-opening"],
  ...["socket-payload", "socket-payload", "socket-payload", "socket-payload"],
];
const whole = (hooked: HookedPage) =>
  until("all of the conversation", () => hooked.events.length >= WHOLE.length);

describe("a page with zone.js", () => {
  test("has the same tasks in its zone, in the same order, with and without us", async () => {
    const zoneTasks = async (hook: "first" | "none") => {
      const hooked = await chromium.open({ hook });
      await hooked.page.goto(`${server.origin}/`);
      await hooked.page.addScriptTag({ content: ZONE });
      const tasks = await hooked.page.evaluate(
        async ([source, handshake]) => {
          const made: string[] = [];
          const zone = (globalThis as unknown as { Zone: ZoneLike }).Zone.current.fork({
            name: "page",
            onScheduleTask(delegate, _current, target, task) {
              made.push(`${task.type} ${task.source}`);
              return delegate.scheduleTask(target, task);
            },
          });
          const converse = new Function("handshake", `return (${source})(handshake)`);
          const seen: unknown = await zone.run(() => converse(handshake));
          return [seen, made];
        },
        [String(talk), HANDSHAKE] as const,
      );
      if (hook === "first") await whole(hooked);
      const reported = types(hooked);
      await hooked.close();
      return { tasks, reported };
    };
    const native = await zoneTasks("none");
    const hooked = await zoneTasks("first");
    expect(native.reported).toEqual([]);
    expect(hooked.reported).toEqual(WHOLE);
    expect(JSON.stringify(native.tasks)).toContain("eventTask");
    expect(hooked.tasks).toEqual(native.tasks);
  });
});

interface ZoneLike {
  readonly current: {
    fork(spec: {
      name: string;
      onScheduleTask(
        delegate: { scheduleTask(target: unknown, task: unknown): unknown },
        current: unknown,
        target: unknown,
        task: { readonly type: string; readonly source: string },
      ): unknown;
    }): { run<T>(action: () => T): T };
  };
}

test("a page whose time stands still is recorded all the same, and has no timer of ours", async () => {
  const hooked = await chromium.open({ after: fakeTimers });
  await hooked.page.goto(`${server.origin}/`);
  const timers = await hooked.page.evaluate(
    async ([source, handshake]) => {
      type Clock = { countTimers(): number; readonly now: number };
      const own = globalThis as unknown as { FakeTimers: { install(): Clock } };
      const clock = own.FakeTimers.install();
      await new Function("handshake", `return (${source})(handshake)`)(handshake);
      return [clock.countTimers(), clock.now];
    },
    [String(talk), HANDSHAKE] as const,
  );
  await whole(hooked);
  expect(timers).toEqual([0, 0]);
  expect(types(hooked)).toEqual(WHOLE);
  // The times are the platform's.
  for (const { at } of hooked.events) expect(at).toBeGreaterThan(Date.now() - 60_000);
  await hooked.close();
});

/** What libraries and careless pages leave on the prototypes. */
const POLLUTION = `
  Object.prototype.toJSON = function () { return "polluted"; };
  Array.prototype.toJSON = function () { return "polluted"; };
  String.prototype.toJSON = function () { return "polluted"; };
  Object.prototype.each = function () { throw new Error("each"); };
  Object.prototype.capture = true;
  Object.prototype.then = undefined;
  Array.prototype.push = Array.prototype.concat = function () { throw new Error("push"); };
  Array.prototype.map = Array.prototype.forEach = function () { throw new Error("map"); };
  WeakMap.prototype.get = WeakMap.prototype.set = function () { throw new Error("WeakMap"); };
  const { apply } = Reflect;
  Promise.prototype.then = new Proxy(Promise.prototype.then, { apply(then, self, args) {
    window.thens = (window.thens ?? 0) + 1;
    return apply(then, self, args);
  } });
  JSON.stringify = () => { throw new Error("stringify"); };
  JSON.parse = () => { throw new Error("parse"); };
  Reflect.apply = Reflect.construct = Reflect.defineProperty = () => { throw new Error("Reflect"); };
  Function.prototype.call = Function.prototype.apply = function () { throw new Error("call"); };
  EventTarget.prototype.dispatchEvent = () => { throw new Error("dispatchEvent"); };
`;

test("a page that has spoilt the prototypes after us costs us nothing, nor we it", async () => {
  const run = async (hook: "first" | "none") => {
    const hooked = await chromium.open({ hook });
    await hooked.page.goto(`${server.origin}/`);
    // In one go: what reads the page's answer needs the prototypes itself.
    const answer = await hooked.page.evaluate(
      ([pollution, source, handshake]) =>
        new Promise<string>((done) => {
          const text = String;
          const converse = new Function("handshake", `return (${source})(handshake)`);
          const restore = new Function(`
            const kept = [Object.prototype, Array.prototype, String.prototype, Promise.prototype, JSON, Reflect, WeakMap.prototype,
              Function.prototype, EventTarget.prototype].map((owner) => [owner, Object.getOwnPropertyDescriptors(owner)]);
            const { defineProperty, ownKeys, deleteProperty } = Reflect;
            return () => {
              for (let at = 0; at < kept.length; at++) {
                const owner = kept[at][0];
                const before = kept[at][1];
                const keys = ownKeys(owner);
                for (let k = 0; k < keys.length; k++) if (!(keys[k] in before)) deleteProperty(owner, keys[k]);
                const names = ownKeys(before);
                for (let k = 0; k < names.length; k++) {
                  try { defineProperty(owner, names[k], before[names[k]]); } catch {}
                }
              }
            };`)() as () => void;
          new Function(pollution)();
          const own = window as unknown as { thens?: number };
          const finish = (text: string) => {
            const thens = own.thens ?? 0;
            restore();
            done(`${text} ${thens}`);
          };
          const conversation = converse(handshake) as Promise<readonly string[]>;
          conversation.then(
            (seen) => finish(`${seen[0]} ${seen[1]} ${seen[2]} ${seen[3]}`),
            (error: unknown) => finish(`failed: ${text(error)}`),
          );
        }),
      [POLLUTION, String(talk), HANDSHAKE] as const,
    );
    if (hook === "first") await whole(hooked);
    const reported = types(hooked);
    const { complaints } = hooked;
    await hooked.close();
    return { answer, reported, complaints };
  };
  const native = await run("none");
  const hooked = await run("first");
  expect(native.answer).not.toContain("failed");
  expect(hooked.answer).toBe(native.answer);
  expect(hooked.complaints).toEqual(native.complaints);
  expect(hooked.reported).toEqual(WHOLE);
});

test("a strict policy and Trusted Types see nothing of us", async () => {
  const hooked = await chromium.open();
  await hooked.page.goto(`${server.origin}/strict`);
  const violations = await hooked.page.evaluate(async (handshake) => {
    const seen: string[] = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective }) =>
      seen.push(violatedDirective),
    );
    const socket = new WebSocket(`ws://${location.host}/hub`);
    await new Promise((done) => socket.addEventListener("open", done));
    socket.send(handshake);
    await new Promise((done) => socket.addEventListener("message", done));
    return seen;
  }, HANDSHAKE);
  await until("the payloads", () => types(hooked).filter((type) => type === "socket-payload").length === 2);
  expect(violations).toEqual([]);
  expect(hooked.complaints).toEqual([]);
  await hooked.close();
});

test("the window has no name of ours", async () => {
  const names = async (hook: "first" | "none") => {
    const hooked = await chromium.open({ hook });
    await hooked.page.goto(`${server.origin}/`);
    const found = await hooked.page.evaluate(() => [
      Reflect.ownKeys(window).map(String).sort(),
      Reflect.ownKeys(document).map(String).sort(),
      document.documentElement.outerHTML,
    ]);
    await hooked.close();
    return found;
  };
  expect(await names("first")).toEqual(await names("none"));
});
