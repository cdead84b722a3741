import { type CopiedPayload, copyPayload } from "./copy-payload.ts";
import type { CarrierTap } from "./interceptor.ts";
import { createOwnListeners } from "./own-listeners.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { replaceClass } from "./replace-class.ts";
import { replaceMethod, withArgument } from "./replace-method.ts";
import { sliceText, startsText } from "./text-natives.ts";
import { withPort } from "./url-parts.ts";
import { createWeakStore } from "./weak-store.ts";

export interface SocketObserver {
  opened(protocol: string): void;
  payload(direction: "out" | "in", payload: CopiedPayload): void;
  failed(): void;
  closed(close: { readonly code: number; readonly reason: string; readonly wasClean: boolean }): void;
  /** Absent where nobody can act. */
  readonly tap: CarrierTap | undefined;
}

export interface NewSocket {
  readonly socket: WebSocket;
  readonly url: string;
  readonly protocols?: readonly string[];
  /** The user wants it to fail. */
  readonly isRefused?: true;
}

/** Starts the observation of a socket. `ignore` ends it for good. */
export type ObserveSocket = (socket: NewSocket, ignore: () => void) => SocketObserver;

interface Watched {
  observer: SocketObserver | undefined;
}

const { apply, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { isPrototypeOf: isBelow } = Object.prototype;
const { isArray } = Array;
const OPEN = 1;

/**
 * Watches every WebSocket that the page opens. The page keeps the native objects: `new.target`, `instanceof`, static
 * members, errors, listener order. What it could notice is the source text of the constructor and of `send`.
 */
export function watchWebSocket(
  scope: PageScope,
  natives: PageNatives,
  observe: ObserveSocket,
  refuses: (url: string) => boolean = () => false,
  /** A socket that was of no interest is now. */
  wantsOthers: () => boolean = () => false,
): void {
  const native = scope.WebSocket;
  const watched = createWeakStore<WebSocket, Watched>();

  const platform = platformPrototype(native.prototype);

  /** A socket of another window has a hook there, which would report it too. */
  function isOurs(socket: WebSocket): boolean {
    return apply(isBelow, platform, [socket]);
  }

  function watch(socket: WebSocket, protocols: unknown, refused?: string): Watched {
    const entry: Watched = { observer: undefined };
    watched.put(socket, entry);
    const unlistenAll = listenAll(socket, entry);
    const texts = protocolTexts(protocols);
    const opening = {
      socket,
      url: refused ?? natives.socketUrl(socket),
      ...(refused === undefined ? {} : { isRefused: true as const }),
      ...(texts === undefined ? {} : { protocols: texts }),
    };
    entry.observer = observe(opening, () => {
      const { observer } = entry;
      entry.observer = undefined;
      observer?.tap?.leaves();
      unlistenAll();
    });
    return entry;
  }

  /** Registered before the page can register anything, so a payload is copied before a listener can change it. */
  function listenAll(socket: WebSocket, entry: Watched): () => void {
    const listeners = createOwnListeners(socket, natives);
    const on = (type: string, observed: (observer: SocketObserver, event: Event) => void) =>
      listeners.on(type, (event) => {
        if (entry.observer !== undefined) observed(entry.observer, event);
      });
    on("open", (observer) => observer.opened(natives.socketProtocol(socket)));
    // By itself: of most sockets nearly all is this.
    listeners.on("message", (event) => {
      const { observer } = entry;
      if (observer === undefined) return;
      const data = natives.data(event as MessageEvent);
      if (observer.tap?.takesMessage(data) === true) natives.stopAll(event);
      else observer.payload("in", copyPayload(data, natives));
    });
    on("error", (observer) => observer.failed());
    on("close", (observer, event) => {
      const close = event as CloseEvent;
      const shown = observer.tap?.takesClose();
      observer.closed(
        shown ?? {
          code: natives.closeCode(close),
          reason: natives.closeReason(close),
          wasClean: natives.wasClean(close),
        },
      );
      if (shown === undefined) return;
      natives.stopAll(event);
      natives.dispatch(socket, natives.closeEvent(shown));
    });
    return listeners.end;
  }

  /** Where to go instead, when an attempt must fail: browsers open port 1 to nobody, and fail as natively as ever. */
  function refusedAddress(asked: unknown): { readonly url: string; readonly instead: string } | undefined {
    const text = typeof asked === "string" ? asked : natives.urlText(asked as URL);
    // The platform has written its scheme in lower case.
    const absolute = natives.absoluteUrl(text, natives.baseUrl());
    const url = startsText(absolute, "http") ? `ws${sliceText(absolute, 4)}` : absolute;
    if (!(startsText(url, "ws:") || startsText(url, "wss:")) || !refuses(url)) return undefined;
    return { url, instead: withPort(url, 1) };
  }

  replaceMethod(native.prototype, "send", (call, self, args) => {
    // Asked before: a socket that is closing discards silently, and what was discarded did not pass.
    const isOpen = quietly(() => natives.readyState(self as WebSocket)) === OPEN;
    if (
      isOpen &&
      quietly(() => watched.find(self as WebSocket)?.observer?.tap?.takesSend(args[0])) === true
    ) {
      return undefined;
    }
    const result = call();
    if (isOpen) {
      quietly(() => {
        const socket = self as WebSocket;
        const known = watched.find(socket);
        // Unknown: opened before this hook was there. It is watched from its first send on.
        if (known === undefined && !isOurs(socket)) return;
        const isMet = known !== undefined && (known.observer !== undefined || !wantsOthers());
        const { observer } = isMet ? known : watch(socket, undefined);
        observer?.payload("out", copyPayload(args[0], natives));
      });
    }
    return result;
  });

  replaceMethod(native.prototype, "close", (call, self) => {
    const tap = quietly(() => watched.find(self as WebSocket)?.observer?.tap);
    quietly(() => tap?.pageCloses());
    // Throws for a code that it does not take, and then nothing has closed.
    const result = call();
    quietly(() => tap?.pageClosed());
    return result;
  });

  replaceClass(scope, "WebSocket", (make: (args?: readonly unknown[]) => WebSocket, args) => {
    const refused = quietly(() => refusedAddress(args[0]));
    const socket = refused === undefined ? make() : make(withArgument(args, 0, refused.instead));
    quietly(() => watch(socket, args[1], refused?.url));
    return socket;
  });
}

/** What all sockets of this window have in common, though another tool may have put a subclass in the platform's place. */
function platformPrototype(prototype: WebSocket): object {
  for (let at: object | null = prototype; at !== null; at = getPrototypeOf(at)) {
    if (getOwnPropertyDescriptor(at, "readyState") !== undefined) return at;
  }
  return prototype;
}

function protocolTexts(protocols: unknown): readonly string[] | undefined {
  if (typeof protocols === "string") return [protocols];
  if (!isArray(protocols)) return undefined;
  const texts: string[] = [];
  for (let at = 0; at < protocols.length; at++) {
    const text: unknown = protocols[at];
    // The platform makes text of anything else, and asking twice could be seen.
    if (typeof text !== "string") return undefined;
    texts[texts.length] = text;
  }
  return texts;
}
