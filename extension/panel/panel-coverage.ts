import type { OnceState } from "./sources/once-source.ts";

/** What is recorded besides the page's own documents, and what is not; of the page that the tab shows now. */
export interface PanelCoverage {
  /** Whether the browser's network log shows what sockets say; undefined until it has shown a request. */
  readonly networkLog: boolean | undefined;
  /** Something is shown that only the network log saw. */
  readonly isLogShown: boolean;
  /** A worker talks SignalR over a socket whose messages nobody sees. */
  readonly hasUnseenWorker: boolean;
  /** Addresses of frames whose sites may not be read, one for each site. */
  readonly refusedFrames: readonly string[];
  readonly once: OnceState;
}

export const NO_COVERAGE: PanelCoverage = {
  networkLog: undefined,
  isLogShown: false,
  hasUnseenWorker: false,
  refusedFrames: [],
  once: "idle",
};
