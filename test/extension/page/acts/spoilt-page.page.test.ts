import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WebSocket as ServerSocket } from "ws";
import type { PageAct, PageFault } from "../../../../extension/channel/acts.ts";
import {
  type HookedChromium,
  openHookedChromium,
  type PageServer,
  sendPage,
  startPageServer,
} from "../../../support/hooked-chromium.ts";
import { createPageSockets } from "../../../support/page-sockets.ts";
import { until } from "../../../support/until.ts";

/**
 * A page that has replaced everything that it can reach, after the hook was there, while the user acts: what it hears and
 * what its server gets must be the same, each message once, whatever the replacements do.
 */
const SPOIL = readFileSync(new URL("../../../support/spoil-page.js", import.meta.url), "utf8");
const END = "\u001e";
const call = (target: string) => `{"type":1,"target":"${target}","arguments":[]}${END}`;
const PING = `{"type":6}${END}`;
/** The same as MessagePack: [1, {}, nil, target, []]. */
const packed = (target: string) => {
  const name = [...target].map((unit) => unit.charCodeAt(0));
  const record = [0x95, 1, 0x80, 0xc0, 0xa0 + name.length, ...name, 0x90];
  return [record.length, ...record];
};

/** Of classic SignalR, with calls of these methods. */
const envelope = (...methods: readonly string[]) =>
  `{"C":"d-1","M":[${methods.map((method) => `{"H":"hub","M":"${method}","A":[]}`).join(",")}]}`;

let chromium: HookedChromium;
let server: PageServer;
const ends = createPageSockets();
let stream: ServerResponse | undefined;
/** What reached the server, in order. */
let reached: string[] = [];

beforeAll(async () => {
  chromium = await openHookedChromium();
  server = await startPageServer((request, response) => {
    const url = request.url ?? "";
    if (url.startsWith("/hub/negotiate")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        '{"connectionId":"c","connectionToken":"tok","negotiateVersion":1,"availableTransports":[]}',
      );
    } else if (request.headers.accept === "text/event-stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(":\n\n");
      stream = response;
    } else if (request.method === "POST") {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        reached.push(`post ${request.headers["x-own"]} ${body}`);
        response.end(url.startsWith("/signalr/send?") ? '{"R":1,"I":"hubscope-2"}' : "");
      });
    } else sendPage(response, '<!doctype html><title>Spoilt</title><link rel="icon" href="data:,">');
  }, ends.upgrade);
});
afterAll(async () => {
  await chromium?.close();
  ends.close();
  stream?.end();
  await server?.close();
});

interface Step {
  readonly acts?: readonly PageAct[];
  /** The page sends these; a list is bytes. */
  readonly sends?: readonly (string | readonly number[])[];
  /** The server says these, one after another. */
  readonly says?: readonly (string | readonly number[])[];
  /** The server says these over the event stream. */
  readonly streams?: readonly string[];
  /** The page opens so many more sockets of its hub. */
  readonly opens?: number;
  /** The step lasts until this fault has struck so often. */
  readonly strikes?: { readonly fault: string; readonly count: number };
}

interface Result {
  /** For each step what the page heard. */
  readonly heard: readonly (readonly string[])[];
  readonly asked: readonly string[];
  readonly said: readonly { readonly type: string; readonly body: Readonly<Record<string, unknown>> }[];
}

