import type { Milliseconds } from "../../core/src/capture-event.ts";
import { getter } from "../channel/natives.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";

export interface DocumentLife {
  /**
   * Puts our listener behind those that the page has added since, and back where `document.open()` has taken it away.
   * Cheap enough for every event.
   */
  renew(at: Milliseconds): void;
}

/** Neither tells us when it happens, so it is made good no more often than this. */
const RENEWAL_INTERVAL: Milliseconds = 1_000;

/**
 * Calls `ended` when the document goes for good: not when it moves into the back/forward cache, from which it may come
 * back with all that it has open. The page's own listeners for `pagehide`, which may still send, are called first.
 */
export function watchDocumentLife(scope: PageScope, natives: PageNatives, ended: () => void): DocumentLife {
  const { self } = scope;
  const persisted = getter(scope.PageTransitionEvent.prototype, "persisted");
  let renewedAt: Milliseconds = 0;

  const goes = (event: Event) =>
    quietly(() => {
      if (natives.isTrusted(event) && !persisted(event as PageTransitionEvent)) ended();
    });

  natives.listen(self, "pagehide", goes);
  return {
    renew(at) {
      if (at - renewedAt < RENEWAL_INTERVAL) return;
      renewedAt = at;
      natives.unlisten(self, "pagehide", goes);
      natives.listen(self, "pagehide", goes);
    },
  };
}
