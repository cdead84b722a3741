import { describe, expect, test } from "vitest";
import { NO_COVERAGE, type PanelCoverage } from "../../../extension/panel/panel-coverage.ts";
import {
  isRecorded,
  nothingYetNotice,
  panelNotice,
  statusText,
} from "../../../extension/panel/panel-notice.ts";
import type { PanelStatus } from "../../../extension/panel/panel-status.ts";

const RECORDING = { kind: "recording", url: "http://localhost:5000/x" } as const;
const NOT_GRANTED = { kind: "not-granted", url: "https://example.com/a" } as const;

function notice(status: PanelStatus, coverage: Partial<PanelCoverage>) {
  const done: string[] = [];
  const shown = panelNotice(
    status,
    {
      recordSite: (url) => done.push(`record ${url}`),
      reload: () => done.push("reload"),
      switchOn: () => done.push("switch on"),
      captureOnce: () => done.push("capture once"),
    },
    { ...NO_COVERAGE, ...coverage },
  );
  return { shown, done };
}

describe("what is not recorded is said", () => {
  test("a frame that is not read is named with one step", () => {
    const { shown, done } = notice(RECORDING, { refusedFrames: ["https://shop.example/cart"] });
    expect(shown?.sentence).toBe("Hubscope does not read the frame of shop.example.");
    expect(shown?.action?.label).toBe("Record shop.example");
    shown?.action?.run();
    expect(done).toEqual(["record https://shop.example/cart"]);
    expect(statusText(RECORDING, { ...NO_COVERAGE, refusedFrames: ["https://shop.example/cart"] })).toBe(
      "recording localhost:5000 · not the frames of shop.example",
    );
  });

  test("of a page that had begun before, what it had open is said to be missing, and a step mends it", () => {
    const late = { ...RECORDING, isLate: true } as const;
    const { shown, done } = notice(late, { refusedFrames: ["https://a.example/"] });
    expect(shown?.sentence).toBe(
      "Hubscope came to this page after it had begun. What it had open before is not recorded: a WebSocket from the next message that the page sends on, an event stream or a poll not at all. Hubscope does not read the frame of a.example.",
    );
    expect(shown?.tone).toBe("warning");
    shown?.action?.run();
    shown?.otherAction?.run();
    expect(done).toEqual(["reload", "record https://a.example/"]);
    expect(statusText(late)).toBe("recording localhost:5000 since it had begun · all frames");
    expect(nothingYetNotice(late, () => {}).sentence).not.toContain("Hubscope is recording");
  });

  test("of many frames three are named and the others counted", () => {
    const refusedFrames = ["a", "b", "c", "d", "e"].map((name) => `https://${name}.example/`);
    const { shown } = notice(RECORDING, { refusedFrames });
    expect(shown?.sentence).toBe(
      "Hubscope does not read the frames of a.example, b.example, c.example and 2 more.",
    );
  });

  test("a worker that nobody hears is told, also beside a frame", () => {
    const worker = "A worker on this page talks SignalR. Firefox does not let extensions record workers.";
    expect(notice(RECORDING, { hasUnseenWorker: true }).shown?.sentence).toBe(worker);
    expect(
      notice(RECORDING, { hasUnseenWorker: true, refusedFrames: ["https://a.example/"] }).shown?.sentence,
    ).toBe(`Hubscope does not read the frame of a.example. ${worker}`);
  });

  test.for([
    [undefined, "all frames", ""],
    [true, "all frames · workers, not shared ones", "shared workers not at all"],
    [false, "all frames · no workers", "Workers are not recorded"],
  ] as const)("where the network log shows sockets: %s", ([networkLog, status, sentence]) => {
    const coverage = { ...NO_COVERAGE, networkLog };
    expect(statusText(RECORDING, coverage)).toBe(`recording localhost:5000 · ${status}`);
    expect(nothingYetNotice(RECORDING, () => {}, coverage).sentence).toContain(sentence);
  });
});

