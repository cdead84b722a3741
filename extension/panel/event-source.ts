import type { CaptureEvent, Milliseconds } from "../../core/src/capture-event.ts";
import { createBackOff } from "../channel/back-off.ts";
import type { Clock } from "../channel/clock.ts";
import {
  type FromPanel,
  type Greeting,
  type NumberedEvent,
  TO_PANEL,
  type ToPanel,
} from "../channel/messages.ts";
import { createPortChannel, type Port } from "../channel/port.ts";
import { sitePattern } from "../channel/sites.ts";
import { createInspectedDocuments } from "./inspected-documents.ts";
import { createNavigation } from "./navigation.ts";
import { createNewcomers } from "./newcomers.ts";
import type { PanelStatus } from "./panel-status.ts";

/** The recording of the inspected tab, from all its documents. */
export interface PanelSource {
  readonly status: PanelStatus;
  /** Where the panel itself may not ask for access: opens the page that may. */
  openGrantPage(site: string): void;
  /** Asks which of these frames' sites may not be read; `framesAnswered` gets the answer. */
  surveyFrames(urls: readonly string[]): void;
  /** Recording of the inspected page's origin is wanted again. */
  switchOn(): void;
  openOptions(): void;
  /** Has something done in a document. False: there is no way to it at the moment. */
  act(command: DocumentCommand): boolean;
  close(): void;
}

export interface PanelSourceOptions {
  readonly clock: Clock;
  /** Opens a port to the background, which starts it if it is not running. Throws when the extension is gone. */
  readonly connect: () => Port;
  /** The extension that this panel belongs to is gone for good. */
  readonly isExtensionGone: () => boolean;
  /** Address of the inspected page; undefined when no extension may look at it. */
  readonly inspectedUrl: () => Promise<string | undefined>;
  /** When the inspected document began: names it for as long as it is shown. Undefined where nobody can tell. */
  readonly inspectedStart: () => Promise<number | undefined>;
  /** When the tab came to show it, in milliseconds since the epoch, where anybody can tell. */
  readonly inspectedSince?: () => Promise<number | undefined>;
  /** Also called when a page changes its address by itself. */
  readonly onNavigated: (listener: (url: string) => void) => void;
  readonly reload: () => void;
  readonly apply: (event: CaptureEvent) => void;
  /** Whether what was recorded stays when the tab goes to another page. */
  readonly preservesLog: () => boolean;
  /** The tab shows another page, which began at `began`, if that is known, and nothing of the pages before is wanted. */
  readonly clear: (began: Milliseconds | undefined) => void;
  /** Devtools show another document, or the same one anew, which began at `began`; after `clear`. */
  readonly documentChanged?: (began: Milliseconds) => void;
  readonly statusChanged: (status: PanelStatus) => void;
  readonly framesAnswered?: (answer: Extract<ToPanel, { type: "frames-access" }>["body"]) => void;
  /** Hears what acting on documents needs to know. */
  readonly acts?: ActListener;
}

export type DocumentCommand = Extract<FromPanel, { type: "act" }>["body"];

export interface ActListener {
  /** For the first time, or again after its relay or the background was gone. */
  connected(document: string): void;
  /** Events as they came; see `fromWire`. */
  arrived(document: string, events: readonly NumberedEvent[]): void;
  answered(answer: Extract<ToPanel, { type: "act-answered" }>["body"]): void;
  struck(strikes: Extract<ToPanel, { type: "fault-struck" }>["body"]): void;
  disconnected(document: string): void;
}

/** Well within the 30 seconds after which browsers stop an idle background. */
const KEEP_ALIVE_INTERVAL = 20_000;
/** After a navigation devtools may know the new document before its relay has started. */
const SURVEYS_BEFORE_ORPHANED = 5;
/** Longer than a document takes to replace another. */
const SURVEYS_BEFORE_BROWSER_PAGE = 3;
/** Devtools do not tell extensions that the tab went to a page of the browser's own: that the page is gone is all there is to go by. */
const TIME_TO_ARRIVE = 1_000;

