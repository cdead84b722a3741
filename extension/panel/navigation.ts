/** Tells navigations of the inspected tab apart, though two sources speak of each: devtools and the new document. */
export interface Navigation {
  /** Devtools says that the tab went to `url`. True when nobody has said so before. */
  devtoolsSaw(url: string): boolean;
  /** A new top document has connected. True when nobody has said so before. */
  documentSaw(url: string): boolean;
}

type Source = "devtools" | "document";

export function createNavigation(): Navigation {
  let single: { readonly source: Source; readonly url: string } | undefined;
  let isFirstDocument = true;

  function isNews(source: Source, url: string): boolean {
    if (single !== undefined && single.source !== source && single.url === url) {
      single = undefined;
      return false;
    }
    single = { source, url };
    return true;
  }

  return {
    devtoolsSaw(url) {
      isFirstDocument = false;
      return isNews("devtools", withoutFragment(url));
    },
    documentSaw(url) {
      const isFirst = isFirstDocument;
      isFirstDocument = false;
      return !isFirst && isNews("document", withoutFragment(url));
    },
  };
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, "");
}
