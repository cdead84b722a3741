import type { Milliseconds } from "../../core/src/capture-event.ts";

/** Tells navigations of the inspected tab apart, though two sources speak of each: devtools and the new document. */
export interface Navigation {
  /** Devtools says that the tab went to `url`, whose document began at `since`. True when nobody has said so before. */
  devtoolsSaw(url: string, since?: Milliseconds): boolean;
  /** A top document has connected, shown at `shownAt`. True when it is another than before and nobody has said so. */
  documentSaw(document: string, url: string, shownAt?: Milliseconds): boolean;
  /** The page that is shown has no document that connects: the first that does is of another load. */
  shownWithoutDocument(): void;
}

/** Browsers round times, each of them by itself; no document is gone so soon. */
const ROUNDING: Milliseconds = 10;

export function createNavigation(): Navigation {
  let top: string | undefined;
  /** The first document, until anybody speaks of another. The panel may be so young that devtools have yet to speak of it. */
  let first: { readonly url: string; readonly shownAt: Milliseconds } | undefined;
  /** Said by one source; the other has yet to say it. */
  let awaited: { readonly by: "devtools" | "document"; readonly url: string } | undefined;

  return {
    shownWithoutDocument() {
      top ??= "";
    },
    devtoolsSaw(url, since) {
      const to = withoutFragment(url);
      const isFirst = first?.url === to && since !== undefined && since <= first.shownAt + ROUNDING;
      first = undefined;
      if (isFirst) return false;
      const isKnown = awaited?.by === "devtools" && awaited.url === to;
      awaited = isKnown ? undefined : { by: "document", url: to };
      return !isKnown;
    },
    documentSaw(document, url, shownAt) {
      if (document === top) return false;
      const to = withoutFragment(url);
      const isFirst = top === undefined;
      top = document;
      const isKnown = awaited?.by === "document" && awaited.url === to;
      // What was there when the panel opened was not gone to.
      first = isFirst && !isKnown && shownAt !== undefined ? { url: to, shownAt } : undefined;
      if (isFirst && !isKnown) return false;
      awaited = isKnown ? undefined : { by: "devtools", url: to };
      return !isKnown;
    },
  };
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, "");
}
