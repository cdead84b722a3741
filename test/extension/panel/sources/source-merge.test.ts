import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CaptureEvent, SocketPayload } from "../../../../core/src/capture-event.ts";
import type { HookExpectation, NetworkItem } from "../../../../extension/panel/sources/network-item.ts";
import { createSourceMerge } from "../../../../extension/panel/sources/source-merge.ts";
import { createFakeClock } from "../../../support/fake-clock.ts";

const START = 1_000_000;

function createWorld() {
  const clock = createFakeClock(START);
  const applied: CaptureEvent[] = [];
  const shown: string[] = [];
  const merge = createSourceMerge({
    clock,
    apply: (event) => applied.push(event),
    shown: ({ id }) => shown.push(id),
  });
  return { clock, applied, shown, merge };
}

interface Conversation {
  readonly url: string;
  readonly token: string | undefined;
  readonly startedAt: number;
  readonly texts: readonly (readonly ["in" | "out", string])[];
}

/** The same socket as a page hook and as the network log tell it. */
function hookEvents({ url, startedAt, texts }: Conversation, socket: string): CaptureEvent[] {
  return [
    { type: "socket-opening", at: startedAt + 3, socket, url },
    { type: "socket-opened", at: startedAt + 5, socket, protocol: "" },
    ...texts.map(([direction, text], at) => payload(socket, startedAt + 10 + at, direction, text)),
    { type: "socket-closed", at: startedAt + 500, socket, code: 1000, reason: "", wasClean: true },
  ];
}

function logEvents({ url, startedAt, texts }: Conversation, socket: string): CaptureEvent[] {
  return [
    { type: "socket-opening", at: startedAt, socket, url },
    { type: "socket-opened", at: startedAt + 4, socket, protocol: "" },
    ...texts.map(([direction, text], at) => payload(socket, startedAt + 9 + at, direction, text)),
    { type: "socket-closed", at: startedAt + 499, socket, code: 0, reason: "", wasClean: true },
  ];
}

function payload(socket: string, at: number, direction: "in" | "out", text: string): SocketPayload {
  return { type: "socket-payload", at, socket, direction, payload: { kind: "text", text } };
}

function itemOf(
  { url, token, startedAt }: Conversation,
  id: string,
  hook: HookExpectation = "possible",
): NetworkItem {
  const tokens = token === undefined ? [] : [token];
  return { id, kind: "socket", method: "GET", url, startedAt, connectionSince: startedAt, tokens, hook };
}

function textsOf(events: readonly CaptureEvent[], direction: "in" | "out"): string[] {
  return events.flatMap((event) =>
    event.type === "socket-payload" && event.direction === direction && event.payload.kind === "text"
      ? [event.payload.text]
      : [],
  );
}

const conversation = (texts: Conversation["texts"], startedAt = START): Conversation => ({
  url: "ws://site.test/hub?id=token-1",
  token: "token-1",
  startedAt,
  texts,
});

