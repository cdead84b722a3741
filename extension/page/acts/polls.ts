import { bare } from "../../channel/natives.ts";
import type { CopiedPayload } from "../copy-payload.ts";
import type { PagePoll, PagePolls, WirePoll } from "../interceptor.ts";
import { append, appendAll } from "../lists.ts";
import type { PageNatives } from "../page-natives.ts";
import { quietly } from "../quietly.ts";
import { REFUSED_ADDRESS } from "../refused-address.ts";
import type { ActNatives, CarrierData } from "./act-natives.ts";
import { copyBytes, joinBytes } from "./bytes.ts";
import type { Taken } from "./carrier.ts";
import { type PieceNatives, recordedPayload } from "./pieces.ts";

/**
 * Long polling as the page and the wire have it. While nothing is done the two are one: a poll of the page is a request,
 * and its promise settles with the request's. A message of ours answers the page's poll before the wire does; the request
 * goes on, and the page's next poll gets its answer.
 */
export interface Polls extends PagePolls {
  readonly isOpen: boolean;
  /** The page gets it with its next answer, now if it waits for one. */
  deliver(data: CarrierData): void;
  /** Records what the user has the page be told. */
  recordSimulated(payload: CopiedPayload): void;
  /** The page's poll fails as if the network had gone, or its next one. */
  cut(): void;
  /** The page has ended the connection. */
  pageLeft(): void;
  /** The newest one. */
  readonly last: PagePoll | undefined;
}

export interface PollsOptions {
  readonly natives: Pick<PageNatives, "promise" | "settled" | "listen" | "unlisten"> & PieceNatives;
  readonly act: Pick<
    ActNatives,
    | "statusOf"
    | "bodyOf"
    | "isEventStream"
    | "answerLike"
    | "isAborted"
    | "abortReason"
    | "encode"
    | "decode"
    | "fetch"
  >;
  /** Bodies are looked at. */
  readonly isLooking: () => boolean;
  readonly takesBody: (data: CarrierData) => Taken | undefined;
  /** The server has ended the connection: what is held comes out now. */
  readonly serverLeaves: () => void;
}

/** The poll that the page waits for. */
interface Asked {
  readonly poll: PagePoll;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: unknown) => void;
  unlisten: () => void;
}

/** The request that is under way, or has come to its end and was not yet told to the page. */
interface Wire {
  readonly poll: PagePoll;
  readonly wire: WirePoll;
  outcome:
    | { readonly kind: "answer"; readonly response: Response }
    | { readonly kind: "failure"; readonly error: unknown }
    | undefined;
  isRead: boolean;
  isLast: boolean;
}

const OK = 200;
const CUT = "Hubscope cut the connection.";

