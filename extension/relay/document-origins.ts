import { patternCovers, webOrigin } from "../channel/sites.ts";

/** What of a window says whose document it has. */
export interface DocumentPlace {
  /** "null" in sandboxed and `data:` documents, inherited in `about:blank` and `srcdoc`. */
  readonly origin: string;
  readonly location: {
    readonly href: string;
    /** Nearest first. Firefox has it from 148. */
    readonly ancestorOrigins?: Iterable<string>;
  };
  readonly document: { readonly baseURI: string; readonly referrer: string };
}

/**
 * The origins that a document counts for: its own and those of all pages that it is a frame of. What is switched off for
 * a page is off for its frames. Without `ancestorOrigins`, a frame without an origin of its own goes by the page that it
 * was made by.
 */
export function documentOrigins({ origin, location, document }: DocumentPlace): readonly string[] {
  const own = webOrigin(origin) ?? webOrigin(location.href.replace(/^blob:/, ""));
  const makers = own === undefined ? [document.baseURI, document.referrer] : [];
  const found = [own, ...(location.ancestorOrigins ?? []), ...makers].flatMap((text) =>
    text === undefined ? [] : (webOrigin(text) ?? []),
  );
  return [...new Set(found)];
}

/** Whether the document of these origins may be read while `patterns` are granted. A frame without an origin goes by its page. */
export function mayBeRead([own]: readonly string[], patterns: readonly string[]): boolean {
  return own === undefined || patterns.some((pattern) => patternCovers(pattern, own));
}
