import { afterEach, describe, expect, test } from "vitest";
import type { HttpRequest } from "../../../core/src/capture-event.ts";
import {
  createHookedFrame,
  createLoggedBody,
  type FakeNetwork,
  type HookedFrame,
} from "../../support/hooked-frame.ts";
import { recordedBodies } from "../../support/recorded-bodies.ts";

type Scope = Window & typeof globalThis;

const NEGOTIATION =
  '{ "negotiateVersion":1, "connectionId":"c", "connectionToken":"tok/en+1", "n": 12345678901234567890 }';
const POLL = "http://localhost/hub?id=tok%2Fen%2B1";

const frames: HookedFrame[] = [];
afterEach(() => {
  for (const frame of frames.splice(0)) frame.remove();
});

function open(network: (window: Scope) => FakeNetwork, options?: { isHooked?: boolean }): HookedFrame {
  const frame = createHookedFrame(network, options);
  frames.push(frame);
  return frame;
}

function openNegotiated(log: string[], options: { isHooked?: boolean; fails?: boolean } = {}): HookedFrame {
  return open(
    (window) => (url) =>
      url.includes("/negotiate")
        ? new window.Response(NEGOTIATION)
        : new window.Response(createLoggedBody(window, ["one", "two", "three"], log, options)),
    options,
  );
}

async function negotiate({ window }: HookedFrame): Promise<void> {
  await (await window.fetch("http://localhost/hub/negotiate?negotiateVersion=1", { method: "POST" })).text();
}

/** The exchange after the negotiate. */
function later({ events }: HookedFrame): readonly string[] {
  const negotiate = events.find((event) => event.type === "http-request");
  return recordedBodies(
    events.filter((event) => "exchange" in event && event.exchange !== (negotiate as HttpRequest).exchange),
  );
}

describe("a body that is read whole", () => {
  const reads: Readonly<Record<string, (response: Response) => Promise<unknown>>> = {
    text: (response) => response.text(),
    json: (response) => response.json(),
    arrayBuffer: (response) => response.arrayBuffer(),
    blob: (response) => response.blob(),
    bytes: (response) => response.bytes(),
  };
  test.for(Object.entries(reads))("by %s() is recorded, and pinned", async ([name, read]) => {
    const frame = open((window) => () => new window.Response(NEGOTIATION));
    const response = await frame.window.fetch("http://localhost/hub/negotiate", { method: "POST" });
    await read(response);
    await expect.poll(() => frame.events.length).toBe(4);
    expect(frame.events.map(({ type }) => type)).toEqual([
      "http-request",
      "http-response",
      "http-response-body",
      "http-ended",
    ]);
    // What was read as a value has lost its spaces, and what a double cannot hold.
    const text = name === "json" ? JSON.stringify(JSON.parse(NEGOTIATION)) : NEGOTIATION;
    expect(recordedBodies(frame.events)).toEqual([text, "end"]);
    expect("isRewritten" in (frame.events[2] ?? {})).toBe(name === "json");
    expect(frame.pinned).toHaveLength(4);
  });

  test.for([
    ["that goes on, which brings the rest", false, [NEGOTIATION, "end"]],
    [
      "that was cancelled: what it has not brought is not made up",
      true,
      [NEGOTIATION.slice(0, 20), "omitted: not-captured", "end"],
    ],
  ] as const)("by json() beside a reader of a clone %s", async ([, cancels, bodies]) => {
    const pieces = [NEGOTIATION.slice(0, 20), NEGOTIATION.slice(20)];
    const frame = open((window) => () => new window.Response(createLoggedBody(window, pieces, [])));
    const response = await frame.window.fetch("http://localhost/hub/negotiate", { method: "POST" });
    const copy = response.clone();
    const reader = body(copy).getReader();
    await reader.read();
    // The other branch of a clone is not told of this until both are.
    if (cancels) void reader.cancel();
    await response.json();
    if (!cancels) while (!(await reader.read()).done);
    await expect.poll(() => recordedBodies(frame.events).join("")).toBe(bodies.join(""));
    expect(frame.events.some((event) => "isRewritten" in event)).toBe(false);
  });

  test("json() gives what the platform would, and its error; a toJSON of the page's is not asked", async () => {
    const bodies = ['{"a":[1,{"b":null}]}', "nonsense", "", "\ufeff[1]"];
    const results = await Promise.all(
      [true, false].map(async (isHooked) => {
        const { window } = open((scope) => (url) => new scope.Response(bodies[Number(url.at(-1))]), {
          isHooked,
        });
        const seen: unknown[] = [];
        for (const at of bodies.keys()) {
          const response = await window.fetch(`http://localhost/hub/negotiate?n=${at}`);
          seen.push(
            await response.json().catch((error: Error) => [error.name, error.message]),
            await response.json().catch((error: Error) => [error.name, error.message]),
          );
        }
        return seen;
      }),
    );
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toHaveLength(8);
  });

  test("a body that fails ends the exchange with the platform's text", async () => {
    const log: string[] = [];
    const frame = openNegotiated(log, { fails: true });
    await negotiate(frame);
    const response = await frame.window.fetch(POLL);
    const refused = await response.text().catch((error: Error) => error.message);
    expect(later(frame)).toEqual([`cut: ${refused}`]);
  });
});

