import type { ExchangeId } from "../../../core/src/capture-event.ts";
import { bare } from "../../channel/natives.ts";
import type { PagePost } from "../interceptor.ts";
import { createKeyedStore, type KeyedStore } from "../lists.ts";
import type { PageNatives } from "../page-natives.ts";
import { quietly } from "../quietly.ts";
import type { Report } from "../report.ts";
import { lowerCase, placeIn, sliceText } from "../text-natives.ts";
import { pathEnd, queryEnd } from "../url-parts.ts";
import type { ActNatives, CarrierData } from "./act-natives.ts";
import { recordedPayload } from "./pieces.ts";

/** Sends where the transport only receives: by a POST like those that the page sends with. */
export interface Posts {
  /** The page sends so: the newest POST to an address is what ours is like. */
  learn(post: PagePost): void;
  /** An exchange is one of the connection at `url`. */
  name(exchange: ExchangeId, url: string): void;
  knows(exchange: ExchangeId): boolean;
  /** `done` gets a sentence for the user, or nothing. */
  send(exchange: ExchangeId, data: CarrierData, done: (refusal: string | undefined) => void): void;
}

/** A page that polls names exchanges without end. */
const MOST_NAMES = 500;

export function createPosts({
  natives,
  act,
  report: reported,
}: {
  readonly natives: PageNatives;
  readonly act: ActNatives;
  readonly report: Report;
}): Posts {
  const learnt = createKeyedStore<PagePost>();
  const names = createKeyedStore<string>();
  let lastId = 0;
  const prefix = natives.randomId();
  const report: Report = (event, pinned) => quietly(() => reported(event, pinned));

  function trim(store: KeyedStore<unknown>): void {
    if (store.size > MOST_NAMES) store.forgetOldest();
  }

  function post(like: PagePost, data: CarrierData, done: (refusal: string | undefined) => void): void {
    const exchange = `${prefix}-act-${++lastId}`;
    const { url, headers, credentials } = like;
    const body = recordedPayload(data, natives);
    if (body.kind === "later") {
      done("A Blob cannot be sent here.");
      return;
    }
    report(
      { type: "http-request", at: natives.now(), exchange, method: "POST", url, body, act: "sent" },
      true,
    );
    natives.settled(
      act.fetch(url, { method: "POST", headers: bare({ ...headers }), credentials, body: data }),
      (response) =>
        quietly(() => {
          const status = act.statusOf(response);
          report({ type: "http-response", at: natives.now(), exchange, status }, true);
          report({ type: "http-ended", at: natives.now(), exchange }, true);
          done(status >= 200 && status < 300 ? undefined : `The server answered with status ${status}.`);
        }),
      () =>
        quietly(() => {
          const error = "The request did not finish.";
          report({ type: "http-ended", at: natives.now(), exchange, error }, true);
          done(error);
        }),
    );
  }

  return {
    learn(sent) {
      const key = connectionAddress(sent.url);
      learnt.forget(key);
      learnt.put(key, sent);
      trim(learnt);
    },
    name(exchange, url) {
      names.put(exchange, connectionAddress(url));
      trim(names);
    },
    knows: (exchange) => names.has(exchange),
    send(exchange, data, done) {
      const like = learnt.find(names.find(exchange) ?? "");
      if (like !== undefined) post(like, data, done);
      else done("Hubscope has not seen how this page sends: the page must send something first.");
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