describe("one socket, two sources", () => {
  const talk = conversation([
    ["out", "handshake"],
    ["in", "{}"],
    ["in", "ping"],
    ["in", "ping"],
    ["out", "call"],
  ]);

  test("what a hook has told is not shown again from the log", async () => {
    const { clock, merge, applied } = createWorld();
    for (const event of hookEvents(talk, "hook-1")) merge.hook(event);
    expect(merge.log(itemOf(talk, "log-1"), logEvents(talk, "log-1"))).toBe("unwanted");
    await clock.advance(30_000);
    expect(applied).toEqual(hookEvents(talk, "hook-1"));
  });

  test("what the log shows first waits for the hook", async () => {
    const { clock, merge, applied } = createWorld();
    merge.log(itemOf(talk, "log-1"), logEvents(talk, "log-1"));
    await clock.advance(1_000);
    for (const event of hookEvents(talk, "hook-1")) merge.hook(event);
    await clock.advance(30_000);
    expect(applied).toEqual(hookEvents(talk, "hook-1"));
  });

  test("what no hook tells is shown from the log", async () => {
    const { clock, merge, applied, shown } = createWorld();
    merge.log(itemOf(talk, "log-1"), logEvents(talk, "log-1"));
    await clock.advance(30_000);
    expect(applied).toEqual(logEvents(talk, "log-1"));
    expect(shown).toEqual(["log-1"]);
  });

  test("a hook that is very late goes on where the log has come to, and knows the close code", async () => {
    const { clock, merge, applied } = createWorld();
    merge.log(itemOf(talk, "log-1"), logEvents(talk, "log-1").slice(0, 4));
    await clock.advance(5_000);
    expect(textsOf(applied, "out")).toEqual(["handshake"]);
    for (const event of hookEvents(talk, "hook-1")) merge.hook(event);
    merge.log(itemOf(talk, "log-1"), logEvents(talk, "log-1").slice(4));
    await clock.advance(30_000);
    expect(textsOf(applied, "out")).toEqual(["handshake", "call"]);
    expect(textsOf(applied, "in")).toEqual(["{}", "ping", "ping"]);
    expect(new Set(applied.map((event) => ("socket" in event ? event.socket : "")))).toEqual(
      new Set(["log-1"]),
    );
    expect(applied.at(-1)).toMatchObject({ type: "socket-closed", code: 1000 });
  });

  test("a hook that missed what was shown does not take over", async () => {
    const { clock, merge, applied } = createWorld();
    merge.log(itemOf(talk, "log-1"), logEvents(talk, "log-1").slice(0, 5));
    await clock.advance(5_000);
    const [opening, opened, , ...rest] = hookEvents(talk, "hook-1");
    for (const event of [opening, opened, ...rest]) if (event !== undefined) merge.hook(event);
    merge.log(itemOf(talk, "log-1"), logEvents(talk, "log-1").slice(5));
    await clock.advance(30_000);
    expect(textsOf(applied, "out")).toEqual(["handshake", "call"]);
    expect(textsOf(applied, "in")).toEqual(["{}", "ping", "ping"]);
    expect(applied.filter(({ type }) => type === "socket-closed")).toHaveLength(1);
  });

  test("without a token, the same address at the same time is the same socket", async () => {
    const { clock, merge, applied } = createWorld();
    const plain = { ...talk, url: "ws://site.test/hub", token: undefined };
    merge.log(itemOf(plain, "log-1"), logEvents(plain, "log-1"));
    for (const event of hookEvents(plain, "hook-1")) merge.hook(event);
    const later = { ...plain, startedAt: START + 5_000 };
    merge.log(itemOf(later, "log-2"), logEvents(later, "log-2"));
    await clock.advance(30_000);
    expect(applied).toEqual([...hookEvents(plain, "hook-1"), ...logEvents(later, "log-2")]);
  });

  test("a page's own socket waits longer for its hook than a worker's", async () => {
    const { clock, merge, shown } = createWorld();
    const other = { ...talk, url: "ws://site.test/hub?id=token-2", token: "token-2" };
    merge.log(itemOf(talk, "log-page", "certain"), logEvents(talk, "log-page"));
    merge.log(itemOf(other, "log-worker", "possible"), logEvents(other, "log-worker"));
    await clock.advance(4_000);
    expect(shown).toEqual(["log-worker"]);
    await clock.advance(8_000);
    expect(shown).toEqual(["log-worker", "log-page"]);
  });
});