/** In the page: takes each step while everything is spoilt, and says what was heard. Text, so that nobody changes it. */
const RUN = `async (how, steps, counts) => {
  const { apply } = Reflect;
  const { setTimeout, Promise: Later, Uint8Array: Bytes, socket, source, bareRelay } = window;
  const { send } = WebSocket.prototype;
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data").get;
  const code = Object.getOwnPropertyDescriptor(CloseEvent.prototype, "code").get;
  const listen = EventTarget.prototype.addEventListener;
  const sizeOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Bytes.prototype), "length").get;
  const blobSize = Object.getOwnPropertyDescriptor(Blob.prototype, "size").get;
  const { defineProperty } = Reflect;
  const put = (list, value) =>
    defineProperty(list, list.length, { __proto__: null, value, configurable: true, enumerable: true, writable: true });
  let heard = [];
  const shown = (value) => {
    if (typeof value === "string") return value;
    let size;
    try { size = apply(blobSize, value, []); } catch {}
    if (size !== undefined) return "blob " + size;
    const bytes = new Bytes(value);
    let text = "bytes";
    for (let at = 0; at < apply(sizeOf, bytes, []); at++) text += " " + bytes[at];
    return text;
  };
  apply(listen, socket, ["message", (event) => put(heard, shown(apply(data, event, [])))]);
  apply(listen, socket, ["close", (event) => put(heard, "close " + apply(code, event, []))]);
  apply(listen, source, ["message", (event) => put(heard, "stream " + shown(apply(data, event, [])))]);
  const wait = (time) => new Later((done) => { apply(setTimeout, window, [done, time]); });
  const Socket = window.WebSocket;
  const address = "ws://" + location.host + "/hub?silent&id=tok";
  const open = (name) => {
    const other = new Socket(address);
    apply(listen, other, ["open", () => put(heard, name + " is open")]);
    apply(listen, other, ["close", (event) => put(heard, name + " has failed with " + apply(code, event, []))]);
  };
  const hasStruck = (strikes) => {
    if (strikes === undefined) return true;
    for (let at = 0; at < bareRelay.said.length; at++) {
      const { type, body } = bareRelay.said[at];
      if (type === "fault-struck" && body.fault === strikes.fault && body.count >= strikes.count) return true;
    }
    return false;
  };
  const made = steps.map(({ acts = [], sends = [], says = [], streams = [], opens = 0, strikes }) => ({
    opens,
    strikes,
    acts: acts.map((act, at) => JSON.stringify({ type: "act", body: { command: at + 1, act } })),
    sends: [
      ...sends.map((one) => (typeof one === "string" ? one : new Bytes(one))),
      ...(says.length + streams.length > 0 ? [JSON.stringify({ says, streams })] : []),
    ],
  }));
  const all = [];
  const spoilt = how === "not" ? { asked: [], restore() {} } : spoilPage(how);
  let failure;
  try {
    for (let at = 0; at < made.length; at++) {
      const step = made[at];
      for (let one = 0; one < step.acts.length; one++) bareRelay.tell(step.acts[one]);
      for (let one = 0; one < step.sends.length; one++) apply(send, socket, [step.sends[one]]);
      for (let one = 0; one < step.opens; one++) open("attempt " + one);
      for (let turn = 0; turn < 400 && (heard.length < counts[at] || !hasStruck(step.strikes)); turn++) await wait(25);
      // What comes too often comes soon.
      await wait(150);
      put(all, heard);
      heard = [];
    }
  } catch (error) {
    failure = error;
  }
  spoilt.restore();
  if (failure !== undefined) throw failure;
  return { heard: all, asked: [...new Set(spoilt.asked)], said: JSON.parse(JSON.stringify(bareRelay.said)) };
}`;

const SETTING_UP = `async () => {
  const answer = await fetch("/hub/negotiate", { method: "POST" });
  await answer.text();
  window.socket = new WebSocket("ws://" + location.host + "/hub?silent&id=tok");
  socket.binaryType = "arraybuffer";
  await new Promise((done) => socket.addEventListener("open", done));
  socket.send('{"protocol":"json","version":1}\\u001e');
  window.source = new EventSource("/hub?id=tok");
  await new Promise((done) => source.addEventListener("open", done));
  await fetch("/hub?id=tok", { method: "POST", headers: { "X-Own": "yes" }, body: "first" });
  const classic = "transport=serverSentEvents&connectionToken=ct&connectionData=%5B%7B%22name%22%3A%22hub%22%7D%5D";
  await fetch("/signalr/start?" + classic + "&_=1", { headers: { "X-Own": "classic" } });
  bareRelay.tell('{"type":"other-traffic","body":{"wanted":false}}');
  const all = bareRelay.said.flatMap(({ body }) => body.events ?? []).map(({ event }) => event);
  return {
    socket: all.find((event) => event?.type === "socket-opening").socket,
    classic: all.find((event) => event?.type === "http-request" && event.url.includes("/signalr/start")).exchange,
    source: all.find((event) => event?.type === "http-request" && event.headers?.accept === "text/event-stream").exchange,
  };
}`;

