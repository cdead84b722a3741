import type { CaptureEvent } from "../../core/src/capture-event.ts";
import type { Clock } from "../channel/clock.ts";
import { eventSize } from "../channel/event-size.ts";
import { ACKNOWLEDGE_BATCHES, ACKNOWLEDGE_DELAY, ACKNOWLEDGE_SIZE } from "../channel/limits.ts";
import type { NumberedEvent } from "../channel/messages.ts";
import type { Piece } from "../channel/pieces.ts";
import { createDocumentInbox, type DocumentInbox } from "./document-inbox.ts";

/** The documents of the inspected tab: what has come of each, and which of them are gone. */
export interface InspectedDocuments {
  has(document: string): boolean;
  /** Its relay is there, for the first time or again. Answers the number of the last event that is known of it. */
  connected(document: string): number;
  /** The port to its relay is gone, though the background is there. */
  disconnected(document: string): void;
  /** Nothing more is recorded of the page that is shown: its documents that are out of reach are there, unheard. */
  unrecorded(): void;
  /** Its recording has events up to `number`, whether or not they come. */
  told(document: string, number: number): void;
  /** It goes. "cached": it may come back. */
  leaving(document: string, cached: boolean): void;
  batch(document: string, events: readonly NumberedEvent[]): void;
  piece(document: string, piece: Piece): void;
  /** The port to the background is gone; what is not said meanwhile means nothing. */
  linkLost(): void;
  linkOpened(): void;
  /** The tab shows another page. "forget": what still comes of the pages before is of no interest. */
  pageChanged(forget: boolean): void;
}

export interface InspectedDocumentsOptions {
  readonly clock: Clock;
  readonly apply: (event: CaptureEvent) => void;
  readonly acknowledge: (position: {
    readonly document: string;
    readonly number: number;
    readonly pieces: number;
  }) => void;
  readonly signal: AbortSignal;
  /** False: a document that is out of reach is still there, but not recorded any more. */
  readonly isRecorded: () => boolean;
}

interface InspectedDocument {
  readonly inbox: DocumentInbox;
  /** Number of the last event that it is known to have. */
  lastNumber: number;
  presence:
    | "connected"
    /** Without a port, and nobody has said why. */
    | "away"
    /** It has said that it goes. */
    | "leaving"
    /** In the back/forward cache. */
    | "asleep"
    | "ended";
  /** Its page was left, and the log shows the page of now alone. */
  isForgotten: boolean;
  /** Runs while its end is near. */
  timer: AbortController | undefined;
  /** Batches that have come and are not acknowledged. */
  unacknowledged: number;
  /** How much they hold. */
  unacknowledgedSize: number;
}

/** Longer than a relay waits before it connects again. */
const TIME_TO_RETURN = 15_000;
/** What it said last may still be on the way. */
const TIME_TO_FINISH = 2_000;
/** Firefox keeps a page in its back/forward cache for 30 minutes, Chromium for 10. */
const LONGEST_SLEEP = 30 * 60_000;
/** A tab that is left open for days visits more documents than are worth remembering. */
const MAX_DOCUMENTS = 5_000;

