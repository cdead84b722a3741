import type { Notice } from "../../ui/inspector/notice.ts";
import { siteName } from "../channel/sites.ts";
import { NO_COVERAGE, type PanelCoverage } from "./panel-coverage.ts";
import type { PanelStatus } from "./panel-status.ts";

export interface PanelActions {
  readonly recordSite: (url: string) => void;
  readonly reload: () => void;
  readonly switchOn: () => void;
  /** Reloads the page with the hook in it, once. */
  readonly captureOnce: () => void;
}

/** What stands above the log; nothing while all is well. */
export function panelNotice(
  status: PanelStatus,
  actions: PanelActions,
  coverage: PanelCoverage = NO_COVERAGE,
): Notice | undefined {
  switch (status.kind) {
    case "starting":
      return undefined;
    case "recording":
      return status.isLate === true ? lateNotice(coverage, actions) : gapNotice(coverage, actions);
    case "not-granted":
      return notGrantedNotice(status.url, coverage, actions);
    case "switched-off":
      return {
        sentence: `Recording of ${siteName(status.url)} is switched off. Switching it on reloads the page.`,
        action: { label: "Switch on", run: actions.switchOn },
        tone: "info",
      };
    case "cannot-record":
      return {
        sentence: `${
          status.reason === "browser-page"
            ? "Browser pages cannot be recorded."
            : "This page cannot be recorded: its address is not http or https."
        }${shownFromLog(coverage)}`,
        tone: "info",
      };
    case "orphaned":
      return {
        sentence: `Hubscope was installed or updated after this page was loaded. It records again from the next load.${shownFromLog(coverage)}`,
        action: { label: "Reload the page", run: actions.reload },
        tone: "warning",
      };
    case "superseded":
      return {
        sentence:
          "Hubscope was updated, reloaded or removed: this panel records nothing any more. Close the developer tools and open them again to go on. What is shown is gone then.",
        tone: "warning",
      };
    default:
      return status satisfies never;
  }
}

/** Where rows come from on a page that no hook reads. */
function shownFromLog({ isLogShown }: PanelCoverage): string {
  return isLogShown ? ` ${FROM_LOG}` : "";
}

/** The extension came to a page that had begun: also when the browser itself was late. */
function lateNotice(coverage: PanelCoverage, actions: PanelActions): Notice {
  const gap = gapNotice(coverage, actions);
  const sentence = `${LATE} What it had open before is not recorded: a WebSocket from the next message that the page sends on, an event stream or a poll not at all.`;
  return {
    sentence: gap === undefined ? sentence : `${sentence} ${gap.sentence}`,
    action: { label: "Reload the page", run: actions.reload },
    ...(gap?.action === undefined ? {} : { otherAction: gap.action }),
    tone: "warning",
  };
}

const LATE = "Hubscope came to this page after it had begun.";

/** The page is recorded, but not all that belongs to it. */
function gapNotice(
  { refusedFrames, hasUnseenWorker, networkLog }: PanelCoverage,
  { recordSite }: PanelActions,
): Notice | undefined {
  const [first] = refusedFrames;
  const worker = hasUnseenWorker ? [UNSEEN_WORKER] : [];
  if (first === undefined) return worker[0] === undefined ? undefined : { sentence: worker[0], tone: "info" };
  const names = [...new Set(refusedFrames.map(siteName))];
  const frames =
    names.length === 1
      ? `Hubscope does not read the frame of ${names[0]}.`
      : `Hubscope does not read the frames of ${names.slice(0, MOST_NAMED).join(", ")}${names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ""}.`;
  const log = networkLog === true ? [FRAMES_FROM_LOG] : [];
  return {
    sentence: [frames, ...log, ...worker].join(" "),
    action: { label: `Record ${siteName(first)}`, run: () => recordSite(first) },
    tone: "info",
  };
}

const MOST_NAMED = 3;
const FROM_LOG = "What is shown of it comes from the browser's network log.";
const FRAMES_FROM_LOG = "What is shown of that comes from the browser's network log.";
const UNSEEN_WORKER = "A worker on this page talks SignalR. Firefox does not let extensions record workers.";