/** Each way in which a page may consume a body. `stop`: it takes one chunk and wants no more. */
const CONSUMERS: Readonly<
  Record<string, (response: Response, window: Scope, stop: boolean) => Promise<unknown>>
> = {
  "a reader": async (response, _window, stop) => {
    const reader = body(response).getReader();
    const seen: string[] = [];
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      seen.push(text(read.value));
      if (stop) return [seen, await reader.cancel("enough")];
    }
    return [seen, await reader.closed];
  },
  "a reader of bytes": async (response, window, stop) => {
    const reader = body(response).getReader({ mode: "byob" });
    const seen: string[] = [];
    const fill = () => reader.read(new window.Uint8Array(2));
    for (let read = await fill(); !read.done; read = await fill()) {
      seen.push(text(read.value));
      if (stop) return [seen, await reader.cancel("enough")];
    }
    return seen;
  },
  "reads that were all asked for at once": async (response, _window, stop) => {
    const reader = body(response).getReader();
    const reads = [reader.read(), reader.read(), reader.read(), reader.read()];
    if (stop) void reader.cancel("enough");
    return (await Promise.all(reads)).map(({ value, done }) => [value && text(value), done]);
  },
  "a reader that lets go": async (response, _window, stop) => {
    const first = body(response).getReader();
    const seen = [text((await first.read()).value)];
    const pending = first.read();
    first.releaseLock();
    const refused = await pending.then(
      ({ value }) => text(value),
      (error: Error) => error.name,
    );
    if (refused !== "TypeError") seen.push(refused);
    if (stop) return [seen, refused, await body(response).cancel("enough")];
    const second = body(response).getReader();
    for (let read = await second.read(); !read.done; read = await second.read()) seen.push(text(read.value));
    return [seen, refused];
  },
  "for await": async (response, _window, stop) => {
    const seen: string[] = [];
    for await (const chunk of chunksOf(body(response))) {
      seen.push(text(chunk));
      if (stop) break;
    }
    return seen;
  },
  "values() that keeps the stream": async (response, _window, stop) => {
    const seen: string[] = [];
    const values = (
      body(response) as unknown as { values(options: object): AsyncIterable<Uint8Array> }
    ).values({
      preventCancel: true,
    });
    for await (const chunk of values) {
      seen.push(text(chunk));
      break;
    }
    if (stop) return [seen, await body(response).cancel("enough")];
    for await (const chunk of chunksOf(body(response))) seen.push(text(chunk));
    return seen;
  },
  pipeTo: async (response, window, stop) => {
    const seen: string[] = [];
    const aborted = new window.AbortController();
    const sink = new window.WritableStream<Uint8Array>({
      write(chunk) {
        seen.push(text(chunk));
        if (stop) aborted.abort("enough");
      },
    });
    const piped = body(response).pipeTo(sink, { signal: aborted.signal });
    const locked = [body(response).locked, sink.locked];
    const end = await piped.catch((error: unknown) => String(error));
    return [seen, end, locked, body(response).locked, sink.locked];
  },
  "pipeTo a sink that fails": async (response, window, stop) => {
    const sink = new window.WritableStream<Uint8Array>({
      write(_chunk, controller) {
        if (stop) controller.error("enough");
      },
    });
    return body(response)
      .pipeTo(sink)
      .catch((error: unknown) => String(error));
  },
  pipeThrough: async (response, window, stop) => {
    const reader = body(response).pipeThrough(new window.TextDecoderStream()).getReader();
    const seen: string[] = [];
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      seen.push(read.value);
      if (stop) return [seen, await reader.cancel("enough")];
    }
    await expect.poll(() => body(response).locked).toBe(false);
    return seen;
  },
  tee: async (response, _window, stop) => {
    const [one, other] = body(response).tee();
    if (stop) {
      const reader = one.getReader();
      const seen = text((await reader.read()).value);
      await Promise.all([reader.cancel("enough"), other.cancel("too")]);
      return seen;
    }
    const seen: string[] = [];
    for (const branch of [other, one]) for await (const chunk of chunksOf(branch)) seen.push(text(chunk));
    return seen;
  },
  "its own clone": async (response, _window, stop) => {
    const copy = response.clone();
    if (stop) {
      const reader = body(copy).getReader();
      const seen = text((await reader.read()).value);
      await Promise.all([reader.cancel("enough"), body(response).cancel("too")]);
      return seen;
    }
    const reader = body(response).getReader();
    const first = text((await reader.read()).value);
    return [first, await copy.text(), text((await reader.read()).value)];
  },
  "a Response of its own": async (response, window, stop) => {
    const own = new window.Response(body(response));
    if (stop) return own.body?.cancel("enough");
    return [await own.text(), response.bodyUsed, own instanceof window.Response];
  },
};

