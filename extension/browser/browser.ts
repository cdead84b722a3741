/**
 * All that Hubscope asks of the browser as an extension; the only import of webextension-polyfill. Which of it exists
 * depends on the context: a content script has `runtime` alone, Firefox's panel no `permissions` and no `tabs`.
 *
 * @module
 */
import browser, { type Permissions, type Runtime } from "webextension-polyfill";
import { originOfSwitch, switchOf } from "../channel/off-switch.ts";
import type { Port } from "../channel/port.ts";

export interface PortOrigin {
  readonly tab?: number;
  readonly isExtensionPage: boolean;
}

export function connectPort(name: string): Port {
  return toPort(browser.runtime.connect({ name }));
}

export function onPort(listener: (port: Port, origin: PortOrigin) => void): void {
  browser.runtime.onConnect.addListener((port) => {
    const tab = port.sender?.tab?.id;
    const isExtensionPage = port.sender?.url?.startsWith(browser.runtime.getURL("")) === true;
    listener(toPort(port), { ...(tab === undefined ? {} : { tab }), isExtensionPage });
  });
}

/** This script belongs to an extension that was reloaded, updated or removed. */
export function isContextGone(): boolean {
  try {
    return browser.runtime.id === undefined;
  } catch {
    // Firefox throws where Chromium answers undefined.
    return true;
  }
}

/** `listener` answers whether the message was for it. */
export function onTabMessage(listener: (message: unknown) => boolean): void {
  browser.runtime.onMessage.addListener((message: unknown) =>
    listener(message) ? Promise.resolve(true) : undefined,
  );
}

/** Sends to every frame of the tab; true when the top document answered. */
export async function tellTab(tab: number, message: unknown): Promise<boolean> {
  const [top] = await Promise.all([
    // A rejection says that nobody listens there.
    browser.tabs.sendMessage(tab, message, { frameId: 0 }).catch(() => false),
    browser.tabs.sendMessage(tab, message).catch(() => false),
  ]);
  return top === true;
}

/** Sends to every frame of every tab; nobody answers. */
export async function tellAllTabs(message: unknown): Promise<void> {
  const tabs = await browser.tabs.query({});
  await Promise.all(
    // A rejection says that nobody listens there.
    tabs.map(({ id }) =>
      id === undefined ? undefined : browser.tabs.sendMessage(id, message).catch(() => false),
    ),
  );
}

export async function hasAccess(pattern: string): Promise<boolean> {
  return browser.permissions.contains({ origins: [pattern] });
}

/** Firefox lets a devtools panel ask for nothing (bug 1796933). */
export function canAskForAccess(): boolean {
  return (browser as { permissions?: Permissions.Static }).permissions !== undefined;
}

/** Must be called at once in a click or key handler. */
export async function askForAccess(patterns: readonly string[]): Promise<boolean> {
  return browser.permissions.request({ origins: [...patterns] });
}

/** Rejects for what the manifest has: only the browser's own settings take that back. */
export async function giveAccessBack(pattern: string): Promise<boolean> {
  return browser.permissions.remove({ origins: [pattern] });
}

export async function grantedPatterns(): Promise<readonly string[]> {
  return (await browser.permissions.getAll()).origins ?? [];
}

export function manifestPatterns(): readonly string[] {
  const manifest = browser.runtime.getManifest() as { host_permissions?: readonly string[] };
  return manifest.host_permissions ?? [];
}

export function onAccessChanged(listener: () => void): void {
  browser.permissions.onAdded.addListener(listener);
  browser.permissions.onRemoved.addListener(listener);
}

/** Origins that the user switched off. One key each: two pages never overwrite each other's choice. */
export async function switchedOffOrigins(): Promise<readonly string[]> {
  return Object.keys(await browser.storage.local.get()).flatMap((key) => originOfSwitch(key) ?? []);
}

export async function isAnySwitchedOff(origins: readonly string[]): Promise<boolean> {
  return Object.keys(await browser.storage.local.get(origins.map(switchOf))).length > 0;
}

export async function switchOrigin(origin: string, to: "on" | "off"): Promise<void> {
  if (to === "off") await browser.storage.local.set({ [switchOf(origin)]: true });
  else await browser.storage.local.remove(switchOf(origin));
}

