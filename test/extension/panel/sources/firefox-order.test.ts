/**
 * What Firefox 153 told of one page with long polling and when, measured on busy and on quiet machines in
 * `test/e2e/not-granted.spec.ts`, told again on a clock of our own. Times are milliseconds since the page began.
 *
 * @module
 */
import { describe, expect, test } from "vitest";
import { createSession } from "../../../../core/src/session/create-session.ts";
import type { Session } from "../../../../core/src/session/session.ts";
import { createPanelSources } from "../../../../extension/panel/panel-sources.ts";
import type { NetworkContent } from "../../../../extension/panel/sources/network-log.ts";
import { createFakeClock } from "../../../support/fake-clock.ts";

const BEGAN = Date.parse("2026-11-21T23:00:00Z");
const SITE = "http://hubscope-not-granted.test";
const PAGE = `${SITE}/calls.html?transport=lp`;
const HUB = `${SITE}/hubs/calls`;
const TOKEN = "CNzE_CNRiq0mIYwkpU_b7A";
const END = "\u001e";

/** A request as it was told: when, and how much later its answer was there. */
interface Told {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly began: number;
  readonly took: number;
  readonly told: number;
  readonly answerAfter: number;
  readonly says?: string;
  readonly answer?: string;
  readonly status?: number;
}

const negotiate: Told = {
  method: "POST",
  url: `${HUB}/negotiate?negotiateVersion=1`,
  began: 752,
  took: 369,
  told: 1521,
  answerAfter: 316,
  answer: JSON.stringify({
    negotiateVersion: 1,
    connectionId: `id-of-${TOKEN}`,
    connectionToken: TOKEN,
    availableTransports: [{ transport: "LongPolling", transferFormats: ["Text", "Binary"] }],
  }),
};
const poll = (times: Pick<Told, "began" | "took" | "told" | "answerAfter">, answer = ""): Told => ({
  method: "GET",
  url: `${HUB}?id=${TOKEN}&_=${times.began}`,
  answer,
  ...times,
});
const send = (times: Pick<Told, "began" | "took" | "told" | "answerAfter">, says: string): Told => ({
  method: "POST",
  url: `${HUB}?id=${TOKEN}`,
  says: says + END,
  ...times,
});

const HANDSHAKE = '{"protocol":"json","version":1}';
const CALL = '{"type":1,"target":"EchoString","arguments":["polled"],"invocationId":"0"}';
const RESULT = `{"type":3,"invocationId":"0","result":"polled"}${END}`;

/** On a machine with a load of 15. */
const BUSY: readonly Told[] = [
  negotiate,
  poll({ began: 1234, took: 27, told: 1712, answerAfter: 393 }),
  send({ began: 1296, took: 11, told: 1795, answerAfter: 156 }, HANDSHAKE),
  poll({ began: 1287, took: 263, told: 2329, answerAfter: 141 }, `{}${END}`),
  send({ began: 1805, took: 8, told: 2330, answerAfter: 323 }, CALL),
  poll({ began: 1804, took: 408, told: 2397, answerAfter: 1256 }, RESULT),
];

const ROWS = ["out handshake", "in handshake", "out EchoString", "in EchoString"];

function rowsOf(session: Session): string[] {
  return session.log.flatMap((entry) =>
    entry.kind === "message" ? [`${entry.direction} ${entry.target ?? "handshake"}`] : [],
  );
}

/** A panel in Firefox, of a tab that shows a page without access; `navigationTold` is when devtools say that it does. */
function createPanel(navigationTold: number) {
  const clock = createFakeClock(BEGAN);
  let session = createSession();
  let finish: ((entry: unknown, content: () => Promise<NetworkContent>) => void) | undefined;
  const sources = createPanelSources({
    clock,
    apply: (event) => session.apply(event),
    network: {
      readLog: undefined,
      onFinished: (listener) => {
        finish = listener;
      },
    },
    once: { script: async () => "", reloadWith() {}, randomKey: () => "key" },
    ask: async () => ({ urls: [] }),
    surveyFrames() {},
    coverageChanged() {},
  });
  const life = new AbortController();
  const notGranted = (url: string) => sources.statusChanged({ kind: "not-granted", url });
  notGranted(`${SITE}/blank.html`);
  clock.after(
    navigationTold,
    () => {
      sources.mayNavigate();
      // In the order of `main.tsx`.
      sources.pageLeft(BEGAN);
      session = createSession();
      sources.navigated(BEGAN);
      sources.statusChanged({ kind: "starting" });
      clock.after(50, () => notGranted(PAGE), life.signal);
    },
    life.signal,
  );

  function tell(one: Told): void {
    const { method, url, began, took, answerAfter, says, answer = "", status = 200 } = one;
    const postData = says === undefined ? {} : { postData: { mimeType: "text/plain", text: says } };
    const entry = {
      startedDateTime: new Date(BEGAN + began).toISOString(),
      time: took,
      request: { method, url, headers: [], ...postData },
      response: { status, headers: [], content: {} },
    };
    finish?.(
      entry,
      () =>
        new Promise((resolve) => {
          clock.after(answerAfter, () => resolve({ content: answer, encoding: "" }), life.signal);
        }),
    );
  }

  return {
    clock,
    rows: () => rowsOf(session),
    states: () => session.connections.map(({ state }) => state.kind),
    async replay(all: readonly Told[], until: number) {
      for (const one of all) clock.after(one.told, () => tell(one), life.signal);
      await clock.advance(until);
    },
  };
}

