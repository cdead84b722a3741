import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { createRouter, type Router } from "../../extension/background/router.ts";
import {
  type DocumentIdentity,
  panelPortName,
  RELAY_PORT,
  type ToPage,
} from "../../extension/channel/messages.ts";
import { type ActListener, createPanelSource, type PanelSource } from "../../extension/panel/event-source.ts";
import type { PanelStatus } from "../../extension/panel/panel-status.ts";
import { createRelay, type Relay } from "../../extension/relay/relay.ts";
import { createPortWorld, PORT_COPIES, type PortPair } from "./extension-ports.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";

const TAB = 7;
const URL = "http://localhost:5000/";

/** A document of the tab. */
export interface ChainDocument {
  readonly relay: Relay;
  /** Gone, with or without a word, or into the back/forward cache. "at once": it hears nothing any more, not even an answer to its greeting. */
  goAway(
    how:
      | "with a word"
      | "silently"
      | "into the cache"
      | "at once"
      | "at once, into the cache"
      | "at once, silently",
  ): void;
  /** Back from the cache. */
  comeBack(): void;
}

/** Relay, background and panel of one tab, joined by fake ports. Nothing moves but by `advance` and `deliver`. */
export interface ExtensionChain {
  readonly clock: FakeClock;
  /** The relay of the document that is there from the start. */
  readonly relay: Relay;
  readonly first: ChainDocument;
  /** Another document of the tab; it greets when it has something to say, or when it is watched. */
  addDocument(
    identity: DocumentIdentity,
    options?: { readonly isLate?: boolean; readonly isHeld?: boolean },
  ): ChainDocument;
  /** What the panel was given, in order. */
  readonly arrived: CaptureEvent[];
  readonly statuses: PanelStatus[];
  /** When the pages began for which the panel was cleared; undefined where nobody knew. */
  readonly cleared: (number | undefined)[];
  /** When the documents began that devtools spoke of. */
  readonly changed: number[];
  /** What the relay told the page hook. */
  readonly toPage: ToPage[];
  openPanel(acts?: ActListener): PanelSource;
  closePanel(): void;
  /** Devtools say so; the document is another unless it is said to be the same. */
  navigate(url: string, isSame?: boolean): void;
  /** Stops the background as the browser does: every port breaks and its memory is gone. */
  killBackground(): void;
  /** The extension is reloaded: the relay lives on without one. */
  orphan(): void;
  readonly isStopped: boolean;
  deliver(most?: number): number;
  /** Lets everything come to rest. */
  rest(): Promise<void>;
  granted: boolean;
  /** What devtools say of the page's address; undefined while they may not or cannot ask it. */
  inspected: string | undefined;
  preservesLog: boolean;
  inspectedStart: number;
  inspectedSince: number | undefined;
  /** The panel's own extension was replaced under it. */
  isExtensionGone: boolean;
  /** Messages that ports have carried, in their order. */
  readonly posted: unknown[];
  /** Switches the page's origin off, as the options page does. */
  switchOff(): void;
  /** How often the panel has loaded the page again. */
  readonly reloads: number;
}

