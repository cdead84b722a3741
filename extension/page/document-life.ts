import type { Milliseconds } from "../../core/src/capture-event.ts";
import { getter } from "../channel/natives.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";

export interface DocumentLife {
  /** Puts our listener back where `document.open()` has taken it away. Cheap enough for every event. */
  renew(at: Milliseconds): void;
}

/** `document.open()` tells nobody, so its loss is found out no more often than this. */
const RENEWAL_INTERVAL: Milliseconds = 1_000;

/**
 * Calls `ended` when the document goes for good: not when it moves into the back/forward cache, from which it may come
 * back with all that it has open. It is called after the page's own listeners for `pagehide`, which may still send.
 */
export function watchDocumentLife(scope: PageScope, natives: PageNatives, ended: () => void): DocumentLife {
  const { self } = scope;
  const persisted = getter(scope.PageTransitionEvent.prototype, "persisted");
  let renewedAt: Milliseconds = 0;

  const goes = (event: Event) =>
    quietly(() => {
      if (natives.isTrusted(event) && !persisted(event as PageTransitionEvent)) ended();
    });
  // Runs first, and moves the other to the end of the listeners: the capturing ones of a target are called before the rest.
  const mayGo = () =>
    quietly(() => {
      natives.unlisten(self, "pagehide", goes);
      natives.listen(self, "pagehide", goes);
    });
  const listen = () => natives.listen(self, "pagehide", mayGo, true);

  listen();
  return {
    renew(at) {
      if (at - renewedAt < RENEWAL_INTERVAL) return;
      renewedAt = at;
      // The same listener twice is one.
      listen();
    },
  };
}
