import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { NO_COVERAGE, type PanelCoverage } from "../../../extension/panel/panel-coverage.ts";
import { createPanelSources } from "../../../extension/panel/panel-sources.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { chromium156, firefox153, type RecordedLog } from "./sources/recorded-log.ts";

/** The site that was recorded, as loopback too: that is where a hook is from the start. */
const SITE = "http://hubscope-har.test/blank.html";
const LOOPBACK = "http://localhost/blank.html";

function createPanel(recorded: RecordedLog, site: string) {
  const clock = createFakeClock(Date.parse("2026-11-21T16:29:00Z"));
  const applied: CaptureEvent[] = [];
  const surveyed: (readonly string[])[] = [];
  let coverage: PanelCoverage = NO_COVERAGE;
  let frames: readonly string[] = [];
  const host = new URL(site).hostname;
  const here = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll("hubscope-har.test", host)) as T;
  const finished = here(recorded.finished);
  const log = here(recorded.withWorker);
  let finish: (entry: unknown, content: () => Promise<{ content: unknown; encoding: unknown }>) => void;
  const sources = createPanelSources({
    clock,
    apply: (event) => applied.push(event),
    network: {
      readLog: recorded === firefox153 ? undefined : async () => log,
      onFinished: (listener) => {
        finish = listener;
      },
    },
    once: { script: async () => "", reloadWith() {}, randomKey: () => "key" },
    ask: async () => ({ urls: frames }),
    surveyFrames: (urls) => surveyed.push(urls),
    coverageChanged: (next) => {
      coverage = next;
    },
  });
  return {
    clock,
    sources,
    applied,
    surveyed,
    get coverage() {
      return coverage;
    },
    set frames(urls: readonly string[]) {
      frames = urls;
    },
    finishAll() {
      for (const { entry, content, encoding } of finished) finish(entry, async () => ({ content, encoding }));
    },
    sockets: () =>
      applied.flatMap((event) => (event.type === "socket-opening" ? [event.url.replace(/^.*\?/, "")] : [])),
  };
}

describe("what the network log shows", () => {
  test("of a page with a hook is the worker's alone, and the page's own once its hook stays silent", async () => {
    const panel = createPanel(chromium156, LOOPBACK);
    panel.sources.statusChanged({ kind: "recording", url: LOOPBACK });
    await panel.clock.advance(5_000);
    expect(panel.sockets()).toEqual(["id=o6zeD0F4NYAsI7Opm3r1jA"]);
    expect(panel.coverage).toMatchObject({ networkLog: true, isLogShown: true });
    await panel.clock.advance(10_000);
    expect(panel.sockets()).toHaveLength(4);
  });

  test("of a site without access is shown at once", async () => {
    const panel = createPanel(chromium156, SITE);
    panel.sources.statusChanged({ kind: "not-granted", url: SITE });
    await panel.clock.advance(2_000);
    expect(panel.sockets()).toHaveLength(4);
  });

  test("waits until it is known whether the page may be recorded", async () => {
    const panel = createPanel(chromium156, SITE);
    await panel.clock.advance(20_000);
    expect(panel.applied).toEqual([]);
    panel.sources.statusChanged({ kind: "not-granted", url: SITE });
    await panel.clock.advance(2_000);
    expect(panel.sockets()).toHaveLength(4);
  });

  test("of a page that is switched off is not shown, whatever it is", async () => {
    const panel = createPanel(chromium156, SITE);
    panel.sources.statusChanged({ kind: "switched-off", url: SITE });
    panel.finishAll();
    await panel.clock.advance(30_000);
    expect(panel.applied).toEqual([]);
    expect(panel.coverage.isLogShown).toBe(false);
  });
});

describe("a worker in Firefox", () => {
  test("is named when nobody tells of its socket, and no longer when a hook does", async () => {
    const panel = createPanel(firefox153, LOOPBACK);
    panel.sources.statusChanged({ kind: "recording", url: LOOPBACK });
    panel.finishAll();
    await panel.clock.advance(4_000);
    expect(panel.coverage.hasUnseenWorker).toBe(false);
    await panel.clock.advance(6_000);
    expect(panel.coverage).toMatchObject({ networkLog: false, hasUnseenWorker: true });
    const opened = firefox153.finished.flatMap(({ entry }) => {
      const { url } = entry["request"] as { url: string };
      return /^ws:/.test(url) ? [url.replace("hubscope-har.test", "localhost")] : [];
    });
    opened.forEach((url, at) => {
      panel.sources.hook({ type: "socket-opening", at: panel.clock.now(), socket: `hook-${at}`, url });
    });
    expect(panel.coverage.hasUnseenWorker).toBe(false);
  });

  test("is not claimed on a site that is not read: there it is the site that is named", async () => {
    const panel = createPanel(firefox153, SITE);
    panel.sources.statusChanged({ kind: "not-granted", url: SITE });
    panel.finishAll();
    await panel.clock.advance(30_000);
    expect(panel.coverage.hasUnseenWorker).toBe(false);
  });
});

describe("frames of other sites", () => {
  test("are asked about, one for each site, loopback and the page's own left out", async () => {
    const panel = createPanel(chromium156, LOOPBACK);
    panel.frames = [
      "https://shop.example/a",
      "https://shop.example/b",
      "http://localhost/own",
      "http://127.0.0.1:9/",
      "about:blank",
      "",
      "https://pay.example/",
    ];
    panel.sources.statusChanged({ kind: "recording", url: LOOPBACK });
    await panel.clock.advance(10);
    expect(panel.surveyed.at(-1)).toEqual(["https://shop.example/a", "https://pay.example/"]);
    panel.sources.framesAnswered({
      asked: ["https://shop.example/a", "https://pay.example/"],
      refused: ["https://pay.example/"],
    });
    expect(panel.coverage.refusedFrames).toEqual(["https://pay.example/"]);
    panel.frames = [];
    await panel.clock.advance(6_000);
    expect(panel.coverage.refusedFrames).toEqual([]);
    panel.sources.close();
    await panel.clock.advance(10);
    expect(panel.clock.pending).toBe(0);
  });
});
