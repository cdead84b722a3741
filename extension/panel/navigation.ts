/** Tells navigations of the inspected tab apart, though two sources speak of each: devtools and the new document. */
export interface Navigation {
  /** Devtools says that the tab went to `url`. True when nobody has said so before. */
  devtoolsSaw(url: string): boolean;
  /** A top document has connected. True when it is another than before and nobody has said so. */
  documentSaw(document: string, url: string): boolean;
  /** The page that is shown has no document that connects: the first that does is of another load. */
  shownWithoutDocument(): void;
}

export function createNavigation(): Navigation {
  let top: string | undefined;
  /** Said by one source; the other has yet to say it. */
  let awaited: { readonly by: "devtools" | "document"; readonly url: string } | undefined;

  return {
    shownWithoutDocument() {
      top ??= "";
    },
    devtoolsSaw(url) {
      const to = withoutFragment(url);
      const isKnown = awaited?.by === "devtools" && awaited.url === to;
      awaited = isKnown ? undefined : { by: "document", url: to };
      return !isKnown;
    },
    documentSaw(document, url) {
      if (document === top) return false;
      const isFirst = top === undefined;
      top = document;
      const to = withoutFragment(url);
      const isKnown = awaited?.by === "document" && awaited.url === to;
      // What was there when the panel opened was not gone to.
      if (isFirst && !isKnown) return false;
      awaited = isKnown ? undefined : { by: "devtools", url: to };
      return !isKnown;
    },
  };
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, "");
}