describe("a page that no hook reads", () => {
  const FROM_LOG = "What is shown of it comes from the browser's network log.";
  const STATUSES = [
    { kind: "orphaned", url: "http://localhost:5000/" },
    { kind: "cannot-record", reason: "browser-page" },
    { kind: "cannot-record", reason: "not-a-web-page" },
  ] as const;

  test.for(STATUSES)("says where its rows come from, once it has some: %o", (status) => {
    expect(notice(status, {}).shown?.sentence).not.toContain("network log");
    expect(notice(status, { isLogShown: true }).shown?.sentence).toContain(FROM_LOG);
    expect(statusText(status)).toBe("not recording");
    expect(statusText(status, { ...NO_COVERAGE, isLogShown: true })).toBe("from the network log only");
  });

  test.for([
    ...STATUSES,
    { kind: "switched-off", url: "http://localhost:5000/" },
    { kind: "superseded" },
  ] as const)("does not wait for traffic that would not be recorded: %o", (status) => {
    expect(nothingYetNotice(status, () => {})).toEqual({ sentence: "Nothing of this page is recorded." });
  });

  test("has no full record mark", () => {
    expect(isRecorded(RECORDING)).toBe(true);
    for (const status of STATUSES) {
      expect(isRecorded(status)).toBe(false);
      expect(isRecorded(status, { ...NO_COVERAGE, isLogShown: true })).toBe(true);
    }
    expect(isRecorded(NOT_GRANTED)).toBe(false);
    expect(isRecorded(NOT_GRANTED, { ...NO_COVERAGE, networkLog: true })).toBe(true);
    expect(isRecorded(NOT_GRANTED, { ...NO_COVERAGE, once: "capturing" })).toBe(true);
    const shown = { ...NO_COVERAGE, networkLog: true, isLogShown: true };
    expect(isRecorded({ kind: "switched-off", url: "http://localhost:5000/" }, shown)).toBe(false);
    expect(isRecorded({ kind: "superseded" }, shown)).toBe(false);
  });

  test("a panel whose extension is gone says that it records nothing, and what to do", () => {
    const { shown } = notice({ kind: "superseded" }, {});
    expect(shown?.sentence).toContain("this panel records nothing any more");
    expect(shown?.sentence).toContain("Close the developer tools and open them again");
    expect(statusText({ kind: "superseded" })).toContain("not recording");
  });
});

describe("a site without access", () => {
  test("may be recorded for good, or reloaded and captured once", () => {
    const { shown, done } = notice(NOT_GRANTED, {});
    shown?.action?.run();
    shown?.otherAction?.run();
    expect([shown?.action?.label, shown?.otherAction?.label]).toEqual([
      "Record this site",
      "Reload and capture once",
    ]);
    expect(done).toEqual(["record https://example.com/a", "capture once"]);
  });

  test("says what the network log shows of it", () => {
    expect(notice(NOT_GRANTED, {}).shown?.sentence).not.toContain("network log");
    expect(notice(NOT_GRANTED, { networkLog: true }).shown?.sentence).toContain(
      "What is shown comes from the browser's network log",
    );
    expect(notice(NOT_GRANTED, { networkLog: false }).shown?.sentence).toContain("nothing of its WebSockets");
    expect(statusText(NOT_GRANTED, { ...NO_COVERAGE, networkLog: true })).toBe(
      "example.com from the network log only",
    );
    expect(statusText(NOT_GRANTED, { ...NO_COVERAGE, networkLog: false })).toBe("not recording");
  });

  test("while its log is empty, the network log is named and the next step is a reload", () => {
    const done: string[] = [];
    const empty = nothingYetNotice(NOT_GRANTED, () => done.push("reload"), {
      ...NO_COVERAGE,
      networkLog: true,
    });
    expect(empty.sentence).toContain("in the browser's network log yet");
    empty.action?.run();
    expect(done).toEqual(["reload"]);
    expect(
      nothingYetNotice(NOT_GRANTED, () => {}, { ...NO_COVERAGE, networkLog: true, once: "capturing" }).action,
    ).toBeUndefined();
  });

  test("says the limits of the load that is captured, and offers no second reload", () => {
    const { shown } = notice(NOT_GRANTED, { once: "capturing" });
    expect(shown?.sentence).toContain("this load of example.com and no other");
    expect(shown?.otherAction).toBeUndefined();
    expect(statusText(NOT_GRANTED, { ...NO_COVERAGE, once: "capturing" })).toBe(
      "capturing this load of example.com",
    );
  });
});