export function createPanelSource(options: PanelSourceOptions): PanelSource {
  const {
    clock,
    connect,
    isExtensionGone,
    inspectedUrl,
    inspectedStart,
    inspectedSince = async () => undefined,
    onNavigated,
    reload,
    apply,
    preservesLog,
    clear,
    statusChanged,
  } = options;
  const navigation = createNavigation();
  const backOff = createBackOff();
  const life = new AbortController();
  let status: PanelStatus = { kind: "starting" };
  let link: { readonly send: (message: FromPanel) => void; readonly end: AbortController } | undefined;
  let surveys = 0;
  let url: string | undefined;
  let shownStart: number | undefined;
  let lastShown: Milliseconds = clock.now();
  let topDocument: string | undefined;
  let isLate = false;
  const documents = createInspectedDocuments({
    clock,
    apply,
    acknowledge: (body) => send({ type: "acknowledge", body }),
    signal: life.signal,
    isRecorded: () => status.kind !== "switched-off" && status.kind !== "not-granted",
  });
  const newcomers = createNewcomers({ clock, ask: survey, admit, signal: life.signal });

  function become(next: PanelStatus): void {
    status = next;
    statusChanged(next);
  }

  function open(): void {
    if (life.signal.aborted) return;
    const end = new AbortController();
    try {
      const port = connect();
      const { send, receive } = createPortChannel<typeof TO_PANEL, FromPanel>(port, TO_PANEL);
      link = { send, end };
      receive(answer, end.signal);
      port.onDisconnect(() => {
        if (!end.signal.aborted) linkBroke();
      });
      end.signal.addEventListener("abort", () => port.disconnect(), { once: true });
      keepAlive(end.signal);
      documents.linkOpened();
      survey();
    } catch {
      // The background is being stopped or replaced: the next attempt finds out.
      linkBroke();
    }
  }

  function linkBroke(): void {
    link?.end.abort();
    link = undefined;
    documents.linkLost();
    newcomers.linkLost();
    if (isExtensionGone()) retire();
    else clock.after(backOff.next(), open, life.signal);
  }

  /** What is shown stays; what is promised does not. */
  function retire(): void {
    life.abort();
    become({ kind: "superseded" });
  }

  function send(message: FromPanel): void {
    try {
      link?.send(message);
    } catch {
      // A port that has just gone; what it did not say is said when the next one opens.
      linkBroke();
    }
  }

  function keepAlive(signal: AbortSignal): void {
    clock.after(
      KEEP_ALIVE_INTERVAL,
      () => {
        send({ type: "keep-alive", body: undefined });
        if (!signal.aborted) keepAlive(signal);
      },
      signal,
    );
  }

  /** Asks where the inspected page stands. The answer comes as `access`. */
  function survey(): void {
    void inspectedUrl().then((found) => {
      if (life.signal.aborted) return;
      url = found;
      if (found === undefined) return unanswered();
      if (sitePattern(found) === undefined) {
        return become({ kind: "cannot-record", reason: "not-a-web-page" });
      }
      send({ type: "survey", body: { url: found } });
    });
  }

  /** Nobody may look at the page, or it is on its way: a document that is being replaced does not answer either. */
  function unanswered(): void {
    if (surveys < SURVEYS_BEFORE_BROWSER_PAGE) {
      surveys++;
      clock.after(surveyDelay(surveys), survey, life.signal);
    } else {
      become({ kind: "cannot-record", reason: "browser-page" });
    }
  }

  function answer(message: ToPanel): void {
    backOff.reset();
    take(message);
  }

  function take(message: ToPanel): void {
    switch (message.type) {
      case "document-connected":
        welcome(message.body);
        return;
      case "document-disconnected":
        options.acts?.disconnected(message.body.document);
        pageMayBeGone(message.body.document);
        if (newcomers.keep(message.body.document, message)) return;
        documents.disconnected(message.body.document);
        return;
      case "leaving":
        if (newcomers.keep(message.body.document, message)) return;
        documents.told(message.body.document, message.body.number);
        documents.leaving(message.body.document, message.body.cached);
        pageMayBeGone(message.body.document);
        return;
      case "batch":
        if (newcomers.keep(message.body.document, message)) return;
        options.acts?.arrived(message.body.document, message.body.events);
        documents.batch(message.body.document, message.body.events);
        return;
      case "piece":
        if (newcomers.keep(message.body.document, message)) return;
        documents.piece(message.body.document, message.body);
        return;
      case "act-answered":
        options.acts?.answered(message.body);
        return;
      case "fault-struck":
        options.acts?.struck(message.body);
        return;
      case "frames-access":
        options.framesAnswered?.(message.body);
        return;
      case "access":
        newcomers.answered();
        learn(message.body);
        return;
      default:
        message satisfies never;
    }
  }

  function welcome(greeting: Greeting): void {
    const { document, url: documentUrl, frame, shownAt } = greeting;
    // A frame of another origin; what the page is made of is not recorded either.
    if (status.kind === "switched-off" && frame === "child") return;
    if (frame === "top") {
      topDocument = document;
      if (navigation.documentSaw(document, documentUrl, shownAt)) navigated(documentUrl, shownAt);
      isLate = greeting.isLate;
      become(recording(documentUrl));
    } else if (!documents.has(document) && !preservesLog()) {
      newcomers.wait(greeting);
      return;
    }
    resume(greeting);
  }

  /** A frame that has said something and died while it waited is as welcome. */
  function admit(greeting: Greeting, said: readonly ToPanel[]): void {
    resume(greeting);
    for (const message of said) take(message);
  }

  function recording(of: string): PanelStatus {
    return { kind: "recording", url: of, ...(isLate ? { isLate } : {}) };
  }

  function pageMayBeGone(document: string): void {
    if (document !== topDocument) return;
    topDocument = undefined;
    clock.after(
      TIME_TO_ARRIVE,
      () => {
        // Another document has greeted, or devtools have said where the tab went: all is known.
        if (topDocument !== undefined || status.kind !== "recording") return;
        surveys = 0;
        survey();
      },
      life.signal,
    );
  }

  function resume({ document, number }: Greeting): void {
    send({ type: "resume", body: { document, number: documents.connected(document) } });
    documents.told(document, number);
    options.acts?.connected(document);
  }

  function learn(access: Extract<ToPanel, { type: "access" }>["body"]): void {
    // An answer about a page that the tab has left.
    if (access.url !== url) return;
    if (!access.relay && (!access.granted || access.switchedOff)) navigation.shownWithoutDocument();
    if (!access.granted) {
      become({ kind: "not-granted", url: access.url });
      documents.unrecorded();
    } else if (access.switchedOff) {
      become({ kind: "switched-off", url: access.url });
      documents.unrecorded();
    } else if (access.relay) {
      become(recording(access.url));
    } else if (status.kind === "not-granted" || status.kind === "switched-off") {
      // Access has just been given or recording switched on: content scripts come with the next load.
      become({ kind: "starting" });
      reload();
    } else if (surveys < SURVEYS_BEFORE_ORPHANED) {
      surveys++;
      clock.after(surveyDelay(surveys), survey, life.signal);
    } else {
      become({ kind: "orphaned", url: access.url });
    }
  }

  function navigated(to: string, shownAt: Milliseconds | undefined): void {
    const isKept = preservesLog();
    const now = clock.now();
    // It may have spoken before anybody heard of it. One that was shown from a cache began before the page that it follows.
    const began = shownAt !== undefined && shownAt >= lastShown && shownAt <= now ? shownAt : undefined;
    const at = began ?? now;
    lastShown = at;
    documents.pageChanged(!isKept);
    newcomers.pageChanged();
    if (isKept) apply({ type: "page-navigated", at, url: to });
    else clear(began);
  }

  async function devtoolsSaw(to: string): Promise<void> {
    if (life.signal.aborted) return;
    const [start, since] = await Promise.all([inspectedStart(), inspectedSince()]);
    if (life.signal.aborted) return;
    const isSameDocument = start !== undefined && start === shownStart;
    shownStart = start;
    if (isSameDocument) return;
    if (navigation.devtoolsSaw(to, since)) navigated(to, since);
    options.documentChanged?.(lastShown);
    isLate = false;
    surveys = 0;
    become({ kind: "starting" });
    survey();
  }

  onNavigated((to) => void devtoolsSaw(to));
  void inspectedStart().then((start) => {
    shownStart ??= start;
  });
  open();

  return {
    get status() {
      return status;
    },
    openGrantPage(site) {
      send({ type: "open-grant-page", body: { url: site } });
    },
    surveyFrames(urls) {
      send({ type: "survey-frames", body: { urls } });
    },
    switchOn() {
      if (url !== undefined) send({ type: "switch-on", body: { url } });
    },
    openOptions() {
      send({ type: "open-options", body: { url } });
    },
    act(command) {
      if (link === undefined) return false;
      send({ type: "act", body: command });
      return true;
    },
    close() {
      life.abort();
      link?.end.abort();
    },
  };
}

function surveyDelay(attempt: number): number {
  return 100 * 2 ** attempt;
}
