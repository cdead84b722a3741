import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { type ComplianceServer, startComplianceServer } from "../../support/extension-compliance-server.ts";
import { type HookedChromium, type HookedPage, openHookedChromium } from "../../support/hooked-chromium.ts";
import { recordedBodies } from "../../support/recorded-bodies.ts";
import { until } from "../../support/until.ts";

let chromium: HookedChromium;
let server: ComplianceServer;
beforeAll(async () => {
  [chromium, server] = await Promise.all([openHookedChromium(), startComplianceServer()]);
}, 120_000);
afterAll(() => Promise.all([chromium?.close(), server?.close()]));

let hooked: HookedPage;
beforeEach(async () => {
  hooked = await chromium.open();
  await hooked.page.goto(`${server.origin}/blank`);
  // Names the token "t", so that what follows is known.
  await hooked.page.evaluate(async () => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", "/hub/negotiate?negotiateVersion=1");
    await new Promise((resolve) => {
      xhr.onloadend = resolve;
      xhr.send();
    });
  });
  // The report crosses to us by a way of its own: it may come after the page's answer.
  await until("the report of the negotiate", () => hooked.events.at(-1)?.type === "http-ended");
  return () => hooked.close();
});

/** Runs in the page: one request, and what becomes of it. */
type Steps = {
  readonly method?: string;
  readonly path: string;
  readonly type?: XMLHttpRequestResponseType;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly abortAt?: number;
  readonly timeout?: number;
};

async function request(steps: Steps): Promise<readonly CaptureEvent[]> {
  const before = hooked.events.length;
  await hooked.page.evaluate(
    async ({ method = "GET", path, type = "", headers = {}, body, abortAt, timeout }) => {
      const xhr = new XMLHttpRequest();
      xhr.open(method, path);
      xhr.responseType = type;
      if (timeout !== undefined) xhr.timeout = timeout;
      for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
      const ended = new Promise((resolve) => {
        xhr.onloadend = resolve;
      });
      xhr.onreadystatechange = () => {
        if (xhr.readyState === abortAt) xhr.abort();
      };
      xhr.send(body);
      await ended;
    },
    steps,
  );
  return until("the end of the exchange", () => {
    const events = hooked.events.slice(before);
    return events.at(-1)?.type === "http-ended" && events;
  });
}

test("a negotiate is reported whole", () => {
  expect(hooked.events.map(({ type }) => type)).toEqual([
    "http-request",
    "http-response",
    "http-response-body",
    "http-ended",
  ]);
  expect(hooked.events[1]).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
  expect(recordedBodies(hooked.events)[0]).toContain('"connectionToken":"t"');
});

test.for(["", "text", "arraybuffer", "blob", "json"] as const)("a body of the type %j", async (type) => {
  const events = await request({ method: "POST", path: "/body?id=t", type, body: "data=1" });
  const [body = "", end] = recordedBodies(events);
  expect(JSON.parse(body)).toMatchObject({ method: "POST", size: 6, text: "data=1" });
  expect(end).toBe("end");
  const piece = events.find((event) => event.type === "http-response-body");
  expect(piece?.isRewritten).toBe(type === "json" ? true : undefined);
  expect(events[0]).toMatchObject({ method: "POST", body: { kind: "text", text: "data=1" } });
});

test("an event stream is reported as it comes, though it never ends", async () => {
  await hooked.page.evaluate(() => {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", "/events?id=t&open");
    xhr.setRequestHeader("Accept", "text/event-stream");
    xhr.send();
  });
  const events = await until("the first pieces", () => {
    const bodies = hooked.events.slice(4).filter(({ type }) => type === "http-response-body");
    return recordedBodies(bodies).join("").includes('{"type":6}') && hooked.events.slice(4);
  });
  expect(events[0]).toMatchObject({ headers: { accept: "text/event-stream" } });
  expect(events.some(({ type }) => type === "http-ended")).toBe(false);
});

test.for([
  ["aborted", { abortAt: 2 }, "The page aborted the request."],
  ["out of time", { timeout: 300 }, "The request timed out."],
] as const)("a request that is %s is cut off", async ([, steps, error]) => {
  const events = await request({ path: "/stream?id=t&chunks=1&open", ...steps });
  expect(events.at(-1)).toMatchObject({ error });
});

test("a request without an answer has failed", async () => {
  const events = await request({ path: "/cut/x?id=t" });
  expect(events.map(({ type }) => type)).toEqual(["http-request", "http-ended"]);
  expect(events.at(-1)).toMatchObject({ error: "The request failed." });
});

test("one object, opened again and again by its own listener, is an exchange each time", async () => {
  const before = hooked.events.length;
  await hooked.page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const xhr = new XMLHttpRequest();
        let turn = 0;
        const open = () => {
          xhr.open("POST", `/body?id=${turn === 1 ? "nobody" : "t"}`);
          xhr.send(`turn ${turn}`);
        };
        xhr.onreadystatechange = () => {
          if (xhr.readyState !== 4) return;
          if (++turn === 3) resolve();
          else open();
        };
        open();
      }),
  );
  const bodies = await until("both ends", () => {
    const recorded = recordedBodies(hooked.events.slice(before));
    return recorded.filter((body) => body === "end").length === 2 && recorded;
  });
  // The second was nobody's.
  expect(bodies.map((body) => /turn \d/.exec(body)?.[0] ?? body)).toEqual(["turn 0", "end", "turn 2", "end"]);
});

test("a synchronous request, and one that fails", async () => {
  const before = hooked.events.length;
  const thrown = await hooked.page.evaluate(() => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", "/body?id=t", false);
    xhr.send("sync");
    xhr.open("POST", "/cut/x?id=t", false);
    try {
      xhr.send();
      return "nothing";
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(thrown).toBe("NetworkError");
  const bodies = await until("both ends", () => {
    const events = hooked.events.slice(before);
    return events.filter(({ type }) => type === "http-ended").length === 2 && recordedBodies(events);
  });
  expect(bodies).toHaveLength(3);
  expect(bodies[0]).toContain('"text":"sync"');
  expect(bodies[2]).toMatch(/^cut: Failed to execute 'send'/);
});

test("what is none of SignalR's is not reported", async () => {
  await hooked.page.evaluate(async () => {
    for (const path of ["/body", "/body?id=nobody", "/stream?chunks=1"]) {
      await (await fetch(path)).text();
      const xhr = new XMLHttpRequest();
      xhr.open("GET", path);
      await new Promise((resolve) => {
        xhr.onloadend = resolve;
        xhr.send();
      });
    }
  });
  expect(hooked.events).toHaveLength(4);
});
