import type {
  ActAnswer,
  ActCommand,
  ActPayload,
  ActStrikes,
  CarrierId,
  PageAct,
} from "../../channel/acts.ts";
import { fromActPayload } from "../../channel/acts.ts";
import type { Interceptor } from "../interceptor.ts";
import type { PageNatives } from "../page-natives.ts";
import { quietly } from "../quietly.ts";
import type { Report } from "../report.ts";
import type { ActNatives, CarrierData } from "./act-natives.ts";
import { type Carrier, createCarrier } from "./carrier.ts";
import { createFaultBook } from "./fault-book.ts";
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

const CONNECTING = 0;
const OPEN = 1;
const GONE = "This connection is gone.";
const NOT_OPEN = "This connection is not open.";

export function createActs({ natives, act, report, answer, strikes, isHeard }: ActsOptions): Acts {
  const carriers = new Map<CarrierId, Carrier>();
  const cuts = new Map<CarrierId, (how: Extract<PageAct, { kind: "cut" | "close" }>) => string | undefined>();
  const posts = createPosts({ natives, act, report });
  const struck = new Map<string, number>();
  let cancelListening: (() => void) | undefined;

  const book = createFaultBook({
    random: act.random,
    struck(fault, count) {
      if (struck.size === 0) act.after(STRIKES_DELAY, () => quietly(tellStrikes));
      struck.set(fault, count);
    },
  });

  function tellStrikes(): void {
    const told = [...struck];
    struck.clear();
    for (const [fault, count] of told) strikes({ fault, count });
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
    for (const carrier of [...carriers.values()]) quietly(() => carrier.undo(decoded));
  }

  function leave(id: CarrierId): () => void {
    return () => {
      carriers.delete(id);
      cuts.delete(id);
    };
  }

  /** A sentence for the user, or undefined when it is done. */
  function refusalOf(asked: PageAct): string | undefined {
    switch (asked.kind) {
      case "faults":
        book.replace(asked.faults);
        for (const carrier of [...carriers.values()]) quietly(() => carrier.release());
        if (!book.isEmpty) listenForRelay();
        return undefined;
      case "simulate": {
        const carrier = carriers.get(asked.carrier);
        const data = decoded(asked.payload);
        if (carrier === undefined) return GONE;
        if (data === undefined) return "The payload could not be read.";
        return carrier.simulate(data) ? undefined : NOT_OPEN;
      }
      case "cut":
      case "close":
        return (cuts.get(asked.carrier) ?? (() => GONE))(asked);
      case "send": {
        const data = decoded(asked.payload);
        if (data === undefined) return "The payload could not be read.";
        const carrier = carriers.get(asked.carrier);
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
        else {
          if (asked.takesAnswers) carriers.get(asked.carrier)?.expect(data, asked.cancel);
          posts.send(asked.carrier, data, reply);
        }
        return;
      }
      try {
        reply(refusalOf(asked));
      } catch (error) {
        reply(error instanceof Error ? error.message.slice(0, 500) : "It failed.");
      }
    },
    undo,
    tapSocket(id, socket, recording) {
      const carrier = createCarrier(
        {
          id,
          isOpen: () => act.socketState(socket) === OPEN,
          send: (data) => act.send(socket, data),
          deliver: (data) => natives.dispatch(socket, act.socketMessage(socket, data)),
          ...recording,
          left: leave(id),
        },
        { natives, act, book },
      );
      carriers.set(id, carrier);
      cuts.set(id, (how) => {
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
      posts.name(id, act.streamUrl(source));
      const carrier = createCarrier(
        {
          id,
          isOpen: () => act.streamState(source) === OPEN,
          post: (data) => posts.send(id, data, () => {}),
          deliver(data) {
            if (typeof data === "string") natives.dispatch(source, act.streamMessage(source, data));
          },
          ...recording,
          left: leave(id),
        },
        { natives, act, book },
      );
      carriers.set(id, carrier);
      cuts.set(id, (how) => {
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
    namesExchange: posts.name,
    pagePosts: posts.learn,
  };
}

function decoded(payload: ActPayload): CarrierData | undefined {
  return fromActPayload(payload) as CarrierData | undefined;
}
