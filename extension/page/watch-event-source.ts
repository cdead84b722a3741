import { getter } from "../channel/natives.ts";
import type { CarrierTap } from "./interceptor.ts";
import { createOwnListeners } from "./own-listeners.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { replaceClass } from "./replace-class.ts";
import { replaceMethod } from "./replace-method.ts";
import { createWeakStore } from "./weak-store.ts";

/** One event as the browser gives it out: the lines that it came in are gone. */
export interface StreamEventFacts {
  readonly type: string;
  readonly data: string;
  /** The stream's last event ID, of this event or of an earlier one. */
  readonly id: string;
}

export interface StreamObserver {
  /** The first attempt, or one that the browser made by itself, was answered by a stream. */
  opened(): void;
  event(event: StreamEventFacts): void;
  /** The stream has ended, or was not to be had: the browser does not say which, nor why. */
  broke(goesOn: boolean): void;
  /** The user wants it to fail. */
  refused(): void;
  /** The page closed it. */
  closed(): void;
  /** No more of it is wanted. */
  readonly isOver: boolean;
  /** Its address says that it is SignalR's. */
  readonly isKnown: boolean;
  /** SignalR's streams have none; those of others may have nothing else. */
  readonly hasNamedEvents: boolean;
  /** Absent where nobody can act. */
  readonly tap: CarrierTap | undefined;
}

/** Starts the observation of a stream; undefined when it cannot be of interest. */
export type ObserveStream = (source: EventSource, url: string) => StreamObserver | undefined;

interface Watched {
  readonly observer: StreamObserver;
  /** Listens for events of this type too. */
  readonly hear: (type: string) => void;
  /** Lets go of it when no more of it is wanted. */
  readonly rest: () => void;
}

const CONNECTING = 0;
const CLOSED = 2;

/**
 * Watches every EventSource that the page opens, by listeners that are there before the page can add its own; the page
 * keeps the native object. A stream that was opened before the hook was there is not seen: nothing leads to it.
 */
export function watchEventSource(
  scope: PageScope,
  natives: PageNatives,
  observe: ObserveStream,
  fails: (source: EventSource, isKnown: boolean) => boolean = () => false,
): void {
  const { prototype } = scope.EventSource;
  const url = getter(prototype, "url");
  const readyState = getter(prototype, "readyState");
  const lastEventId = getter(scope.MessageEvent.prototype, "lastEventId");
  const watched = createWeakStore<EventSource, Watched>();
  let hearsNames = false;

  function watch(source: EventSource): void {
    const observer = observe(source, url(source));
    if (observer === undefined) return;
    const listeners = createOwnListeners(source, natives);

    function rest(): void {
      if (observer?.isOver !== true) return;
      observer.tap?.leaves();
      listeners.end();
    }

    /** `otherwise`: a server may name its events `open` and `error` too; the platform's own have no data. */
    function onEvent(type: string, otherwise?: () => void): void {
      listeners.on(type, (event) => {
        const data = quietly(() => natives.data(event as MessageEvent));
        if (typeof data !== "string") otherwise?.();
        else if (observer?.tap?.takesMessage(data) === true) natives.stopAll(event);
        else observer?.event({ type, data, id: lastEventId(event as MessageEvent) });
        rest();
      });
    }

    // Taken before anything of the page's runs: this is the first listener of each type.
    onEvent("open", () => observer.opened());
    onEvent("message");
    onEvent("error", () => observer.broke(readyState(source) === CONNECTING));
    const heard: Record<string, true | undefined> = Object.create(null);
    heard["open"] = heard["message"] = heard["error"] = true;
    watched.put(source, {
      observer,
      hear(type) {
        if (heard[type] === true || observer.isOver) return;
        heard[type] = true;
        onEvent(type);
      },
      rest,
    });
    if (observer.hasNamedEvents) hearNames();
  }

  /**
   * Named events are learnt from the page's own listeners. `addEventListener` is the whole page's, so it is replaced
   * only once a stream that is not SignalR's is wanted, and before the page has that stream in hand.
   */
  function hearNames(): void {
    if (hearsNames) return;
    hearsNames = true;
    replaceMethod(scope.EventTarget.prototype, "addEventListener", (call, self, args) => {
      const type = args[0];
      if (typeof type === "string") quietly(() => watched.find(self as EventSource)?.hear(type));
      return call();
    });
  }

  replaceMethod(prototype, "close", (call, self) => {
    const source = self as EventSource;
    const entry = quietly(() => (readyState(source) === CLOSED ? undefined : watched.find(source)));
    if (entry === undefined) return call();
    const { observer } = entry;
    quietly(() => observer.tap?.pageCloses());
    const result = call();
    quietly(() => observer.tap?.pageClosed());
    quietly(() => observer.closed());
    // No event comes of this any more.
    quietly(entry.rest);
    return result;
  });

  replaceClass(scope, "EventSource", (make: () => EventSource) => {
    const source = make();
    quietly(() => {
      watch(source);
      const entry = watched.find(source);
      if (entry === undefined || !fails(source, entry.observer.isKnown)) return;
      entry.observer.refused();
      entry.rest();
    });
    return source;
  });
}