export function createExtensionChain(
  options: {
    readonly isHidden?: boolean;
    /** The first document does not know yet whether it may be recorded. */
    readonly isHeld?: boolean;
    /** The storage says that the page's origin is switched off; no relay has read it yet. */
    readonly isOff?: boolean;
    /** How ports carry bytes. Default "clone". */
    readonly ports?: keyof typeof PORT_COPIES;
  } = {},
): ExtensionChain {
  const clock = createFakeClock();
  const posted: unknown[] = [];
  const world = createPortWorld((message) => {
    posted.push(message);
    return PORT_COPIES[options.ports ?? "clone"](message);
  });
  const documents = new Set<{ readonly top: boolean; readonly relay: Relay }>();
  const arrived: CaptureEvent[] = [];
  const statuses: PanelStatus[] = [];
  const toPage: ToPage[] = [];
  const cleared: (number | undefined)[] = [];
  const changed: number[] = [];
  const navigations: ((url: string) => void)[] = [];
  let pairs: PortPair[] = [];
  let isOrphaned = false;
  let isStopped = false;
  let isSwitchedOff = options.isOff ?? false;
  let hasEnded = false;
  let reloads = 0;
  let panel: { readonly source: PanelSource; pair: PortPair | undefined } | undefined;
  let router = newRouter();

  function newRouter(): Router {
    return createRouter({
      hasAccess: async () => chain.granted,
      async watchTab() {
        if (isOrphaned || !chain.granted || hasEnded) return false;
        for (const document of documents) document.relay.watch();
        return [...documents].some(({ top }) => top);
      },
      openGrantPage() {},
      isSwitchedOff: async () => isSwitchedOff,
      isAnySwitchedOff: async () => isSwitchedOff,
      switchOn() {
        isSwitchedOff = false;
        router.surveyAll();
      },
      openOptions() {},
    });
  }

  function connect(name: string, sender: { tab?: number; isExtensionPage: boolean }): PortPair {
    if (isOrphaned) throw new Error("Extension context invalidated.");
    const pair = world.open(name);
    pairs.push(pair);
    router.accept(pair.far, sender);
    return pair;
  }

  function addDocument(
    identity: DocumentIdentity,
    held: { readonly isHidden?: boolean; readonly isHeld?: boolean; readonly isLate?: boolean } = {},
  ): ChainDocument {
    let own: PortPair[] = [];
    let isDeaf = false;
    const relay = createRelay({
      clock,
      identity: () => identity,
      connect() {
        const pair = connect(RELAY_PORT, { tab: TAB, isExtensionPage: false });
        own.push(pair);
        const { near } = pair;
        return {
          ...near,
          onMessage: (listener) =>
            near.onMessage((message) => {
              if (!isDeaf) listener(message);
            }),
        };
      },
      isOrphaned: () => isOrphaned,
      toPage: (message) => toPage.push(message),
      orphaned() {
        isStopped = true;
      },
      isLate: held.isLate ?? false,
      isHidden: held.isHidden ?? false,
      ...(held.isHeld === true ? { undecidedFor: () => [URL] } : {}),
    });
    const document = { top: identity.frame === "top", relay };
    documents.add(document);
    return {
      relay,
      goAway(how) {
        documents.delete(document);
        const isCached = how.endsWith("into the cache");
        if (!how.endsWith("silently")) relay.leave(isCached);
        isDeaf = how.startsWith("at once");
        world.deliver();
        // A document that is gone runs nothing any more; one that is cached is not told that its ports are.
        if (!isCached && !isDeaf) relay.end();
        for (const pair of own) pair.cutFar();
        own = [];
      },
      comeBack() {
        isDeaf = false;
        documents.add(document);
        relay.show();
      },
    };
  }

  const first = addDocument({ document: "document-1", url: URL, frame: "top" }, options);
  const { relay } = first;

  const chain: ExtensionChain = {
    clock,
    relay,
    first,
    addDocument,
    posted,
    preservesLog: true,
    arrived,
    statuses,
    cleared,
    changed,
    toPage,
    granted: true,
    inspected: URL,
    switchOff() {
      isSwitchedOff = true;
      hasEnded = true;
      relay.end();
      router.surveyAll();
    },
    get reloads() {
      return reloads;
    },
    openPanel(acts) {
      const opened: { source?: PanelSource; pair: PortPair | undefined } = { pair: undefined };
      const source = createPanelSource({
        clock,
        connect() {
          opened.pair = connect(panelPortName(TAB), { isExtensionPage: true });
          return opened.pair.near;
        },
        isExtensionGone: () => chain.isExtensionGone,
        inspectedUrl: async () => chain.inspected,
        inspectedStart: async () => chain.inspectedStart,
        inspectedSince: async () => chain.inspectedSince,
        onNavigated: (listener) => navigations.push(listener),
        reload() {
          reloads++;
        },
        apply: (event) => arrived.push(event),
        preservesLog: () => chain.preservesLog,
        clear: (began) => {
          arrived.length = 0;
          cleared.push(began);
        },
        documentChanged: (began) => changed.push(began),
        statusChanged: (status) => statuses.push(status),
        ...(acts === undefined ? {} : { acts }),
      });
      panel = { source, pair: opened.pair };
      return source;
    },
    closePanel() {
      panel?.source.close();
      panel = undefined;
    },
    inspectedStart: 1,
    inspectedSince: undefined,
    isExtensionGone: false,
    navigate(url, isSame = false) {
      if (!isSame) chain.inspectedStart++;
      for (const listener of navigations) listener(url);
    },
    killBackground() {
      const open = pairs;
      pairs = [];
      router = newRouter();
      for (const pair of open) pair.cut();
    },
    orphan() {
      isOrphaned = true;
      this.killBackground();
    },
    get isStopped() {
      return isStopped;
    },
    deliver: (most) => world.deliver(most),
    async rest() {
      for (let quiet = 0; quiet < 3; quiet++) {
        await clock.advance(6_000);
        if (world.deliver() > 0) quiet = 0;
      }
    },
  };
  return chain;
}

/** An event that says its own number, so that a test can see what is missing. */
export function numberedPayload(number: number, size = 0): CaptureEvent {
  return {
    type: "socket-payload",
    at: number,
    socket: "socket-1",
    direction: "in",
    payload: { kind: "text", text: `${number}`.padEnd(size, ".") },
  };
}

export function numbersOf(events: readonly CaptureEvent[]): number[] {
  return events.flatMap((event) => (event.type === "socket-payload" ? [event.at] : []));
}