export function createInspectedDocuments(options: InspectedDocumentsOptions): InspectedDocuments {
  const { clock, apply, acknowledge, signal, isRecorded } = options;
  const documents = new Map<string, InspectedDocument>();

  function become(one: InspectedDocument, presence: InspectedDocument["presence"]): void {
    one.timer?.abort();
    one.timer = undefined;
    one.presence = presence;
  }

  function end(document: string, one: InspectedDocument, at = clock.now()): void {
    const isNews = one.presence !== "ended" && !one.isForgotten;
    become(one, "ended");
    // It has died before it could say so much.
    const count = one.lastNumber - one.inbox.position;
    if (isNews && count > 0) apply({ type: "events-dropped", at, count, bytes: 0, reason: "not-delivered" });
    if (isNews) apply({ type: "document-ended", at, document });
  }

  /** Its relay has gone without a word: because it had to, or because the document is no more. */
  function lose(document: string, one: InspectedDocument): void {
    if (isRecorded() || one.isForgotten) {
      end(document, one);
      return;
    }
    become(one, "ended");
    apply({ type: "document-ended", at: clock.now(), document, isUnrecorded: true });
  }

  function endAfter(milliseconds: number, document: string, one: InspectedDocument): void {
    one.timer?.abort();
    const timer = new AbortController();
    one.timer = timer;
    clock.after(milliseconds, () => end(document, one), AbortSignal.any([timer.signal, signal]));
  }

  function forgetOldest(): void {
    const [oldest] = documents;
    if (documents.size <= MAX_DOCUMENTS || oldest === undefined) return;
    const [document, one] = oldest;
    if (one.presence !== "connected") end(document, one);
    documents.delete(document);
  }

  function deliver(
    document: string,
    take: (inbox: DocumentInbox) => readonly CaptureEvent[],
  ): InspectedDocument | undefined {
    const one = documents.get(document);
    if (one === undefined) return undefined;
    for (const event of take(one.inbox)) {
      one.unacknowledgedSize += eventSize(event);
      if (event.type === "document-ended") end(document, one, event.at);
      else if (!one.isForgotten) apply(event);
    }
    return one;
  }

  function acknowledgeAll(document: string, one: InspectedDocument): void {
    one.unacknowledged = 0;
    one.unacknowledgedSize = 0;
    acknowledge({ document, number: one.inbox.position, pieces: one.inbox.pieces });
  }

  /** Each acknowledgement is work for the page, and its relay has room for many batches. */
  function acknowledgeSoon(document: string, one: InspectedDocument): void {
    one.unacknowledged++;
    const isMuch = one.unacknowledged >= ACKNOWLEDGE_BATCHES || one.unacknowledgedSize >= ACKNOWLEDGE_SIZE;
    if (isMuch) acknowledgeAll(document, one);
    else if (one.unacknowledged === 1) {
      const late = () => {
        if (one.unacknowledged > 0) acknowledgeAll(document, one);
      };
      clock.after(ACKNOWLEDGE_DELAY, late, signal);
    }
  }

  return {
    has: (document) => documents.has(document),
    connected(document) {
      let one = documents.get(document);
      if (one === undefined) {
        one = {
          inbox: createDocumentInbox(document),
          lastNumber: 0,
          presence: "connected",
          isForgotten: false,
          timer: undefined,
          unacknowledged: 0,
          unacknowledgedSize: 0,
        };
        documents.set(document, one);
        forgetOldest();
      }
      become(one, "connected");
      one.isForgotten = false;
      one.inbox.forgetPieces();
      return one.inbox.position;
    },
    disconnected(document) {
      const one = documents.get(document);
      if (one?.presence === "leaving") return end(document, one);
      if (one?.presence !== "connected") return;
      become(one, "away");
      if (isRecorded()) endAfter(TIME_TO_RETURN, document, one);
      else lose(document, one);
    },
    unrecorded() {
      for (const [document, one] of documents) if (one.presence === "away") lose(document, one);
    },
    told(document, number) {
      const one = documents.get(document);
      if (one !== undefined) one.lastNumber = Math.max(one.lastNumber, number);
    },
    leaving(document, cached) {
      const one = documents.get(document);
      if (one === undefined || one.presence === "ended") return;
      become(one, cached ? "asleep" : "leaving");
      endAfter(cached ? LONGEST_SLEEP : TIME_TO_FINISH, document, one);
    },
    batch(document, events) {
      const one = deliver(document, (inbox) => inbox.take(events, clock.now()));
      if (one !== undefined) acknowledgeSoon(document, one);
    },
    piece(document, piece) {
      const one = deliver(document, (inbox) => inbox.takePiece(piece, clock.now()));
      if (one !== undefined) acknowledgeAll(document, one);
    },
    linkLost() {
      for (const one of documents.values())
        if (one.presence === "connected" || one.presence === "away") become(one, "away");
    },
    linkOpened() {
      for (const [document, one] of documents)
        if (one.presence === "away") endAfter(TIME_TO_RETURN, document, one);
    },
    pageChanged(forget) {
      for (const [document, one] of documents) {
        if (one.presence === "asleep") continue;
        if (forget || one.presence !== "connected") end(document, one);
        else endAfter(TIME_TO_FINISH, document, one);
        one.isForgotten = forget;
      }
    },
  };
}