describe("a call over long polling that Firefox alone has seen stands before its completion", () => {
  test("on a busy machine, as it was told there", async () => {
    const panel = createPanel(1119);
    await panel.replay(BUSY, 8_000);
    expect(panel.rows()).toEqual(ROWS);
    expect(panel.states()).toEqual(["connected"]);
  });

  test("when each answer takes a tenth of a second, and there are many that come before", async () => {
    const panel = createPanel(100);
    const quick = [negotiate, ...BUSY.slice(1, 4)].map((one) => ({ ...one, told: 500, answerAfter: 105 }));
    const others = Array.from({ length: 30 }, (_, at) =>
      poll({ began: 1_560 + at, took: 1, told: 1_700, answerAfter: 105 }),
    );
    await panel.replay(
      [
        ...quick,
        ...others,
        poll({ began: 1_804, took: 30, told: 1_950, answerAfter: 105 }, RESULT),
        ...others.map((one) => ({ ...one, url: `${one.url}x`, told: 1_951 })),
        send({ began: 1_805, took: 8, told: 1_952, answerAfter: 105 }, CALL),
      ],
      8_000,
    );
    expect(panel.rows()).toEqual(ROWS);
  });

  test.for([1, 600, 1_400])("when the poll is told %s ms before it, however late both are", async (apart) => {
    const panel = createPanel(100);
    await panel.replay(
      [
        ...BUSY.slice(0, 4),
        poll({ began: 1_804, took: 30, told: 6_000, answerAfter: 1 }, RESULT),
        send({ began: 1_805, took: 8, told: 6_000 + apart, answerAfter: 400 }, CALL),
      ],
      15_000,
    );
    expect(panel.rows()).toEqual(ROWS);
  });

  test("when the negotiate is told after all that it names, and its answer takes seconds", async () => {
    const panel = createPanel(100);
    await panel.replay([...BUSY.slice(1), { ...negotiate, told: 2_500, answerAfter: 3_000 }], 10_000);
    expect(panel.rows()).toEqual(ROWS);
    expect(panel.states()).toEqual(["connected"]);
  });

  test("when an answer never comes: nothing else waits for it", async () => {
    const panel = createPanel(100);
    const hanging = poll({ began: 1_262, took: 20, told: 1_800, answerAfter: 1e9 });
    await panel.replay([...BUSY.slice(0, 2), hanging, ...BUSY.slice(2)], 8_000);
    expect(panel.rows()).toEqual(ROWS);
  });
});

describe("devtools that tell late of a new page", () => {
  test.for([1_119, 1_600, 2_000, 2_604, 4_000, 5_000])(
    "after %s ms: what it said by then stays",
    async (at) => {
      const panel = createPanel(at);
      await panel.replay(BUSY, 12_000);
      expect(panel.rows()).toEqual(ROWS);
      // It is the page before that has ended.
      expect(panel.states()).toEqual(["connected"]);
    },
  );

  test("what the page before said is gone, and nothing of it comes later", async () => {
    const panel = createPanel(3_000);
    const before = BUSY.map((one) => ({
      ...one,
      url: one.url.replace(TOKEN, "of-the-page-before"),
      began: one.began - 4_000,
      told: one.told - 1_500,
      ...(one.answer === undefined ? {} : { answer: one.answer.replaceAll(TOKEN, "of-the-page-before") }),
    }));
    const late = before.map((one, number) => ({ ...one, told: 4_000 + number, began: one.began - 100 }));
    await panel.replay([...before, ...late, ...BUSY], 15_000);
    expect(panel.rows()).toEqual(ROWS);
    expect(panel.states()).toEqual(["connected"]);
  });
});

test("a poll that the page gave up has no answer, and its connection goes on", async () => {
  const panel = createPanel(100);
  const givenUp = poll({ began: 1_262, took: 0, told: 1_800, answerAfter: 100 });
  await panel.replay([...BUSY, { ...givenUp, status: 0 }], 8_000);
  expect(panel.rows()).toEqual(ROWS);
});