describe("exchanges", () => {
  const negotiate = (exchange: string, at: number): CaptureEvent[] => [
    { type: "http-request", at, exchange, method: "POST", url: "http://site.test/hub/negotiate" },
    { type: "http-response", at: at + 5, exchange, status: 200 },
    {
      type: "http-response-body",
      at: at + 5,
      exchange,
      payload: { kind: "text", text: '{"connectionId":"id-1","connectionToken":"token-1"}' },
    },
    { type: "http-ended", at: at + 5, exchange },
  ];
  const poll = (id: string, at: number): NetworkItem => ({
    id,
    kind: "exchange",
    method: "GET",
    url: "http://site.test/hub?id=token-1",
    startedAt: at,
    connectionSince: at,
    tokens: ["token-1"],
    hook: "possible",
  });

  test("of a connection that a hook saw negotiated, nothing comes from the log", async () => {
    const { clock, merge, applied } = createWorld();
    for (const event of negotiate("hook-1", START)) merge.hook(event);
    const item: NetworkItem = {
      ...poll("log-1", START + 2),
      method: "POST",
      url: "http://site.test/hub/negotiate",
    };
    merge.log(item, negotiate("log-1", START + 2));
    merge.log(poll("log-2", START + 9_000), [{ type: "http-ended", at: START + 9_500, exchange: "log-2" }]);
    await clock.advance(30_000);
    expect(applied).toEqual(negotiate("hook-1", START));
  });

  test("an exchange that was shown from the log is not shown again from a hook that is late", async () => {
    const { clock, merge, applied } = createWorld();
    const item: NetworkItem = {
      ...poll("log-1", START),
      method: "POST",
      url: "http://site.test/hub/negotiate",
    };
    merge.log(item, negotiate("log-1", START));
    await clock.advance(5_000);
    for (const event of negotiate("hook-1", START + 3)) merge.hook(event);
    await clock.advance(5_000);
    expect(applied).toEqual(negotiate("log-1", START));
  });

  test("what follows on a connection that is shown from the log does not wait for a hook again", async () => {
    const { clock, merge, applied } = createWorld();
    merge.log({ ...poll("log-1", START), hook: "possible" }, [
      { type: "http-ended", at: START + 400, exchange: "log-1" },
    ]);
    await clock.advance(1_590);
    const late = START + 1_500;
    merge.log({ ...poll("log-3", late), hook: "possible" }, [
      { type: "http-ended", at: late + 20, exchange: "log-3" },
    ]);
    await clock.advance(20);
    merge.log({ ...poll("log-2", late), hook: "possible" }, [
      { type: "http-ended", at: late + 10, exchange: "log-2" },
    ]);
    await clock.advance(1_000);
    expect(applied.map((event) => ("exchange" in event ? event.exchange : ""))).toEqual([
      "log-1",
      "log-2",
      "log-3",
    ]);
  });

  test("requests that the log tells at their end are shown in the order in which they began", async () => {
    const { clock, merge, applied } = createWorld();
    const request = (exchange: string, at: number): CaptureEvent => ({
      type: "http-request",
      at,
      exchange,
      method: "GET",
      url: "http://site.test/hub?id=token-1",
    });
    merge.log({ ...poll("log-late", START + 20), hook: "none" }, [request("log-late", START + 20)]);
    await clock.advance(50);
    merge.log({ ...poll("log-early", START), hook: "none" }, [request("log-early", START)]);
    await clock.advance(5_000);
    expect(applied.map((event) => ("exchange" in event ? event.exchange : ""))).toEqual([
      "log-early",
      "log-late",
    ]);
  });
});

test("whatever comes when, by one source or by both: every payload once and in order", async () => {
  const text = fc.constantFrom("ping", "call", "item", "{}");
  const texts = fc.array(fc.tuple(fc.constantFrom("in" as const, "out" as const), text), { maxLength: 12 });
  const socket = fc.record({
    texts,
    named: fc.boolean(),
    sources: fc.constantFrom("hook", "log", "both"),
    hook: fc.constantFrom<HookExpectation>("certain", "possible", "none"),
    hookDelay: fc.integer({ min: 0, max: 20_000 }),
    /** After how many events the log is read, and how long after the last reading. */
    reads: fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4_000 })), {
      maxLength: 8,
    }),
    hookPieces: fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 1_000 })), {
      maxLength: 6,
    }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(socket, { minLength: 1, maxLength: 4 }), async (sockets) => {
      const { clock, merge, applied } = createWorld();
      const steps: { readonly at: number; readonly run: () => void }[] = [];
      const talks = sockets.map((facts, number): Conversation => {
        const talk: Conversation = {
          url: facts.named ? `ws://site.test/hub?id=token-${number}` : `ws://site.test/hub-${number}`,
          token: facts.named ? `token-${number}` : undefined,
          startedAt: START + number,
          texts: facts.texts.map(([direction, said], at) => [direction, `${number}.${said}.${at % 3}`]),
        };
        const inPieces = (
          events: readonly CaptureEvent[],
          pieces: readonly (readonly [number, number])[],
          first: number,
          run: (piece: readonly CaptureEvent[]) => void,
        ): void => {
          let from = 0;
          let at = first;
          for (const [count, pause] of pieces) {
            const piece = events.slice(from, from + count);
            steps.push({ at, run: () => run(piece) });
            from += count;
            at += pause;
          }
          steps.push({ at, run: () => run(events.slice(from)) });
        };
        if (facts.sources !== "hook") {
          inPieces(logEvents(talk, `log-${number}`), facts.reads, 600, (piece) => {
            if (piece.length > 0) merge.log(itemOf(talk, `log-${number}`, facts.hook), piece);
          });
        }
        if (facts.sources !== "log") {
          inPieces(hookEvents(talk, `hook-${number}`), facts.hookPieces, facts.hookDelay, (piece) => {
            for (const event of piece) merge.hook(event);
          });
        }
        return talk;
      });
      let now = 0;
      for (const { at, run } of steps.toSorted((a, b) => a.at - b.at)) {
        await clock.advance(at - now);
        now = at;
        run();
      }
      await clock.advance(60_000);
      talks.forEach((talk, number) => {
        const own = applied.filter((event) => "socket" in event && event.socket.endsWith(`-${number}`));
        for (const direction of ["in", "out"] as const) {
          expect(textsOf(own, direction)).toEqual(
            talk.texts.filter(([way]) => way === direction).map(([, said]) => said),
          );
        }
        expect(own.filter(({ type }) => type === "socket-opening")).toHaveLength(1);
        expect(own.filter(({ type }) => type === "socket-opened")).toHaveLength(1);
        expect(own.filter(({ type }) => type === "socket-closed")).toHaveLength(1);
        expect(own[0]?.type).toBe("socket-opening");
        expect(own.at(-1)?.type).toBe("socket-closed");
      });
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 60 },
  );
}, 240_000);

