import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PageAct } from "../../../../extension/channel/acts.ts";
import {
  type HookedChromium,
  openHookedChromium,
  type PageServer,
  sendPage,
  startPageServer,
} from "../../../support/hooked-chromium.ts";

/**
 * As `spoilt-page.page.test.ts`, over long polling: whatever a page has made of its prototypes, each message reaches it
 * once, also one whose poll was answered in the server's place.
 */
const SPOIL = readFileSync(new URL("../../../support/spoil-page.js", import.meta.url), "utf8");
const END = "\u001e";
const call = (target: string) => `{"type":1,"target":"${target}","arguments":[]}${END}`;

let chromium: HookedChromium;
let server: PageServer;
/** The poll that waits, and what waits for a poll. */
let waiting: ServerResponse | undefined;
let queue: string[] = [];
/** What the page has sent, as it came. */
let reached: string[] = [];
let polls = 0;

function answerPoll(): void {
  if (waiting === undefined || queue.length === 0) return;
  waiting.end(queue.shift());
  waiting = undefined;
}

beforeAll(async () => {
  chromium = await openHookedChromium();
  server = await startPageServer((request, response) => {
    const url = request.url ?? "";
    if (url.startsWith("/hub/negotiate")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        '{"connectionId":"c","connectionToken":"tok","negotiateVersion":1,"availableTransports":[]}',
      );
    } else if (url.startsWith("/say?")) {
      queue.push(decodeURIComponent(url.slice("/say?".length)));
      response.end();
      answerPoll();
    } else if (url.startsWith("/hub?") && request.method === "GET") {
      response.writeHead(200, { "content-type": "application/octet-stream" });
      if (polls++ === 0) {
        response.end();
        return;
      }
      // As ASP.NET Core: another poll ends the one before it.
      waiting?.end();
      waiting = response;
      answerPoll();
    } else if (request.method === "POST") {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        if (body !== "") reached.push(body);
        response.end();
      });
    } else sendPage(response, '<!doctype html><title>Spoilt</title><link rel="icon" href="data:,">');
  });
});
afterAll(async () => {
  await chromium?.close();
  waiting?.end();
  await server?.close();
});

const SETTING_UP = `async () => {
  await (await fetch("/hub/negotiate", { method: "POST" })).text();
  const url = location.origin + "/hub?id=tok";
  await (await fetch(url)).text();
  bareRelay.tell('{"type":"other-traffic","body":{"wanted":false}}');
  const all = bareRelay.said.flatMap(({ body }) => body.events ?? []).map(({ event }) => event);
  return all.find((event) => event?.type === "http-request" && event.method === "GET").exchange;
}`;

/** In the page: what is done while everything is spoilt. The poll that waits was there before. */
const RUN = `async (how, acts, says, posts, size) => {
  const { apply, defineProperty } = Reflect;
  const { setTimeout, fetch, Promise: Later, bareRelay } = window;
  const { text } = Response.prototype;
  const { includes } = String.prototype;
  const url = location.origin + "/hub?id=tok";
  const said = says.map((one) => location.origin + "/say?" + encodeURIComponent(one));
  const told = acts.map((act, at) => JSON.stringify({ type: "act", body: { command: at + 1, act } }));
  const lasts = says.map((one) => one.slice(one.lastIndexOf('{"type"')));
  const sent = posts.map((body) => ({ __proto__: null, method: "POST", body }));
  let heard = "";
  let isOver = false;
  const wait = (time) => new Later((done) => { apply(setTimeout, window, [done, time]); });
  const poll = async () => {
    while (!isOver) heard += await apply(text, await apply(fetch, window, [url, { __proto__: null, method: "GET" }]), []);
  };
  const until = async (isSo) => { for (let turn = 0; turn < 400 && !isSo(); turn++) await wait(25); };
  void poll();
  const spoilt = how === "not" ? { asked: [], restore() {} } : spoilPage(how);
  let failure;
  try {
    for (let at = 0; at < said.length; at++) {
      if (at < told.length) bareRelay.tell(told[at]);
      if (at < sent.length) await apply(text, await apply(fetch, window, [url, sent[at]]), []);
      await apply(text, await apply(fetch, window, [said[at]]), []);
      await until(() => apply(includes, heard, [lasts[at]]));
    }
    await until(() => heard.length >= size);
    // What comes too often comes soon.
    await wait(150);
  } catch (error) {
    failure = error;
  }
  spoilt.restore();
  isOver = true;
  if (failure !== undefined) throw failure;
  return heard;
}`;

const inRecords = (all: string) =>
  all
    .split(END)
    .filter((one) => one !== "")
    .map((one) => `${one}${END}`)
    .sort();

describe.each(["not", "throws", "lies", "agrees", "counts"])("a page whose world is spoilt (%s)", (how) => {
  test("gets each message of its polls once, and its server each that was not dropped", async () => {
    [queue, reached, polls, waiting] = [[], [], 0, undefined];
    const hooked = await chromium.open({ relay: `${SPOIL};startBareRelay();` });
    await hooked.page.goto(`${server.origin}/`);
    const carrier = (await hooked.page.evaluate(`(${SETTING_UP})()`)) as string;
    const simulate = (target: string): PageAct => ({
      kind: "simulate",
      carrier,
      payload: { kind: "text", text: call(target) },
    });
    const acts: readonly PageAct[] = [
      simulate("Made"),
      simulate("MadeToo"),
      {
        kind: "faults",
        faults: [
          { id: "l", kind: "delay", direction: "in", target: "Late", share: 1, delay: 600 },
          { id: "o", kind: "drop", direction: "out", target: "OutGone", share: 1, delay: 0 },
        ],
      },
      simulate("MadeLast"),
    ];
    const says = [call("A"), call("B"), call("C") + call("Late") + call("D"), call("E"), call("F")];
    const posts = [call("P"), call("Q"), call("R"), call("S"), call("OutGone") + call("T")];
    const expected = ["A", "B", "C", "D", "E", "F", "Late", "Made", "MadeLast", "MadeToo"].map(call);
    const heard = (await hooked.page.evaluate(
      `(${RUN})(${JSON.stringify(how)}, ${JSON.stringify(acts)}, ${JSON.stringify(says)}, ${JSON.stringify(posts)}, ${expected.join("").length})`,
    )) as string;
    expect(inRecords(heard)).toEqual(expected);
    // A page that has spoilt by what we tell whose a request is has none of them broken.
    const got = inRecords(reached.join("")).filter((one) => one !== call("OutGone"));
    expect(got).toEqual(["P", "Q", "R", "S", "T"].map(call));
    if (how === "not" || how === "counts") expect(reached.join("")).not.toContain("OutGone");
    expect(hooked.complaints).toEqual([]);
    await hooked.close();
  }, 60_000);
});