describe.each(Object.entries(CONSUMERS))("a body that is read by %s", (_name, consume) => {
  test.for([false, true])(
    "the network is asked as natively, and the page gets the same; stops early: %s",
    async (stop) => {
      const runs = await Promise.all(
        [false, true].map(async (isHooked) => {
          const log: string[] = [];
          const frame = openNegotiated(log, { isHooked });
          await negotiate(frame);
          const response = await frame.window.fetch(POLL);
          const result = await consume(response, frame.window, stop);
          await settle();
          return { log, result };
        }),
      );
      expect(runs[1]).toEqual(runs[0]);
      expect(runs[0]?.log).not.toEqual([]);
    },
  );

  test("all of it is recorded once and in order", async () => {
    const frame = openNegotiated([]);
    await negotiate(frame);
    await consume(await frame.window.fetch(POLL), frame.window, false);
    await settle();
    const recorded = later(frame);
    expect(recorded.slice(0, -1).join("")).toBe("onetwothree");
    expect(recorded.at(-1)).toBe("end");
  });

  test("what the page cancels is recorded as cut off, with what it had got", async () => {
    const frame = openNegotiated([]);
    await negotiate(frame);
    await consume(await frame.window.fetch(POLL), frame.window, true);
    await settle();
    const recorded = later(frame);
    expect(recorded.at(-1)).toBe("cut: The page cancelled the response.");
    expect("onetwothree".startsWith(recorded.slice(0, -1).join(""))).toBe(true);
  });
});

function body(response: Response): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (response.body === null) throw new Error("no body");
  return response.body;
}

function chunksOf(stream: ReadableStream): AsyncIterable<Uint8Array> {
  return stream as unknown as AsyncIterable<Uint8Array>;
}

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "nothing" : new TextDecoder().decode(bytes);
}

/** Lets all promises come to rest. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
  }
}
