import type {
  ActAnswer,
  ActCommand,
  ActPayload,
  ActStrikes,
  CarrierId,
  PageAct,
  PageFault,
} from "../../channel/acts.ts";
import { errorText } from "../error-text.ts";
import type { Interceptor } from "../interceptor.ts";
import { changed, createKeyedStore } from "../lists.ts";
import type { PageNatives } from "../page-natives.ts";
import { quietly } from "../quietly.ts";
import type { Report } from "../report.ts";
import { sliceText } from "../text-natives.ts";
import type { ActNatives, CarrierData } from "./act-natives.ts";
import { bytesOfBase64 } from "./bytes.ts";
import { type Carrier, createCarrier } from "./carrier.ts";
import { createFaultBook } from "./fault-book.ts";
import { connectionKey, createHttpLines } from "./http-lines.ts";
import { createPostQueue } from "./post-queue.ts";
import { createPosts } from "./posts.ts";

/** What the panel can have done to the transports of this document. */
export interface Acts extends Interceptor {
  perform(command: ActCommand): void;
  /** Nothing is broken any more; what was held is delivered. */
  undo(): void;
}

export interface ActsOptions {
  readonly natives: PageNatives;
  readonly act: ActNatives;
  readonly report: Report;
  readonly answer: (answer: ActAnswer) => void;
  readonly strikes: (strikes: ActStrikes) => void;
  /** The relay is still there. */
  readonly isHeard: () => boolean;
}

/** Firefox destroys the relay when the extension is reloaded, and nobody says so. */
const LISTEN_INTERVAL = 5_000;
/** A flood of strikes is told as one number. */
const STRIKES_DELAY = 100;

const MAX_REFUSAL_LENGTH = 500;
const CONNECTING = 0;
const OPEN = 1;
const GONE = "This connection is gone.";
const NOT_BY_FETCH =
  "This page does not poll by fetch: what it receives cannot be answered in the server's place, nor cut.";
const NOT_OPEN = "This connection is not open.";

