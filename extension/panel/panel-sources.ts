import type { CaptureEvent, Milliseconds } from "../../core/src/capture-event.ts";
import type { Clock } from "../channel/clock.ts";
import { isLoopback, siteName, sitePattern } from "../channel/sites.ts";
import { NO_COVERAGE, type PanelCoverage } from "./panel-coverage.ts";
import type { PanelStatus } from "./panel-status.ts";
import { createFrameWatch } from "./sources/frame-watch.ts";
import { createNetworkLog, type NetworkLogOptions } from "./sources/network-log.ts";
import { createOnceSource, type OnceSourceOptions } from "./sources/once-source.ts";
import { createSourceMerge } from "./sources/source-merge.ts";

/** All that is recorded of the inspected tab: what relays deliver, and what is seen by other means, once each. */
export interface PanelSources {
  /** An event of a page hook that has a relay. */
  readonly hook: (event: CaptureEvent) => void;
  statusChanged(status: PanelStatus): void;
  /** The tab shows a page that began at `began`, if that is known, and what was recorded is about to be cleared. */
  pageLeft(began: Milliseconds | undefined): void;
  navigated(began: Milliseconds): void;
  /** The tab goes elsewhere, or its page has changed its address: which of them is not known yet. */
  mayNavigate(): void;
  framesAnswered(answer: { readonly asked: readonly string[]; readonly refused: readonly string[] }): void;
  /** Devtools show the panel, or another of theirs. */
  shown(isShown: boolean): void;
  captureOnce(): void;
  readonly coverage: PanelCoverage;
  close(): void;
}

export interface PanelSourcesOptions {
  readonly clock: Clock;
  readonly apply: (event: CaptureEvent) => void;
  readonly network: Pick<NetworkLogOptions, "readLog" | "onFinished">;
  readonly once: Pick<OnceSourceOptions, "script" | "reloadWith" | "randomKey">;
  /** Runs an expression in the page. */
  readonly ask: (expression: string) => Promise<unknown>;
  /** Has the background say which of these sites may not be read. */
  readonly surveyFrames: (urls: readonly string[]) => void;
  readonly coverageChanged: (coverage: PanelCoverage) => void;
}

const IS_CONTROLLED = "Boolean(navigator.serviceWorker && navigator.serviceWorker.controller)";

/** Devtools say soon which document is shown; a page that has only changed its address says nothing more. */
const LONGEST_DOUBT: Milliseconds = 2_000;

export function createPanelSources(options: PanelSourcesOptions): PanelSources {
  const { clock, apply, ask, surveyFrames, coverageChanged } = options;
  /** Sites whose documents have a hook, as patterns. */
  const hooked = new Set<string>();
  const unheard = new Set<string>();
  let status: PanelStatus = { kind: "starting" };
  let coverage = NO_COVERAGE;
  /** A panel is loaded when it is shown for the first time. */
  let isShown = true;
  const isVisible = () => isShown;
  let doubtfulUntil: Milliseconds = 0;

  function cover(change: Partial<PanelCoverage>): void {
    coverage = { ...coverage, ...change };
    coverageChanged(coverage);
  }

  const pageUrl = (): string => ("url" in status ? status.url : "");

  function hasRelay(url: string): boolean {
    if (status.kind === "orphaned" || status.kind === "cannot-record" || status.kind === "superseded")
      return false;
    return isLoopback(url) || hooked.has(sitePattern(url) ?? "");
  }

  function hasHook(url: string): boolean {
    return hasRelay(url) || (once.state !== "idle" && siteName(url) === siteName(pageUrl()));
  }

  const merge = createSourceMerge({
    clock,
    apply,
    shown(item) {
      if (item.isMute !== true) {
        if (!coverage.isLogShown) cover({ isLogShown: true });
      } else if (item.hook !== "none") {
        unheard.add(item.url);
        cover({ hasUnseenWorker: true });
      }
    },
    knownUntil: () => network.knownUntil,
    gate() {
      if (status.kind === "starting" || clock.now() < doubtfulUntil) return "wait";
      return status.kind === "switched-off" || status.kind === "superseded" ? "shut" : "open";
    },
  });

  const once = createOnceSource({
    ...options.once,
    clock,
    ask,
    hasHook: hasRelay,
    apply: merge.hook,
    changed: () => cover({ once: once.state }),
  });

  const network = createNetworkLog({
    ...options.network,
    clock,
    sight: merge.log,
    hasHook,
    pageUrl,
    isControlled: async () => (await ask(IS_CONTROLLED)) === true,
    isVisible,
    learned: () => cover({ networkLog: network.showsSockets }),
  });
  if (network.showsSockets !== undefined) cover({ networkLog: network.showsSockets });

  const frames = createFrameWatch({
    clock,
    ask,
    pageUrl,
    isVisible,
    found(urls) {
      const others = urls.filter((url) => !isLoopback(url));
      if (others.length > 0) surveyFrames(others);
      else if (coverage.refusedFrames.length > 0) cover({ refusedFrames: [] });
    },
  });
  frames.look();

  return {
    hook(event) {
      if (event.type === "socket-opening" && unheard.delete(event.url))
        cover({ hasUnseenWorker: unheard.size > 0 });
      merge.hook(event);
    },
    statusChanged(next) {
      status = next;
      doubtfulUntil = 0;
      const pattern = sitePattern(pageUrl());
      if (pattern !== undefined && next.kind === "recording") hooked.add(pattern);
      if (pattern !== undefined && next.kind === "not-granted") hooked.delete(pattern);
      network.wake();
      if (next.kind === "recording") frames.look();
    },
    pageLeft(began) {
      once.pageLeft();
      merge.pageLeft(began);
    },
    mayNavigate() {
      doubtfulUntil = clock.now() + LONGEST_DOUBT;
    },
    navigated(began) {
      unheard.clear();
      cover({ hasUnseenWorker: false, isLogShown: false, refusedFrames: [] });
      once.navigated();
      network.navigated(began);
    },
    framesAnswered({ asked, refused }) {
      for (const url of asked) {
        const pattern = sitePattern(url);
        if (pattern === undefined) continue;
        if (refused.includes(url)) hooked.delete(pattern);
        else hooked.add(pattern);
      }
      if (refused.join() !== coverage.refusedFrames.join()) cover({ refusedFrames: refused });
    },
    shown(now) {
      isShown = now;
      if (!isShown) return;
      network.wake();
      frames.look();
    },
    captureOnce: () => once.start(),
    get coverage() {
      return coverage;
    },
    close() {
      merge.close();
      network.close();
      once.close();
      frames.close();
    },
  };
}