export function onSwitched(listener: () => void): void {
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && Object.keys(changes).some((key) => originOfSwitch(key) !== undefined)) listener();
  });
}

const OTHER_TRAFFIC = "other-traffic";

/** The user wants sockets and event streams that are not SignalR's recorded too. */
export async function wantsOtherTraffic(): Promise<boolean> {
  return (await browser.storage.local.get(OTHER_TRAFFIC))[OTHER_TRAFFIC] === true;
}

export async function recordOtherTraffic(wanted: boolean): Promise<void> {
  await browser.storage.local.set({ [OTHER_TRAFFIC]: wanted });
}

export function onOtherTraffic(listener: () => void): void {
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && OTHER_TRAFFIC in changes) listener();
  });
}

export function onStart(listener: () => void): void {
  browser.runtime.onInstalled.addListener(listener);
  browser.runtime.onStartup.addListener(listener);
}

/**
 * Content scripts of granted sites; they outlive the browser's session, not an update. Replaced in one step where they
 * exist: a page that loads meanwhile gets the old or the new ones. Rejects where a pattern is none of this browser's.
 */
export async function registerScripts(patterns: readonly string[], except: readonly string[]): Promise<void> {
  const { scripting } = browser;
  const ids = (await scripting.getRegisteredContentScripts()).map(({ id }) => id);
  if (patterns.length === 0) {
    if (ids.length > 0) await scripting.unregisterContentScripts({ ids });
    return;
  }
  const places = {
    matches: [...patterns],
    excludeMatches: [...except],
    allFrames: true,
    matchOriginAsFallback: true,
    persistAcrossSessions: true,
    runAt: "document_start" as const,
  };
  const scripts = [
    { ...places, id: "relay", js: ["relay.js"] },
    { ...places, id: "page", js: ["page.js"], world: "MAIN" as const },
  ];
  if (scripts.every(({ id }) => ids.includes(id))) await scripting.updateContentScripts(scripts);
  else await scripting.registerContentScripts(scripts);
}

export function onToolbarClick(listener: (tab: number | undefined) => void): void {
  browser.action.onClicked.addListener((tab) => listener(tab.id));
}

/** `page` is a path within the extension. */
export function openTab(page: string): void {
  void browser.tabs.create({ url: browser.runtime.getURL(page) });
}

export async function closeThisTab(): Promise<void> {
  const { id } = await browser.tabs.getCurrent();
  if (id !== undefined) await browser.tabs.remove(id);
}

export async function createPanel(title: string, icon: string, page: string): Promise<void> {
  const panel = await browser.devtools.panels.create(title, icon, page);
  // Only here is it known; the panel's own document is as visible as before when devtools show another panel.
  const channel = new BroadcastChannel(shownChannel());
  panel.onShown.addListener(() => channel.postMessage(true));
  panel.onHidden.addListener(() => channel.postMessage(false));
}

/** For the panel: whether devtools show it, each time that this changes. */
export function onPanelShown(listener: (isShown: boolean) => void): void {
  const channel = new BroadcastChannel(shownChannel());
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => listener(data === true));
}

function shownChannel(): string {
  return `panel-shown-${inspectedTab()}`;
}

export function inspectedTab(): number {
  return browser.devtools.inspectedWindow.tabId;
}

