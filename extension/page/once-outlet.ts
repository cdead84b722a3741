import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { eventSize, withPayloadWithin } from "../channel/event-size.ts";
import { UNWATCHED_LIMITS } from "../channel/limits.ts";
import { toWire } from "../channel/wire-event.ts";
import type { PageNatives } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import type { Report } from "./report.ts";

/** What the panel asks with: an event on the document whose name is the key, and whose detail is this. */
export interface OnceQuestion {
  /** By document: the last number that has arrived. */
  readonly after: Readonly<Record<string, number>>;
  answer?: OnceAnswer;
}

export interface OnceAnswer {
  readonly document: string;
  /** In order; bytes are base64. */
  readonly events: readonly { readonly number: number; readonly event: unknown }[];
  /** Events that were forgotten before anyone asked for them. */
  readonly lost: number;
  /** There is more: ask again. */
  readonly more: boolean;
}

interface Kept {
  readonly number: number;
  readonly event: CaptureEvent;
  readonly size: number;
}

/** One answer is one value that devtools carry from the page to the panel. */
const MAX_ANSWER_SIZE = 4_000_000;
const EVENT_OVERHEAD = 200;

/**
 * Where there is no relay, what is observed stays in the page until the panel asks for it by a key that nobody else
 * knows. Nothing of it can be found in the page: no global, no property, an event whose name cannot be guessed.
 */
export function createOnceOutlet(host: Document, natives: PageNatives, key: string): { report: Report } {
  const document = natives.randomId();
  let kept: Kept[] = [];
  let first = 0;
  let size = 0;
  let lastNumber = 0;
  let lost = 0;

  function forgetFirst(): void {
    size -= kept[first]?.size ?? 0;
    first++;
    if (first < 1_000) return;
    const rest: Kept[] = [];
    for (let at = first; at < kept.length; at++) {
      const entry = kept[at];
      if (entry !== undefined) rest[rest.length] = entry;
    }
    kept = rest;
    first = 0;
  }

  function answer(question: OnceQuestion): void {
    const after = question.after[document] ?? 0;
    while ((kept[first]?.number ?? Number.POSITIVE_INFINITY) <= after) forgetFirst();
    const events: { number: number; event: unknown }[] = [];
    let carried = 0;
    let at = first;
    for (; at < kept.length && carried < MAX_ANSWER_SIZE; at++) {
      const entry = kept[at];
      if (entry === undefined) continue;
      carried += entry.size;
      events[events.length] = { number: entry.number, event: toWire(entry.event, "base64") };
    }
    question.answer = { document, events, lost, more: at < kept.length };
  }

  function listener(event: Event): void {
    quietly(() => answer(natives.detail(event) as OnceQuestion));
  }

  natives.listen(host, key, listener);
  return {
    report(observed) {
      // `document.open()` takes listeners from the document; one that is there already is not added again.
      natives.listen(host, key, listener);
      const event = withPayloadWithin(observed, UNWATCHED_LIMITS.payload);
      const entry: Kept = { number: ++lastNumber, event, size: eventSize(event) + EVENT_OVERHEAD };
      kept[kept.length] = entry;
      size += entry.size;
      while (kept.length - first > UNWATCHED_LIMITS.events || size > UNWATCHED_LIMITS.size) {
        lost++;
        forgetFirst();
      }
    },
  };
}