export function createActs({ natives, act, report, answer, strikes, isHeard }: ActsOptions): Acts {
  const carriers = createKeyedStore<Carrier>();
  const cuts = createKeyedStore<(how: Extract<PageAct, { kind: "cut" | "close" }>) => string | undefined>();
  const posts = createPosts({ natives, act, report });
  const struck = createKeyedStore<number>();
  let cancelListening: (() => void) | undefined;

  const book = createFaultBook({
    random: act.random,
    struck(fault, count) {
      if (struck.size === 0) act.after(STRIKES_DELAY, () => quietly(tellStrikes));
      struck.put(fault, count);
    },
  });

  const lines = createHttpLines({
    natives,
    act,
    book,
    post: (exchange, data) => posts.send(exchange, data, { done() {}, answered() {} }),
  });

  function carrierOf(id: CarrierId): Carrier | undefined {
    return carriers.find(id) ?? lines.polling(id)?.carrier;
  }

  /** The panel names a connection over HTTP by any of its exchanges. */
  function inOurNames(fault: PageFault): PageFault {
    if (fault.kind === "refuse" || fault.carriers === undefined) return fault;
    return { ...fault, carriers: changed(fault.carriers, (id) => lines.keyOf(id) ?? id) };
  }

  function tellStrikes(): void {
    const told = struck.entries();
    struck.forgetAll();
    for (let at = 0; at < told.length; at++) {
      const entry = told[at];
      if (entry !== undefined) strikes({ fault: entry.key, count: entry.value });
    }
  }

  function eachCarrier(does: (carrier: Carrier) => void): void {
    const all = carriers.entries();
    for (let at = 0; at < all.length; at++) {
      const carrier = all[at]?.value;
      if (carrier !== undefined) quietly(() => does(carrier));
    }
    const polling = lines.carriers();
    for (let at = 0; at < polling.length; at++) quietly(() => does(polling[at] as Carrier));
  }

  function listenForRelay(): void {
    cancelListening?.();
    cancelListening = act.after(LISTEN_INTERVAL, () => {
      if (book.isEmpty) return;
      if (quietly(isHeard) === true) listenForRelay();
      else undo();
    });
  }

  function undo(): void {
    cancelListening?.();
    cancelListening = undefined;
    book.replace([]);
    eachCarrier((carrier) => carrier.undo(decoded));
  }

  function leave(id: CarrierId): () => void {
    return () => {
      carriers.forget(id);
      cuts.forget(id);
    };
  }

  function cutPolls(how: Extract<PageAct, { kind: "cut" | "close" }>): string | undefined {
    const polling = lines.polling(how.carrier);
    if (polling === undefined) return lines.keyOf(how.carrier) === undefined ? GONE : NOT_BY_FETCH;
    if (how.kind === "close") return "Long polling has no close codes: it can only be cut.";
    if (!polling.isOpen) return NOT_OPEN;
    polling.cut();
    return undefined;
  }

  function post(
    { carrier: id, takesAnswers, cancel }: Extract<PageAct, { kind: "send" }>,
    data: CarrierData,
    done: (refusal: string | undefined) => void,
  ): void {
    if (takesAnswers) carrierOf(id)?.expect(data, cancel);
    const answered = () => carrierOf(id)?.expectNone(data);
    posts.send(id, data, { done, answered });
  }

  /** A sentence for the user, or undefined when it is done. */
  function refusalOf(asked: PageAct): string | undefined {
    switch (asked.kind) {
      case "faults":
        book.replace(changed(asked.faults, inOurNames));
        eachCarrier((carrier) => carrier.release());
        if (!book.isEmpty) listenForRelay();
        return undefined;
      case "simulate": {
        const carrier = carrierOf(asked.carrier);
        const data = decoded(asked.payload);
        if (carrier === undefined) return lines.keyOf(asked.carrier) === undefined ? GONE : NOT_BY_FETCH;
        if (data === undefined) return "The payload could not be read.";
        return carrier.simulate(data) ? undefined : NOT_OPEN;
      }
      case "cut":
      case "close":
        return (cuts.find(asked.carrier) ?? cutPolls)(asked);
      case "send": {
        const data = decoded(asked.payload);
        if (data === undefined) return "The payload could not be read.";
        const carrier = carriers.find(asked.carrier);
        return carrier?.send(data, asked) === true ? undefined : carrier === undefined ? GONE : NOT_OPEN;
      }
      default:
        return asked satisfies never;
    }
  }

  return {
    refuses: book.refuses,
    perform({ command, act: asked }) {
      const reply = (refusal: string | undefined) =>
        answer(refusal === undefined ? { command } : { command, refusal });
      if (asked.kind === "send" && posts.knows(asked.carrier)) {
        const data = decoded(asked.payload);
        if (data === undefined) reply("The payload could not be read.");
        else post(asked, data, reply);
        return;
      }
      try {
        reply(refusalOf(asked));
      } catch (error) {
        reply(sliceText(errorText(error, "It failed."), 0, MAX_REFUSAL_LENGTH));
      }
    },
    undo,
    tapSocket(id, socket, recording) {
      const carrier = createCarrier(
        {
          id,
          isOpen: () => act.socketState(socket) === OPEN,
          send: (data) => act.send(socket, data),
          post: undefined,
          deliver: (data) => natives.dispatch(socket, act.socketMessage(socket, data)),
          ...recording,
          left: leave(id),
        },
        { natives, act, book },
      );
      carriers.put(id, carrier);
      cuts.put(id, (how) => {
        const state = act.socketState(socket);
        if (state !== OPEN && state !== CONNECTING) return NOT_OPEN;
        if (how.kind === "cut") {
          act.close(socket);
          // The platform closes as it should; the page is told otherwise.
          carrier.showClose({ code: 1006, reason: "", wasClean: false });
          carrier.ends("cut");
        } else {
          act.close(socket, how.code, how.reason);
          carrier.ends("closed");
        }
        return undefined;
      });
      return carrier;
    },
    tapStream(id, source, recording, cut) {
      const url = act.streamUrl(source);
      posts.name(id, url, act.hasStreamCredentials(source) ? "include" : "same-origin");
      const queue = createPostQueue(natives, act);
      const carrier = createCarrier(
        {
          id: connectionKey(url) ?? id,
          isOpen: () => act.streamState(source) === OPEN,
          send: undefined,
          postHeld: queue.add,
          isPosting: () => queue.isBusy,
          post: (data) => posts.send(id, data, { done() {}, answered() {} }),
          deliver(data) {
            if (typeof data === "string") natives.dispatch(source, act.streamMessage(source, data));
          },
          ...recording,
          left() {
            leave(id)();
            lines.leaveStream(url);
          },
        },
        { natives, act, book },
      );
      carriers.put(id, carrier);
      lines.joinStream(url, queue, carrier);
      cuts.put(id, (how) => {
        if (how.kind === "close") return "An event stream has no close codes: it can only be cut.";
        if (act.streamState(source) !== OPEN) return NOT_OPEN;
        act.closeStream(source);
        cut();
        carrier.leaves();
        natives.dispatch(source, act.errorEvent());
        return undefined;
      });
      return carrier;
    },
    failsStream(source, isKnown) {
      if (!book.refuses(act.streamUrl(source), isKnown)) return false;
      act.closeStream(source);
      act.after(0, () => natives.dispatch(source, act.errorEvent()));
      return true;
    },
    namesExchange(id, url) {
      posts.name(id, url);
      lines.name(id, url);
    },
    pagePosts: posts.learn,
    takesPost: lines.takesPost,
    pollsAt: lines.pollsAt,
    mayKeep: () => lines.mayKeep,
    keptAt: lines.keptAt,
    pageLeaves: lines.pageLeaves,
    pageSays: lines.pageSays,
  };
}

function decoded(payload: ActPayload): CarrierData | undefined {
  return payload.kind === "text" ? payload.text : bytesOfBase64(payload.base64);
}
