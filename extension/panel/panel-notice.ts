import type { Notice } from "../../ui/inspector/notice.ts";
import { siteName } from "../channel/sites.ts";
import type { PanelStatus } from "./panel-status.ts";

export interface PanelActions {
  readonly recordSite: (url: string) => void;
  readonly reload: () => void;
  readonly switchOn: () => void;
}

/** What stands above the log; nothing while all is well. */
export function panelNotice(
  status: PanelStatus,
  { recordSite, reload, switchOn }: PanelActions,
): Notice | undefined {
  switch (status.kind) {
    case "starting":
    case "recording":
      return undefined;
    case "not-granted":
      return {
        sentence: `Hubscope does not read ${siteName(status.url)} yet. It will read only this site, until you remove it in the options.`,
        action: { label: "Record this site", run: () => recordSite(status.url) },
        tone: "info",
      };
    case "switched-off":
      return {
        sentence: `Recording of ${siteName(status.url)} is switched off. Switching it on reloads the page.`,
        action: { label: "Switch on", run: switchOn },
        tone: "info",
      };
    case "cannot-record":
      return {
        sentence:
          status.reason === "browser-page"
            ? "Browser pages cannot be recorded."
            : "This page cannot be recorded: its address is not http or https.",
        tone: "info",
      };
    case "orphaned":
      return {
        sentence:
          "Hubscope was installed or updated after this page was loaded. It records again from the next load.",
        action: { label: "Reload the page", run: reload },
        tone: "warning",
      };
    default:
      return status satisfies never;
  }
}

/** What the log says while it is empty. */
export function nothingYetNotice(status: PanelStatus, reload: () => void): Notice {
  if (status.kind !== "recording") return { sentence: "No SignalR traffic yet." };
  return {
    sentence: `No SignalR traffic yet. Hubscope is recording ${siteName(status.url)} and all its frames. Use the page, or reload it.`,
    action: { label: "Reload the page", run: reload },
  };
}

export function statusText(status: PanelStatus): string {
  return status.kind === "recording" ? `recording ${siteName(status.url)} · all frames` : "not recording";
}
