import type { Clock } from "../channel/clock.ts";
import type { Greeting, ToPanel } from "../channel/messages.ts";

/**
 * Frames that have connected while it is not certain whether they belong to the page that is shown or to the next one,
 * whose top document has not greeted yet. Were they let in before, the navigation would clear what they said.
 */
export interface Newcomers {
  wait(greeting: Greeting): void;
  /** True: the document waits, and so does what it says; it dies before it is asked. */
  keep(document: string, message: ToPanel): boolean;
  /** The tab shows another page: who has gone was of the one before. */
  pageChanged(): void;
  /** The background has asked the top document to greet. */
  answered(): void;
  /** The port to the background is gone: they greet again. */
  linkLost(): void;
}

interface Waiting {
  readonly greeting: Greeting;
  readonly said: ToPanel[];
  /** Its port is gone. */
  isGone: boolean;
}

/** The greeting comes over another port than the answer. */
const TIME_TO_GREET = 200;
/** Of a page that gives no answer. */
const LONGEST_WAIT = 1_000;

export function createNewcomers({
  clock,
  ask,
  admit,
  signal,
}: {
  readonly clock: Clock;
  /** Has the top document greet. */
  readonly ask: () => void;
  /** `said`: what has come of it meanwhile, its end perhaps. */
  readonly admit: (greeting: Greeting, said: readonly ToPanel[]) => void;
  readonly signal: AbortSignal;
}): Newcomers {
  const waiting = new Map<string, Waiting>();

  function admitAll(all: readonly Waiting[]): void {
    for (const one of all) {
      const { document } = one.greeting;
      if (waiting.get(document) !== one) continue;
      waiting.delete(document);
      admit(one.greeting, one.said);
    }
  }

  return {
    wait(greeting) {
      if (waiting.has(greeting.document)) return;
      const one: Waiting = { greeting, said: [], isGone: false };
      waiting.set(greeting.document, one);
      clock.after(LONGEST_WAIT, () => admitAll([one]), signal);
      ask();
    },
    keep(document, message) {
      const one = waiting.get(document);
      if (one === undefined) return false;
      one.said.push(message);
      if (message.type === "document-disconnected") one.isGone = true;
      return true;
    },
    pageChanged() {
      for (const [document, { isGone }] of waiting) if (isGone) waiting.delete(document);
    },
    answered() {
      if (waiting.size === 0) return;
      const asked = [...waiting.values()];
      clock.after(TIME_TO_GREET, () => admitAll(asked), signal);
    },
    linkLost() {
      waiting.clear();
    },
  };
}
