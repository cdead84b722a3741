import type { Milliseconds } from "../../../core/src/capture-event.ts";
import type { Clock } from "../../channel/clock.ts";
import { isFields } from "../../channel/guards.ts";
import { MAX_FRAMES } from "../../channel/limits.ts";
import { sitePattern } from "../../channel/sites.ts";

/** Looks which sites the frames of the page are of. */
export interface FrameWatch {
  /** The page is another one, or may have changed: look now. */
  look(): void;
  close(): void;
}

export interface FrameWatchOptions {
  readonly clock: Clock;
  /** Runs the expression in the page. */
  readonly ask: (expression: string) => Promise<unknown>;
  /** One address for each site that a frame is of, the page's own left out. */
  readonly found: (urls: readonly string[]) => void;
  readonly pageUrl: () => string;
  readonly isVisible: () => boolean;
}

const PAUSE: Milliseconds = 5_000;

/** A frame's address as its element has it: where a frame has gone by itself only it knows. */
const FRAMES = `(() => {
  const urls = [];
  const look = (document) => {
    for (const frame of document.querySelectorAll("iframe, frame")) {
      if (urls.length >= ${MAX_FRAMES}) return;
      urls.push(frame.src);
      try {
        if (frame.contentDocument) look(frame.contentDocument);
      } catch {}
    }
  };
  look(document);
  return { urls };
})()`;

export function createFrameWatch(options: FrameWatchOptions): FrameWatch {
  const { clock, ask, found, pageUrl, isVisible } = options;
  const life = new AbortController();
  let next = new AbortController();

  async function look(): Promise<void> {
    next.abort();
    const current = new AbortController();
    next = current;
    if (isVisible()) {
      const answer = await ask(FRAMES).catch(() => undefined);
      if (current.signal.aborted || life.signal.aborted) return;
      if (isFields(answer) && Array.isArray(answer["urls"])) found(oneOfEachSite(answer["urls"], pageUrl()));
    }
    clock.after(PAUSE, () => void look(), AbortSignal.any([current.signal, life.signal]));
  }

  return {
    look: () => void look(),
    close() {
      life.abort();
    },
  };
}

function oneOfEachSite(urls: readonly unknown[], pageUrl: string): readonly string[] {
  const sites = new Map<string, string>();
  for (const url of urls.slice(0, MAX_FRAMES)) {
    const pattern = typeof url === "string" ? sitePattern(url) : undefined;
    if (pattern !== undefined && pattern !== sitePattern(pageUrl) && !sites.has(pattern))
      sites.set(pattern, url as string);
  }
  return [...sites.values()];
}
