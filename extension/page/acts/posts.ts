import type { ExchangeId } from "../../../core/src/capture-event.ts";
import type { PagePost } from "../interceptor.ts";
import type { PageNatives } from "../page-natives.ts";
import { quietly } from "../quietly.ts";
import type { Report } from "../report.ts";
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
  report,
}: {
  readonly natives: PageNatives;
  readonly act: ActNatives;
  readonly report: Report;
}): Posts {
  const learnt = new Map<string, PagePost>();
  const names = new Map<ExchangeId, string>();
  let lastId = 0;
  const prefix = natives.randomId();

  function trim(map: Map<string, unknown>): void {
    if (map.size <= MOST_NAMES) return;
    const [oldest] = map.keys();
    if (oldest !== undefined) map.delete(oldest);
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
      act.fetch(url, { method: "POST", headers: { ...headers }, credentials, body: data }),
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
      learnt.delete(key);
      learnt.set(key, sent);
      trim(learnt);
    },
    name(exchange, url) {
      names.set(exchange, connectionAddress(url));
      trim(names);
    },
    knows: (exchange) => names.has(exchange),
    send(exchange, data, done) {
      const like = learnt.get(names.get(exchange) ?? "");
      if (like !== undefined) post(like, data, done);
      else done("Hubscope has not seen how this page sends: the page must send something first.");
    },
  };
}

/** One for all requests of a connection: without what changes from one to the next. */
function connectionAddress(url: string): string {
  const [, path = "", query = ""] = /^([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  const token = query.split("&").find((field) => /^id=/i.test(field)) ?? "";
  return `${path}?${token}`;
}
