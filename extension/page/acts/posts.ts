import type { ExchangeId } from "../../../core/src/capture-event.ts";
import type { PagePost } from "../interceptor.ts";
import { createKeyedStore, type KeyedStore } from "../lists.ts";
import type { PageNatives } from "../page-natives.ts";
import { quietly } from "../quietly.ts";
import type { Report } from "../report.ts";
import { lowerCase, placeIn, sliceText } from "../text-natives.ts";
import { pathEnd, queryEnd } from "../url-parts.ts";
import type { ActNatives, CarrierData } from "./act-natives.ts";
import { classicRequest } from "./classic-post.ts";
import { type PostOutcome, type PostWay, sendPost } from "./post-request.ts";

/** Sends where the transport only receives: by a POST like those that the page sends with. */
export interface Posts {
  /** The page asks so: the newest POST to an address is what ours is like. */
  learn(post: PagePost): void;
  /**
   * An exchange is one of the connection at `url`. `credentials`: what it was asked for with, for a classic connection of
   * which nothing else has been seen.
   */
  name(exchange: ExchangeId, url: string, credentials?: RequestCredentials): void;
  knows(exchange: ExchangeId): boolean;
  send(exchange: ExchangeId, data: CarrierData, outcome: PostOutcome): void;
}

/** A page that polls names exchanges without end. */
const MOST_NAMES = 500;

interface LearntWay extends PostWay {
  /** The page has sent by it; otherwise it was made of other requests of the connection. */
  readonly isSeen: boolean;
}

export function createPosts({
  natives,
  act,
  report: reported,
}: {
  readonly natives: PageNatives;
  readonly act: ActNatives;
  readonly report: Report;
}): Posts {
  const learnt = createKeyedStore<LearntWay>();
  const names = createKeyedStore<string>();
  let lastId = 0;
  const prefix = natives.randomId();
  const report: Report = (event, pinned) => quietly(() => reported(event, pinned));

  function trim(store: KeyedStore<unknown>): void {
    if (store.size > MOST_NAMES) store.forgetOldest();
  }

  function keep(key: string, way: LearntWay): void {
    // The newest is forgotten last.
    learnt.forget(key);
    learnt.put(key, way);
    trim(learnt);
  }

  return {
    learn({ method, url, headers, credentials }) {
      const classic = classicRequest(url, method);
      if (classic === undefined) {
        keep(connectionAddress(url), { url, headers, credentials, isForm: false, isSeen: true });
        return;
      }
      const { key, sendUrl, isSend } = classic;
      if (isSend || learnt.find(key)?.isSeen !== true)
        keep(key, { url: sendUrl, headers, credentials, isForm: true, isSeen: isSend });
    },
    name(exchange, url, credentials = "same-origin") {
      const classic = classicRequest(url, "GET");
      const key = classic?.key ?? connectionAddress(url);
      names.put(exchange, key);
      trim(names);
      if (classic !== undefined && !learnt.has(key))
        keep(key, { url: classic.sendUrl, headers: {}, credentials, isForm: true, isSeen: false });
    },
    knows: (exchange) => names.has(exchange),
    send(exchange, data, outcome) {
      const way = learnt.find(names.find(exchange) ?? "");
      if (way !== undefined)
        sendPost(way, data, outcome, { exchange: `${prefix}-act-${++lastId}`, natives, act, report });
      else outcome.done("Hubscope has not seen how this page sends: the page must send something first.");
    },
  };
}

/** One for all requests of a connection: without what changes from one to the next. */
function connectionAddress(url: string): string {
  const end = pathEnd(url);
  const stop = queryEnd(url);
  let token = "";
  for (let start = end + 1; start < stop && token === ""; ) {
    const next = placeIn(url, "&", start);
    const fieldEnd = next < 0 || next > stop ? stop : next;
    if (lowerCase(sliceText(url, start, start + 3)) === "id=") token = sliceText(url, start, fieldEnd);
    start = fieldEnd + 1;
  }
  return `${sliceText(url, 0, end)}?${token}`;
}
