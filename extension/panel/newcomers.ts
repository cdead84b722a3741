import type { Clock } from "../channel/clock.ts";
import type { DocumentIdentity } from "../channel/messages.ts";

/**
 * Frames that have connected while it is not certain whether they belong to the page that is shown or to the next one,
 * whose top document has not greeted yet. Were they let in before, the navigation would clear what they said.
 */
export interface Newcomers {
  wait(identity: DocumentIdentity): void;
  /** The background has asked the top document to greet. */
  answered(): void;
  disconnected(document: string): void;
  /** The port to the background is gone: they greet again. */
  linkLost(): void;
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
  readonly admit: (identity: DocumentIdentity) => void;
  readonly signal: AbortSignal;
}): Newcomers {
  const waiting = new Map<string, DocumentIdentity>();

  function admitAll(identities: readonly DocumentIdentity[]): void {
    for (const identity of identities) {
      if (waiting.get(identity.document) !== identity) continue;
      waiting.delete(identity.document);
      admit(identity);
    }
  }

  return {
    wait(identity) {
      if (waiting.has(identity.document)) return;
      waiting.set(identity.document, identity);
      clock.after(LONGEST_WAIT, () => admitAll([identity]), signal);
      ask();
    },
    answered() {
      if (waiting.size === 0) return;
      const asked = [...waiting.values()];
      clock.after(TIME_TO_GREET, () => admitAll(asked), signal);
    },
    disconnected(document) {
      waiting.delete(document);
    },
    linkLost() {
      waiting.clear();
    },
  };
}
