import type { ExchangeId } from "../../../core/src/capture-event.ts";
import { bare } from "../../channel/natives.ts";
import type { PagePost, PostInPlace } from "../interceptor.ts";
import { append, createKeyedStore, type KeyedStore } from "../lists.ts";
import type { PageNatives } from "../page-natives.ts";
import { quietly } from "../quietly.ts";
import { pathOf, queryValues } from "../url-parts.ts";
import type { ActNatives, CarrierData } from "./act-natives.ts";
import { type Carrier, type CarrierSurroundings, createCarrier } from "./carrier.ts";
import { piecesOf } from "./pieces.ts";
import { createPolls, type Polls } from "./polls.ts";
import { createPostQueue, type PostQueue } from "./post-queue.ts";

/** Connections of ASP.NET Core SignalR over HTTP: what one of them says goes over many requests to one address. */
export interface HttpLines {
  /** An exchange is one of the connection at `url`. */
  name(exchange: ExchangeId, url: string): void;
  /** What faults call the connection of an exchange. */
  keyOf(exchange: ExchangeId): string | undefined;
  /** What polls; undefined also where the page polls otherwise than by `fetch`. */
  polling(
    exchange: ExchangeId,
  ): { readonly carrier: Carrier; cut(): void; readonly isOpen: boolean } | undefined;
  /** The carriers that were made here. */
  carriers(): readonly Carrier[];
  pollsAt(url: string): Polls | undefined;
  /** False: there is no connection here. */
  readonly mayKeep: boolean;
  keptAt(url: string): Polls | undefined;
  takesPost(post: PagePost, data: unknown): PostInPlace | undefined;
  pageLeaves(url: string): ((go: () => void) => void) | undefined;
  pageSays(url: string, data: unknown): ((go: () => void) => void) | undefined;
  /** An event stream at this address brings what the server says. */
  joinStream(url: string, queue: PostQueue, carrier: Carrier): void;
  leaveStream(url: string): void;
}

export interface HttpLinesOptions extends CarrierSurroundings {
  readonly natives: PageNatives;
  readonly act: ActNatives;
  /** Says by a POST like the page's what must be said when all is undone. */
  readonly post: (exchange: ExchangeId, data: CarrierData) => void;
}

interface Line {
  readonly carrier: Carrier;
  readonly queue: PostQueue;
  /** Undefined: an event stream brings what the server says, and was here first. */
  readonly polls: Polls | undefined;
}

/** A page that polls names exchanges without end. */
const MOST_NAMES = 500;
const MOST_LINES = 500;

