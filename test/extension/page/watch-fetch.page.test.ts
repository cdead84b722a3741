import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaptureEvent, HttpRequest } from "../../../core/src/capture-event.ts";
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
    await (await fetch("/hub/negotiate?negotiateVersion=1", { method: "POST" })).text();
  });
  return () => hooked.close();
});

/** What was recorded behind the negotiate, once as many exchanges have ended. */
function ended(count: number): Promise<readonly CaptureEvent[]> {
  return until(`${count} ends`, () => {
    const events = hooked.events.slice(4);
    return events.filter(({ type }) => type === "http-ended").length === count && events;
  });
}

function requests(events: readonly CaptureEvent[]): readonly HttpRequest[] {
  return events.filter((event) => event.type === "http-request");
}

describe("the body of a request", () => {
  test("is copied when it is sent, whatever holds it, or said to be missing", async () => {
    await hooked.page.evaluate(async () => {
      const form = new FormData();
      form.append("a", "b");
      const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
      const bodies = [
        "text",
        view,
        view.buffer.slice(0, 1),
        new Blob(["blob"]),
        new URLSearchParams({ data: "ü +" }),
        form,
        null,
      ];
      let value = 7;
      for (const body of bodies) {
        const sent = fetch("/body?id=t", { method: "POST", body });
        view.fill(++value);
        await (await sent).text();
      }
      await (await fetch(new Request("/body?id=t", { method: "POST", body: "in a Request" }))).text();
    });
    expect(requests(await ended(8)).map(({ body }) => body)).toEqual([
      { kind: "text", text: "text" },
      { kind: "binary", bytes: [8, 8] },
      { kind: "binary", bytes: [1] },
      { kind: "binary", bytes: [98, 108, 111, 98] },
      { kind: "text", text: "data=%C3%BC+%2B" },
      { kind: "omitted", reason: "not-captured", size: 0 },
      undefined,
      { kind: "omitted", reason: "not-captured", size: 0 },
    ]);
  });

  test("and its headers are read in each way to write them; secrets are left out", async () => {
    await hooked.page.evaluate(async () => {
      const given: [string, string][] = [
        ["Content-Type", "text/x"],
        ["Authorization", "Bearer secret"],
      ];
      for (const headers of [given, Object.fromEntries(given), new Headers(given)]) {
        await (await fetch("/body?id=t", { method: "POST", headers })).text();
      }
      await (await fetch(new Request("/body?id=t", { method: "POST", headers: given }))).text();
    });
    const events = await ended(4);
    for (const { headers } of requests(events)) expect(headers).toEqual({ "content-type": "text/x" });
    expect(JSON.stringify(events)).not.toContain("secret");
  });
});

test("a stream that the page aborts between two reads is cut off at once, with the platform's text", async () => {
  await hooked.page.evaluate(async () => {
    const aborted = new AbortController();
    const { body } = await fetch("/stream?id=t&chunks=1&open", { signal: aborted.signal });
    await body?.getReader().read();
    aborted.abort();
  });
  const bodies = recordedBodies(await ended(1));
  expect(bodies[0]).toBe("chunk 1;");
  expect(bodies[1]).toMatch(/^cut: .*aborted/);
});

test("a request that is aborted before it is made never leaves the page, and is none", async () => {
  await hooked.page.evaluate(async () => {
    const { signal } = new AbortController();
    const aborted = AbortSignal.abort();
    await fetch("/stream?id=t&chunks=1", { signal: aborted }).catch(() => undefined);
    await fetch(new Request("/stream?id=t&chunks=1", { signal: aborted })).catch(() => undefined);
    // The last word is the call's own.
    await (await fetch(new Request("/stream?id=t&chunks=1", { signal: aborted }), { signal })).text();
  });
  expect((await ended(1)).filter(({ type }) => type === "http-request")).toHaveLength(1);
});

test.for(["text", "read", "next", "pipeTo"])(
  "an answer that the page aborts and then reads by %s has failed by that",
  async (way) => {
    await hooked.page.evaluate(async (how) => {
      const aborted = new AbortController();
      const response = await fetch("/stream?id=t&chunks=1&open", { signal: aborted.signal });
      const body = response.body as ReadableStream;
      const reading: Record<string, () => Promise<unknown>> = {
        text: () => response.text(),
        read: () => body.getReader().read(),
        next: () => body.values().next(),
        pipeTo: () => body.pipeTo(new WritableStream()),
      };
      aborted.abort();
      await reading[how]?.().catch(() => undefined);
    }, way);
    expect((await ended(1)).at(-1)).toMatchObject({
      type: "http-ended",
      error: expect.stringMatching(/abort/),
    });
  },
);

test("a stream that the network cuts is cut off", async () => {
  await hooked.page.evaluate(async () => {
    const response = await fetch("/stream?id=t&chunks=2&cut");
    await response.text().catch(() => undefined);
  });
  expect(recordedBodies(await ended(1))).toEqual([expect.stringMatching(/^cut: /)]);
});

test("a request that nobody answers has failed", async () => {
  await hooked.page.evaluate(() => fetch("/cut/x?id=t").catch(() => undefined));
  const events = await ended(1);
  expect(events.map(({ type }) => type)).toEqual(["http-request", "http-ended"]);
  expect(events[1]).toMatchObject({ error: "Failed to fetch" });
});

test("an answer without a body has ended when it comes", async () => {
  await hooked.page.evaluate(() => fetch("/status/204?id=t"));
  expect((await ended(1)).map(({ type }) => type)).toEqual(["http-request", "http-response", "http-ended"]);
});

test("an event stream of an unknown address is reported when it turns out to be a hub's, from its beginning", async () => {
  await hooked.page.evaluate(async () => {
    const read = async (path: string) =>
      (await fetch(path, { headers: { Accept: "text/event-stream" } })).text();
    // The first event of the one is "hello 0"; the other is no event stream.
    await read("/events");
    await read("/stream");
    await read("/hub-events");
  });
  expect((await ended(1)).map(({ type }) => type)).toEqual([
    "http-request",
    "http-response",
    "http-response-body",
    "http-ended",
  ]);
  expect(requests(hooked.events.slice(4))[0]?.url).toBe(`${server.origin}/hub-events`);
});