export function createPolls(options: PollsOptions): Polls {
  const { natives, act, isLooking, takesBody, serverLeaves } = options;
  let asked: Asked | undefined;
  let under: Wire | undefined;
  /** What the page has not got yet, before all that is on the wire. */
  let backlog: CarrierData[] = [];
  /** The newest answer of the server's, for what ours look like. */
  let like: Response | undefined;
  let last: PagePoll | undefined;
  let isCut = false;
  let isCutRecorded = false;
  let isOpen = false;

  function ask(poll: PagePoll): Promise<Response> {
    isOpen = true;
    last = poll;
    return natives.promise<Response>((resolve, reject) => {
      asked = { poll, resolve, reject, unlisten() {} };
    });
  }

  /** The page's own signal ends a request of its own; one that it has taken over knows another. */
  function listenToSignal(to: Asked): void {
    const { signal } = to.poll;
    if (signal === undefined) return;
    const heard = () =>
      quietly(() => {
        if (asked === to) fail(act.abortReason(signal));
      });
    natives.listen(signal, "abort", heard);
    to.unlisten = () => natives.unlisten(signal, "abort", heard);
  }

  function takeAsked(): Asked | undefined {
    const to = asked;
    asked = undefined;
    quietly(() => to?.unlisten());
    return to;
  }

  function answer(response: Response): void {
    takeAsked()?.resolve(response);
  }

  function fail(error: unknown): void {
    isOpen = false;
    takeAsked()?.reject(error);
  }

  function answerFromBacklog(): void {
    const body = joined(backlog);
    backlog = [];
    answer(act.answerLike(like, body));
  }

  function joined(all: readonly CarrierData[]): Uint8Array<ArrayBuffer> {
    let body = act.encode("");
    let text = "";
    for (let at = 0; at < all.length; at++) {
      const data = all[at];
      if (typeof data === "string") text += data;
      const isEnd = at + 1 === all.length || typeof all[at + 1] !== "string";
      if (isEnd && text !== "") body = joinBytes(body, act.encode(text));
      if (isEnd) text = "";
      if (data !== undefined && typeof data !== "string") body = joinBytes(body, data as Uint8Array);
    }
    return body;
  }

  /** Gives the page what there is for it. */
  function serve(): void {
    if (asked === undefined) return;
    if (backlog.length > 0) {
      answerFromBacklog();
      return;
    }
    if (isCut) {
      breakAsked();
      return;
    }
    const own = under;
    if (own === undefined) {
      goOut(asked);
      return;
    }
    const { outcome } = own;
    if (outcome === undefined) return;
    if (outcome.kind === "answer") respond(own, outcome.response);
    else if (!leavesFirst(own)) {
      under = undefined;
      fail(outcome.error);
    }
  }

  /** The server has left: what is held goes to the page before it hears of that. True: there was something. */
  function leavesFirst(own: Wire): boolean {
    const signal = asked?.poll.signal;
    // What is still coming when the page leaves is lost.
    if (own.isLast || (signal !== undefined && act.isAborted(signal))) return false;
    own.isLast = true;
    quietly(serverLeaves);
    return asked === undefined;
  }

  function respond(own: Wire, response: Response): void {
    if (act.statusOf(response) !== OK) {
      if (leavesFirst(own)) return;
      under = undefined;
      isOpen = false;
      answer(response);
      return;
    }
    if (own.isRead) return;
    like = response;
    if (!isLooking() || own.wire.recording.isOver || act.isEventStream(response)) {
      under = undefined;
      answer(response);
      return;
    }
    own.isRead = true;
    natives.settled(
      act.bodyOf(response),
      (body) => guarded(() => read(own, body)),
      (error) => {
        quietly(() => own.wire.recording.failed(error));
        if (under !== own) return;
        under = undefined;
        if (asked === undefined) return;
        if (isGivenUp(own, asked.poll)) goOut(asked);
        else fail(error);
      },
    );
  }

  function read(own: Wire, body: ArrayBuffer): void {
    const { recording } = own.wire;
    if (under !== own) return;
    under = undefined;
    const data = dataOf(body);
    const taken = data === undefined ? undefined : takesBody(data);
    quietly(() => {
      if (taken === undefined) {
        if (data !== undefined) recording.piece(recordedPayload(data, natives));
      } else {
        for (let at = 0; at < taken.parts.length; at++) {
          const part = taken.parts[at];
          if (part === undefined) continue;
          recording.piece(part.payload, part.act === undefined ? {} : { act: part.act });
        }
      }
      recording.ended();
    });
    if (taken !== undefined) appendAll(backlog, taken.passing);
    else if (data !== undefined) append(backlog, data);
    // Nothing of it is the page's: as if the server had had nothing to say for long, after which a client asks again.
    if (asked !== undefined) answerFromBacklog();
  }

  /** JSON is text, as the page would have it; MessagePack is none. */
  function dataOf(body: ArrayBuffer): CarrierData | undefined {
    const size = natives.bufferSize(body);
    if (size === 0) return undefined;
    return act.decode(body) ?? copyBytes(body, 0, size);
  }

  function arrived(own: Wire, response: Response): void {
    quietly(() => own.wire.arrived(response));
    if (under !== own) return;
    own.outcome = { kind: "answer", response };
    guarded(serve);
  }

  function failed(own: Wire, error: unknown): void {
    if (under !== own) return;
    quietly(() => own.wire.recording.failed(error));
    if (isGivenUp(own, asked?.poll)) {
      under = undefined;
      if (asked !== undefined) guarded(serve);
      return;
    }
    own.outcome = { kind: "failure", error };
    guarded(serve);
  }

  /** Its own poll was answered by us, and then given up: that is not how the poll ends that took it over. */
  function isGivenUp({ poll }: Wire, by: PagePoll | undefined): boolean {
    return poll !== by && poll.signal !== undefined && act.isAborted(poll.signal);
  }

  function attach(poll: PagePoll, wire: WirePoll): void {
    const own: Wire = { poll, wire, outcome: undefined, isRead: false, isLast: false };
    natives.settled(
      wire.answer,
      (response) => arrived(own, response),
      (error) => failed(own, error),
    );
    under = own;
  }

  /** The page's poll goes to the wire after all. */
  function goOut(to: Asked): void {
    try {
      attach(to.poll, to.poll.send());
    } catch (error) {
      fail(error);
    }
  }

  /** What goes wrong here must not leave the page waiting for ever. */
  function guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      fail(error);
    }
  }

  function breakAsked(): void {
    const to = takeAsked();
    if (to === undefined) return;
    isOpen = false;
    if (!isCutRecorded) quietly(() => to.poll.record().failed(CUT, "cut"));
    isCutRecorded = true;
    // In the words that the browser has for it.
    natives.settled(
      act.fetch(REFUSED_ADDRESS, bare({})),
      () => {},
      (error) => to.reject(error),
    );
  }

  return {
    get serves() {
      return asked === undefined && (isCut || under !== undefined || backlog.length > 0);
    },
    served(poll) {
      const promise = ask(poll);
      guarded(() => {
        if (asked !== undefined) listenToSignal(asked);
        serve();
      });
      return promise;
    },
    wired(poll, wire) {
      // Two at once: the server ends one of them, and whose answer is whose only the platform knows.
      if (asked !== undefined || under !== undefined) return undefined;
      attach(poll, wire);
      return ask(poll);
    },
    get isOpen() {
      return isOpen && !isCut;
    },
    deliver(data) {
      append(backlog, data);
      guarded(serve);
    },
    recordSimulated(payload) {
      const recording = last?.record("simulated");
      recording?.responded(OK);
      recording?.piece(payload, { act: "simulated" });
      recording?.ended();
    },
    cut() {
      const own = under;
      under = undefined;
      isCut = true;
      isCutRecorded = own !== undefined;
      quietly(() => own?.wire.recording.failed(CUT, "cut"));
      serve();
    },
    pageLeft() {
      isOpen = false;
      if (asked === undefined) quietly(() => under?.wire.recording.cancelled());
    },
    get last() {
      return last;
    },
  };
}