/** `counts`: how much is to be heard in each step, which ends a little after it was. */
async function run(
  how: string,
  steps: (ids: { socket: string; source: string; classic: string }) => readonly Step[],
  counts: readonly number[],
) {
  reached = [];
  ends.sockets.length = 0;
  const hooked = await chromium.open({ relay: `${SPOIL};startBareRelay();` });
  await hooked.page.goto(`${server.origin}/`);
  const ids = (await hooked.page.evaluate(`(${SETTING_UP})()`)) as {
    socket: string;
    source: string;
    classic: string;
  };
  const end: ServerSocket = await until("the server's end", () => ends.sockets.at(-1));
  end.on("message", (message: Buffer, isBinary) => {
    const text = isBinary ? `bytes ${[...message].join(" ")}` : String(message);
    if (!text.startsWith('{"says"')) {
      reached.push(text);
      return;
    }
    const asked = JSON.parse(text) as { says: (string | number[])[]; streams: string[] };
    for (const one of asked.says) end.send(typeof one === "string" ? one : new Uint8Array(one));
    for (const one of asked.streams) stream?.write(`data: ${one}\n\n`);
  });
  const text = JSON.stringify(steps(ids));
  const result = (await hooked.page.evaluate(
    `(${RUN})(${JSON.stringify(how)}, ${text}, ${JSON.stringify(counts)})`,
  )) as Result;
  const { complaints } = hooked;
  await hooked.close();
  return { ...result, complaints, reached: reached.filter((one) => one !== "post yes first") };
}

const fault = (facts: Partial<Extract<PageFault, { direction: string }>>): PageFault => ({
  id: `f${facts.target}${facts.direction}`,
  kind: "drop",
  direction: "in",
  share: 1,
  delay: 60,
  ...facts,
});
const faults = (...all: readonly PageFault[]): PageAct => ({ kind: "faults", faults: all });
const text = (said: string) => ({ kind: "text", text: said }) as const;

const CLASSIC_CALL = '{"H":"hub","M":"Ask","A":["a b","ü"],"I":"hubscope-2"}';

const STEPS = ({
  socket,
  source,
  classic,
}: {
  socket: string;
  source: string;
  classic: string;
}): readonly Step[] => [
  {
    acts: [
      faults(
        fault({ target: "Gone" }),
        fault({ target: "hub.gone" }),
        // Long enough for a slow machine to hear everything else first.
        fault({ target: "Late", kind: "delay", delay: 1_000 }),
        fault({ target: "OutGone", direction: "out" }),
        fault({ target: "OutLate", direction: "out", kind: "delay" }),
        fault({ target: "Turned", kind: "reorder", delay: 10_000 }),
      ),
    ],
    says: [
      call("A") + call("Gone") + call("B"),
      call("Late"),
      call("C"),
      [...packed("Gone"), ...packed("D")],
      envelope("a", "gone", "b"),
    ],
  },
  {
    sends: [
      call("X") + call("OutGone") + call("Y"),
      call("OutLate"),
      call("Z"),
      [...packed("OutGone"), ...packed("W")],
    ],
  },
  { says: [call("Turned"), call("E")] },
  {
    acts: [
      { kind: "simulate", carrier: socket, payload: text(call("Made")) },
      { kind: "simulate", carrier: socket, payload: { kind: "base64", base64: "AAEC/w==" } },
      { kind: "simulate", carrier: source, payload: text(call("MadeToo")) },
      { kind: "simulate", carrier: "nobody", payload: text("x") },
      { kind: "close", carrier: socket, code: 1234, reason: "" },
    ],
  },
  {
    acts: [
      {
        kind: "send",
        carrier: socket,
        payload: text(`{"type":1,"invocationId":"hubscope-1","target":"Ask","arguments":[]}${END}`),
        takesAnswers: true,
      },
      { kind: "send", carrier: source, payload: text(call("Posted")), takesAnswers: false },
      { kind: "send", carrier: classic, payload: text(CLASSIC_CALL), takesAnswers: true },
    ],
    says: [`{"type":3,"invocationId":"hubscope-1","result":1}${END}${call("F")}`],
    streams: [call("Gone"), call("G")],
  },
  {
    acts: [faults({ id: "s", kind: "silence" })],
    says: [PING, call("H"), call("I") + call("J")],
    strikes: { fault: "s", count: 4 },
  },
  { acts: [faults()] },
  { says: [call("K") + call("L"), call("Gone")] },
  { acts: [{ kind: "cut", carrier: socket }] },
];

