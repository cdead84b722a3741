import type { BrowserKind } from "../../support/browsers.ts";
import type { LaunchOptions } from "../../support/chromium-launch.ts";
import type { PanelDriver } from "./panel-driver.ts";

/** What can go to a page and come back: it crosses as JSON. */
export type PageFunction<A extends readonly unknown[], R> = (...args: A) => R | Promise<R>;

/** A real browser with a fresh profile, the same to a test in Chromium and in Firefox. */
export interface InspectedBrowser {
  readonly kind: BrowserKind;
  /** The tab that the browser starts with. */
  readonly firstTab: InspectedTab;
  openTab(): Promise<InspectedTab>;
  /** Ends the extension's background as the browser does when it is idle; the next event starts it again. */
  endBackground(): Promise<void>;
  /**
   * Lets the extension read the site, as the user does by answering the browser's question. Firefox only: Chromium has
   * no way in for scripts.
   */
  grantSite(pattern: string): Promise<void>;
  /** The user has said yes: the browser allows this site when the extension asks for it in a click. */
  agreeTo(pattern: string): Promise<void>;
  /** Opens a page of the extension in a new tab; `page` is its path there. */
  openExtensionPage(page: string): Promise<InspectedTab>;
  /** The tab whose address contains `part`, as soon as there is one. It becomes the current one. */
  tabAt(part: string): Promise<InspectedTab>;
  /** A picture of each tab and panel, for a test that failed. */
  pictures(): Promise<readonly (readonly [name: string, png: Buffer])[]>;
  close(): Promise<void>;
}

export interface InspectedTab {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  url(): Promise<string>;
  /** Runs `page`, which is sent as source text, in the page's own world. */
  evaluate<A extends readonly unknown[], R>(page: PageFunction<A, R>, ...args: A): Promise<R>;
  /** Waits until `page` returns something truthy, and returns it. */
  waitFor<A extends readonly unknown[], R>(page: PageFunction<A, R>, ...args: A): Promise<R>;
  /** Opens devtools for this tab and selects the extension's panel. */
  openPanel(): Promise<PanelDriver>;
  /** Closes the tab's devtools. */
  closePanel(): Promise<void>;
  /** The same driver on the page itself: the playground shows the same inspector. */
  readonly driver: PanelDriver;
  screenshot(): Promise<Buffer>;
}

export interface BrowserLaunch extends Omit<LaunchOptions, "extension"> {
  /** False: a browser without the extension. A folder: that one, and not the one that was built last. */
  readonly extension?: boolean | string;
}

/** Source of an expression that calls `page` with `args` and gives its result as JSON. */
export function callAsJson(page: unknown, args: readonly unknown[]): string {
  // tsx wraps inner functions in a call of its own `__name`, which no page has.
  return `(async () => { const __name = (f) => f;
    return JSON.stringify({ value: await (${String(page)})(...${JSON.stringify(args)}) }); })()`;
}

export function resultOf<R>(json: string): R {
  return (JSON.parse(json) as { value: R }).value;
}