test("what the log told of a page that is left ends at once, and nothing of it comes later", async () => {
  const { clock, merge, applied } = createWorld();
  const talk = conversation([["out", "handshake"]]);
  const [opening, ...rest] = logEvents(talk, "log-1");
  if (opening?.type !== "socket-opening") throw new Error("A socket begins otherwise.");
  const origin = { documentUrl: "http://site.test/", document: "log-document" };
  merge.log(itemOf(talk, "log-1"), [{ ...opening, origin }]);
  await clock.advance(5_000);
  merge.pageLeft(clock.now());
  expect(applied.at(-1)).toMatchObject({ type: "document-ended", document: "log-document" });
  expect(merge.log(itemOf(talk, "log-1"), rest)).toBe("unwanted");
  await clock.advance(30_000);
  expect(applied).toHaveLength(2);
});

describe("a page that is told late", () => {
  const [opening, ...rest] = logEvents(conversation([["out", "handshake"]]), "log-1");
  const item = itemOf(conversation([]), "log-1", "none");
  const told = opening === undefined ? [] : [opening, ...rest];

  test("has what was shown of it shown again, once, when that is gone with the page before", async () => {
    const { clock, merge, applied, shown } = createWorld();
    merge.log(item, told.slice(0, 2));
    await clock.advance(2_000);
    expect(applied).toEqual(told.slice(0, 2));
    applied.length = 0;
    merge.pageLeft(START - 100);
    merge.log(item, told.slice(2));
    await clock.advance(30_000);
    expect(applied).toEqual(told);
    expect(shown).toEqual(["log-1", "log-1"]);
    expect(clock.pending).toBe(0);
  });

  test("may round its beginning otherwise than its first request", async () => {
    const { clock, merge, applied } = createWorld();
    merge.log(item, told);
    merge.pageLeft(START + 3);
    await clock.advance(30_000);
    expect(applied).toEqual(told);
  });

  test("has nothing of the page before, however late that is told; but of a service worker, which goes on", async () => {
    const { clock, merge, applied } = createWorld();
    merge.log(item, told);
    merge.pageLeft(START + 5_000);
    expect(merge.log({ ...item, id: "log-2" }, told)).toBe("unwanted");
    expect(merge.log({ ...item, id: "log-3", mayOutlivePage: true }, told)).toBe("wanted");
    await clock.advance(30_000);
    expect(applied).toEqual(told);
  });

  test("leaves all that is shown, and nothing else, where nobody knows when it began", async () => {
    const { clock, merge, applied } = createWorld();
    merge.log(item, told.slice(0, 2));
    await clock.advance(2_000);
    merge.log({ ...item, id: "log-2", url: "http://site.test/other", tokens: [] }, told.slice(0, 1));
    merge.pageLeft(undefined);
    expect(merge.log(item, told.slice(2))).toBe("unwanted");
    await clock.advance(30_000);
    expect(applied).toEqual([...told.slice(0, 2), ...told.slice(0, 1)]);
  });

  test("is asked about again: what the user has switched off is not shown", async () => {
    const clock = createFakeClock(START);
    const applied: CaptureEvent[] = [];
    let gate: "open" | "wait" | "shut" = "open";
    const merge = createSourceMerge({ clock, apply: (event) => applied.push(event), gate: () => gate });
    merge.log(item, told);
    await clock.advance(2_000);
    applied.length = 0;
    merge.pageLeft(START);
    gate = "wait";
    await clock.advance(2_000);
    expect(applied).toEqual([]);
    gate = "shut";
    await clock.advance(30_000);
    expect(applied).toEqual([]);
  });
});