function notGrantedNotice(
  url: string,
  { networkLog, once }: PanelCoverage,
  { recordSite, captureOnce }: PanelActions,
): Notice {
  const site = siteName(url);
  const record = { label: "Record this site", run: () => recordSite(url) };
  switch (once) {
    case "capturing":
      return {
        sentence: `Hubscope captures this load of ${site} and no other. Frames may be missing, and what is last said before the page is left.`,
        action: record,
        tone: "info",
      };
    case "loading":
      return { sentence: `Reloading ${site} to capture this load.`, action: record, tone: "info" };
    case "idle":
      return {
        sentence: `Hubscope does not read ${site} yet.${networkLog === undefined ? "" : LOG_SENTENCES[networkLog ? "sockets" : "requests"]} Recording it adds this site alone, until you remove it in the options.`,
        action: record,
        otherAction: { label: "Reload and capture once", run: captureOnce },
        tone: "info",
      };
    default:
      return once satisfies never;
  }
}

const LOG_SENTENCES = {
  sockets: " What is shown comes from the browser's network log, since devtools were opened.",
  requests: " The browser's network log shows its requests when they end, and nothing of its WebSockets.",
} as const;

/** What the log says while it is empty. */
export function nothingYetNotice(
  status: PanelStatus,
  reload: () => void,
  coverage: PanelCoverage = NO_COVERAGE,
): Notice {
  if (status.kind !== "recording") return nothingFrom(status, reload, coverage);
  if (status.isLate === true) {
    return {
      sentence: `No SignalR traffic that Hubscope could see yet. ${LATE} Reload it to record all of it.`,
      action: { label: "Reload the page", run: reload },
    };
  }
  return {
    sentence: `No SignalR traffic yet. Hubscope is recording ${siteName(status.url)} and all its frames${exceptions(coverage)}. Use the page, or reload it.${workers(coverage)}`,
    action: { label: "Reload the page", run: reload },
  };
}

function nothingFrom(status: PanelStatus, reload: () => void, { networkLog, once }: PanelCoverage): Notice {
  switch (status.kind) {
    case "starting":
    case "recording":
      return { sentence: "No SignalR traffic yet." };
    case "not-granted": {
      // The log begins with devtools: what the page said before is not in it.
      const action = { label: "Reload the page", run: reload };
      if (once !== "idle" || networkLog === undefined) return { sentence: "No SignalR traffic yet." };
      return networkLog
        ? {
            sentence: "No SignalR traffic in the browser's network log yet. Use the page, or reload it.",
            action,
          }
        : { sentence: "No SignalR request in the browser's network log has ended yet.", action };
    }
    case "switched-off":
    case "cannot-record":
    case "orphaned":
    case "superseded":
      return { sentence: "Nothing of this page is recorded." };
    default:
      return status satisfies never;
  }
}

function exceptions({ refusedFrames }: PanelCoverage): string {
  const names = [...new Set(refusedFrames.map(siteName))];
  return names.length === 0 ? "" : ` but those of ${names.join(", ")}`;
}

function workers({ networkLog }: PanelCoverage): string {
  switch (networkLog) {
    case true:
      return " Workers are recorded from the browser's network log, shared workers not at all.";
    case false:
      return " Workers are not recorded: Firefox does not let extensions.";
    case undefined:
      return "";
    default:
      return networkLog satisfies never;
  }
}

/** Whether anything of the page that is shown can come into the log. */
export function isRecorded(status: PanelStatus, coverage: PanelCoverage = NO_COVERAGE): boolean {
  switch (status.kind) {
    case "starting":
    case "recording":
      return true;
    case "not-granted":
      // Also Firefox's log, which shows requests.
      return coverage.networkLog !== undefined || coverage.once === "capturing";
    case "orphaned":
    case "cannot-record":
      return coverage.isLogShown;
    case "switched-off":
    case "superseded":
      return false;
    default:
      return status satisfies never;
  }
}

/** The right end of the status line: what is recorded, and what of the page is not. */
export function statusText(status: PanelStatus, coverage: PanelCoverage = NO_COVERAGE): string {
  const { networkLog, refusedFrames, once, isLogShown } = coverage;
  if (status.kind === "recording") {
    const refused = new Set(refusedFrames.map(siteName)).size;
    const frames =
      refused === 0
        ? "all frames"
        : `not the frames of ${refused === 1 ? siteName(refusedFrames[0] ?? "") : `${refused} sites`}`;
    return [
      `recording ${siteName(status.url)}${status.isLate === true ? " since it had begun" : ""}`,
      frames,
      ...(networkLog === undefined ? [] : [networkLog ? "workers, not shared ones" : "no workers"]),
    ].join(" · ");
  }
  if (status.kind === "starting") return "looking at the page";
  if (status.kind === "superseded") return "not recording: open the developer tools anew";
  if (status.kind !== "not-granted") return isLogShown ? "from the network log only" : "not recording";
  const site = siteName(status.url);
  if (once === "capturing") return `capturing this load of ${site}`;
  return networkLog === true ? `${site} from the network log only` : "not recording";
}
