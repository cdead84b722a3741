import { bare } from "../../channel/natives.ts";
import type { PagePost } from "../interceptor.ts";
import { append } from "../lists.ts";
import type { PageNatives } from "../page-natives.ts";
import { quietly } from "../quietly.ts";
import type { ActNatives, CarrierData } from "./act-natives.ts";
import { divide, joinPieces, type Piece } from "./pieces.ts";

/**
 * What was held of what the page sends by POSTs goes out by POSTs like the page's, one after another: two at once may
 * overtake each other on their way. What waits together goes in one, as the official client has it.
 */
export interface PostQueue {
  /** Something has not been answered yet. */
  readonly isBusy: boolean;
  /** The newest POST of the page: what goes out from now on is like it. */
  learn(post: PagePost): void;
  add(data: CarrierData): void;
  /** Calls back once everything has been answered, at once where nothing waits, or when that takes too long. */
  whenIdle(go: () => void): void;
}

/** The page ends its connection then, though a server does not answer. */
const LONGEST_WAIT = 2_000;

export function createPostQueue(
  natives: Pick<PageNatives, "settled">,
  act: Pick<ActNatives, "fetch" | "after">,
): PostQueue {
  let waiting: Piece[] = [];
  let ready: readonly CarrierData[] = [];
  let next = 0;
  let isSending = false;
  let like: PagePost | undefined;
  let idle: (() => void)[] = [];

  function sendNext(): void {
    if (isSending) return;
    if (next >= ready.length) {
      ready = joinPieces(waiting);
      waiting = [];
      next = 0;
    }
    const data = ready[next++];
    if (data === undefined || like === undefined) {
      const told = idle;
      idle = [];
      for (let at = 0; at < told.length; at++) quietly(() => told[at]?.());
      return;
    }
    isSending = true;
    const post = like;
    if (quietly(() => send(data, post)) !== true) sent();
  }

  function send(body: CarrierData, { url, headers, credentials }: PagePost): true {
    natives.settled(
      act.fetch(url, { method: "POST", headers: bare({ ...headers }), credentials, body }),
      sent,
      // The connection is gone, which the page hears where it receives.
      sent,
    );
    return true;
  }

  function sent(): void {
    isSending = false;
    sendNext();
  }

  return {
    get isBusy() {
      return isSending || waiting.length > 0 || next < ready.length;
    },
    learn(post) {
      like = post;
    },
    add(data) {
      const pieces = divide(data);
      for (let at = 0; at < pieces.length; at++) append(waiting, pieces[at] as Piece);
      sendNext();
    },
    whenIdle(go) {
      let isTold = false;
      const tell = () => {
        if (!isTold) go();
        isTold = true;
      };
      append(idle, tell);
      act.after(LONGEST_WAIT, tell);
      sendNext();
    },
  };
}