export function createHttpLines({ natives, act, book, post }: HttpLinesOptions): HttpLines {
  const lines = createKeyedStore<Line>();
  const names = createKeyedStore<string>();
  const newest = createKeyedStore<ExchangeId>();

  function put<T>(store: KeyedStore<T>, key: string, value: T, most: number): void {
    // The newest is forgotten last.
    store.forget(key);
    store.put(key, value);
    if (store.size > most) store.forgetOldest();
  }

  function open(key: string): Line {
    const queue = createPostQueue(natives, act);
    const polls: Polls = createPolls({
      natives,
      act,
      isLooking: () => carrier.isLooking,
      takesBody: (data) => carrier.takesBody(data),
      serverLeaves: () => carrier.leaves(),
    });
    const carrier = createCarrier(
      {
        id: key,
        // What polls otherwise than by `fetch` is not seen to end.
        isOpen: () => polls.isOpen || polls.last === undefined,
        send: undefined,
        postHeld: queue.add,
        isPosting: () => queue.isBusy,
        post(data) {
          const exchange = newest.find(key);
          if (exchange !== undefined) post(exchange, data);
        },
        deliver: polls.deliver,
        report: (_direction, payload) => polls.recordSimulated(payload),
        isRecorded: () => true,
        left() {},
      },
      { natives, act, book },
    );
    const line = { carrier, queue, polls };
    put(lines, key, line, MOST_LINES);
    return line;
  }

  function lineAt(url: string): Line | undefined {
    const key = connectionKey(url);
    return key === undefined ? undefined : lines.find(key);
  }

  /** As if nobody were there any more: the server learns it at once, as it does from a socket that closes. */
  function leaveServer(polls: Polls, queue: PostQueue): void {
    const like = polls.last;
    if (like === undefined) return;
    const { url, headers, credentials } = like;
    // Past the cache: Chromium's would let it wait 20 s for the poll under way, which has the same address.
    const cache = "no-store";
    queue.whenIdle(() =>
      natives.settled(
        act.fetch(url, { method: "DELETE", headers: bare({ ...headers }), credentials, cache }),
        () => {},
        () => {},
      ),
    );
  }

  return {
    name(exchange, url) {
      const key = connectionKey(url);
      if (key === undefined) return;
      put(names, exchange, key, MOST_NAMES);
      put(newest, key, exchange, MOST_LINES);
    },
    keyOf: (exchange) => names.find(exchange),
    polling(exchange) {
      const line = lines.find(names.find(exchange) ?? "");
      if (line?.polls?.last === undefined) return undefined;
      const { carrier, polls, queue } = line;
      return {
        carrier,
        get isOpen() {
          return polls.isOpen;
        },
        cut() {
          carrier.leaves();
          polls.cut();
          quietly(() => leaveServer(polls, queue));
        },
      };
    },
    carriers() {
      const all: Carrier[] = [];
      const known = lines.entries();
      for (let at = 0; at < known.length; at++) {
        const line = known[at]?.value;
        if (line?.polls !== undefined) append(all, line.carrier);
      }
      return all;
    },
    pollsAt(url) {
      const key = connectionKey(url);
      if (key === undefined) return undefined;
      const known = lines.find(key);
      return known === undefined ? open(key).polls : known.polls;
    },
    get mayKeep() {
      return lines.size > 0;
    },
    keptAt: (url) => lineAt(url)?.polls,
    takesPost(sent, data) {
      const key = connectionKey(sent.url);
      if (key === undefined) return undefined;
      const line = lines.find(key) ?? (book.isEmpty ? undefined : open(key));
      if (line === undefined) return undefined;
      line.queue.learn(sent);
      const taken = line.carrier.takesPost(data);
      if (taken === undefined) return undefined;
      const { passing, parts } = taken;
      // Framed records join; of what does not, the rest follows.
      for (let at = 1; at < passing.length; at++) line.queue.add(passing[at] as CarrierData);
      const first = passing.length > 0 ? passing[0] : undefined;
      return { body: first ?? (typeof data === "string" ? "" : new Bytes(0)), parts };
    },
    pageSays(url, data) {
      const line = lineAt(url);
      if (line?.carrier.isHolding !== true || !isGoodbye(data, natives)) return undefined;
      line.carrier.pageCloses();
      return line.queue.isBusy ? line.queue.whenIdle : undefined;
    },
    pageLeaves(url) {
      const key = connectionKey(url);
      const line = lineAt(url);
      if (key === undefined || line === undefined) return undefined;
      const { carrier, queue, polls } = line;
      carrier.pageCloses();
      polls?.pageLeft();
      carrier.pageClosed();
      lines.forget(key);
      return queue.isBusy ? queue.whenIdle : undefined;
    },
    leaveStream(url) {
      const key = connectionKey(url);
      if (key !== undefined) lines.forget(key);
    },
    joinStream(url, queue, carrier) {
      const key = connectionKey(url);
      if (key !== undefined) put(lines, key, { carrier, queue, polls: undefined }, MOST_LINES);
    },
  };
}

const Bytes = Uint8Array;
const CLOSE = 7;

/** With it the client says that it has nothing more to say. */
function isGoodbye(data: unknown, natives: PageNatives): boolean {
  const pieces = piecesOf(data, "out", natives);
  if (pieces === undefined) return false;
  for (let at = 0; at < pieces.length; at++) if (pieces[at]?.record?.type === CLOSE) return true;
  return false;
}

/** One for all requests of a connection. Undefined for what no negotiate has named. */
export function connectionKey(url: string): string | undefined {
  const tokens = queryValues(url, ["id"]);
  const token = tokens.length > 0 ? tokens[0] : undefined;
  return token === undefined ? undefined : `${pathOf(url)}?${token}`;
}