/** Undefined for pages that no extension may look at. */
export async function inspectedUrl(): Promise<string | undefined> {
  try {
    const answer: unknown = await browser.devtools.inspectedWindow.eval("location.href");
    // Firefox and the polyfill answer [result, error], Chromium's own promises (from 148) the result alone.
    const url: unknown = Array.isArray(answer) ? answer[0] : answer;
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}

/**
 * When the inspected document began, in milliseconds since the epoch: it tells documents of one address apart, and stays
 * when a page changes its address by itself. Undefined where no extension may look.
 */
export async function inspectedStart(): Promise<number | undefined> {
  const answer = await askInspected("performance.timeOrigin").catch(() => undefined);
  return typeof answer === "number" ? answer : undefined;
}

/** When the tab came to show it, before its scripts ran; of one that was shown from a cache, long before. */
export async function inspectedSince(): Promise<number | undefined> {
  const answer = await askInspected("performance.timing.domLoading").catch(() => undefined);
  return typeof answer === "number" && answer > 0 ? answer : undefined;
}

export function onNavigated(listener: (url: string) => void): void {
  browser.devtools.network.onNavigated.addListener(listener);
}

export function reloadInspected(): void {
  void browser.devtools.inspectedWindow.reload();
}

/** Reloads the inspected page with `script` in it, before the page's own; where the browser lets it, in frames too. */
export function reloadInspectedWith(script: string): void {
  void browser.devtools.inspectedWindow.reload({ injectedScript: script });
}

/**
 * The value of an expression in the inspected page's top document, an object. Rejects where there is none that may be
 * asked.
 */
export async function askInspected(expression: string): Promise<unknown> {
  const answer: unknown = await browser.devtools.inspectedWindow.eval(expression);
  // As in `inspectedUrl`: a list of which the first is the value, or the value itself.
  return Array.isArray(answer) ? answer[0] : answer;
}

/** The text of a file of this extension. */
export async function packagedText(path: string): Promise<string> {
  return (await fetch(browser.runtime.getURL(path))).text();
}

/**
 * The entries of the network log, as this browser keeps it. Undefined in Firefox, whose devtools take in nothing while
 * they make the log (`HarExporter.buildHarData`): a request that begins meanwhile is lost for good, to
 * `onRequestFinished` too, and one that is answered stays without its status. Nothing but its name tells it apart.
 */
export const readNetworkLog: (() => Promise<readonly unknown[]>) | undefined =
  globalThis.location?.protocol === "moz-extension:" ? undefined : networkEntries;

function networkEntries(): Promise<readonly unknown[]> {
  return new Promise((resolve) => {
    callbackDevtools().network.getHAR((log) => {
      const { entries, log: nested } = (log ?? {}) as { entries?: unknown; log?: { entries?: unknown } };
      const found = entries ?? nested?.entries;
      resolve(Array.isArray(found) ? found : []);
    });
  });
}

export function onRequestFinished(
  listener: (entry: unknown, content: () => Promise<{ content: unknown; encoding: unknown }>) => void,
): void {
  callbackDevtools().network.onRequestFinished.addListener((request) => {
    listener(
      request,
      () =>
        new Promise((resolve) => {
          request.getContent((content, encoding) => resolve({ content, encoding }));
        }),
    );
  });
}

/** Chromium's and Firefox's own, with callbacks: promises of these came late to Chromium, and say less. */
function callbackDevtools(): CallbackDevtools {
  const scope = globalThis as { readonly chrome?: { readonly devtools?: CallbackDevtools } };
  if (scope.chrome?.devtools === undefined) throw new Error("There are no devtools here.");
  return scope.chrome.devtools;
}

interface CallbackDevtools {
  readonly network: {
    readonly getHAR: (callback: (log: unknown) => void) => void;
    readonly onRequestFinished: {
      addListener(
        listener: (request: {
          getContent(callback: (content: unknown, encoding: unknown) => void): void;
        }) => void,
      ): void;
    };
  };
}

/** "default", "light", "dark" or a theme of the user's. */
export function devtoolsTheme(): string {
  return browser.devtools.panels.themeName;
}

export function onDevtoolsTheme(listener: (name: string) => void): void {
  const panels = browser.devtools.panels as ThemedPanels;
  // Chromium has the second alone.
  if (panels.onThemeChanged !== undefined) panels.onThemeChanged.addListener(listener);
  else panels.setThemeChangeHandler?.(listener);
}

interface ThemedPanels {
  readonly onThemeChanged?: { addListener(listener: (name: string) => void): void };
  readonly setThemeChangeHandler?: (listener: (name: string) => void) => void;
}

function toPort(port: Runtime.Port): Port {
  return {
    name: port.name,
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.onMessage.addListener(listener),
    onDisconnect: (listener) =>
      port.onDisconnect.addListener(() => {
        // Read so that Chromium does not print it (bfcache closes ports with an error).
        void port.error;
        listener();
      }),
    disconnect: () => port.disconnect(),
  };
}