const EXPECTED_HEARD = [
  [call("A") + call("B"), call("C"), `bytes ${packed("D").join(" ")}`, envelope("a", "b"), call("Late")],
  [],
  [call("E") + call("Turned")],
  [call("Made"), "bytes 0 1 2 255", `stream ${call("MadeToo")}`],
  [call("F"), `stream ${call("G")}`],
  [],
  [PING, call("H"), call("I"), call("J")],
  [call("K") + call("L"), call("Gone")],
  ["close 1006"],
];
const EXPECTED_REACHED = [
  call("X") + call("Y"),
  call("Z"),
  `bytes ${packed("W").join(" ")}`,
  call("OutLate"),
  `{"type":1,"invocationId":"hubscope-1","target":"Ask","arguments":[]}${END}`,
  `post yes ${call("Posted")}`,
  `post classic data=${encodeURIComponent(CLASSIC_CALL).replaceAll("%20", "+")}`,
];

const inOrder = (list: readonly string[]) => [...list].sort();

describe.each(["not", "throws", "lies", "agrees", "counts"])("a page whose world is spoilt (%s)", (how) => {
  test("hears and sends each message once, under faults and acts", async () => {
    const {
      heard,
      reached: got,
      said,
      complaints,
      asked,
    } = await run(
      how,
      STEPS,
      EXPECTED_HEARD.map(({ length }) => length),
    );
    expect(heard.map((step) => [...step])).toEqual(EXPECTED_HEARD);
    expect(inOrder(got)).toEqual(inOrder(EXPECTED_REACHED));
    expect(complaints).toEqual([]);
    const refusals = said.flatMap(({ type, body }) =>
      type === "act-answered" && body["refusal"] ? [body["refusal"]] : [],
    );
    expect(refusals).toEqual([
      "This connection is gone.",
      expect.stringContaining("The close code must be either 1000"),
    ]);
    if (how === "counts") expect(asked).toEqual([]);
  }, 60_000);

  test("has the next attempts refused, and no more of them", async () => {
    const refuse: PageFault = { id: "r", kind: "refuse", known: [], times: 2, elsewhere: 0 };
    const { heard, said, complaints } = await run(how, () => [{ acts: [faults(refuse)], opens: 3 }], [3]);
    expect(inOrder(heard[0] ?? [])).toEqual([
      "attempt 0 has failed with 1006",
      "attempt 1 has failed with 1006",
      "attempt 2 is open",
    ]);
    // The browser's own words of a failed attempt, and none of ours.
    const refused = expect.stringContaining(
      "WebSocket connection to 'ws://127.0.0.1:1/hub?silent&id=tok' failed",
    );
    expect(complaints).toEqual([refused, refused]);
    expect(said.filter(({ type }) => type === "fault-struck").at(-1)?.body).toMatchObject({
      fault: "r",
      count: 2,
    });
  }, 60_000);
});
