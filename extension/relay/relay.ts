import { createBackOff } from "../channel/back-off.ts";
import type { CaptureEvent } from "../channel/capture-event-guard.ts";
import type { Clock } from "../channel/clock.ts";
import { UNWATCHED_LIMITS, WATCHED_LIMITS } from "../channel/limits.ts";
import {
  type DocumentIdentity,
  type FromRelay,
  isObservedEvent,
  TO_RELAY,
  type ToPage,
  type ToRelay,
} from "../channel/messages.ts";
import { isPayloadRun, runLength } from "../channel/payload-run.ts";
import { createPortChannel, type Port } from "../channel/port.ts";
import { flatten } from "../channel/texts-apart.ts";
import { binaryFormOf } from "../channel/wire-event.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import { createPanelLease } from "./panel-lease.ts";
import { createRingBuffer } from "./ring-buffer.ts";

/** Keeps one document's recording and hands it to the panel when there is one. It never looks into an event. */
export interface Relay {
  record(event: CaptureEvent, pinned: boolean): void;
  /**
   * Records what the hook has sent, as far as it is what a hook may send; what is not is counted. The hook has waited until
   * there was a batch of it, so it goes on at once. Answers how many events it were.
   */
  recordAll(observed: readonly unknown[]): number;
  /** What came of an act. Lost where no panel listens. */
  tell(message: Extract<FromRelay, { type: "act-answered" | "fault-struck" }>): void;
  /** A panel has opened on this tab. */
  watch(): void;
  /** The document is shown: again, or at last after prerendering. Ports did not survive its absence. */
  show(): void;
  /** The document goes. "cached": it may come back. What it still says is sent at once. */
  leave(cached: boolean): void;
  /** The document may be recorded: nobody need be asked any more. */
  allow(): void;
  /** The document must not be recorded any more: what it said is forgotten. Final. */
  end(): void;
}

export interface RelayOptions {
  readonly identity: () => DocumentIdentity;
  readonly clock: Clock;
  /** Opens a port to the background. Throws when the extension that this script belongs to is gone. */
  readonly connect: () => Port;
  /** The extension was reloaded, updated or removed while this script lives on. */
  readonly isOrphaned: () => boolean;
  /** The page hook, for what the panel has done in the page. */
  readonly toPage: (message: ToPage) => void;
  /** Nothing can be delivered from here on, ever. */
  readonly orphaned: () => void;
  /** The page had begun before this script was there. */
  readonly isLate: boolean;
  /** The document is being prerendered: nobody looks at it, perhaps nobody will. */
  readonly isHidden: boolean;
  /**
   * Nobody knows yet whether the document may be recorded. Until `allow` the background is told these origins first, and
   * passes nothing on before it knows: a document may die sooner. Absent: it may be.
   */
  readonly undecidedFor?: () => readonly string[];
}

interface Link {
  readonly port: Port;
  readonly delivery: Delivery;
  /** A panel has opened since it greeted: if it is told that there is none, that was said before. */
  isAskedFor: boolean;
  /** The panel has asked for the recording over this link. */
  isResumed: boolean;
  send(message: FromRelay): void;
  end(): void;
}

/** What the user has broken must not stay broken when nobody is there to see it. */
const ACT_PATIENCE = 10_000;
/** Room costs memory alone, and a background that is stopped again and again can keep the two apart for long. */
const ROOM_PATIENCE = 300_000;

export function createRelay(options: RelayOptions): Relay {
  const { clock, identity, connect, isOrphaned, orphaned, isLate } = options;
  const buffer = createRingBuffer(UNWATCHED_LIMITS);
  const backOff = createBackOff();
  let link: Link | undefined;
  let retry: AbortController | undefined;
  let hasAsked = false;
  let isHidden = options.isHidden;
  let { undecidedFor } = options;
  let isWatched = false;
  let isLeaving = false;
  let isOver = false;
  /** The panel has all up to here. */
  let lastAcknowledged = 0;
  const room = createPanelLease(clock, ROOM_PATIENCE, () => buffer.limit(UNWATCHED_LIMITS));
  const acts = createPanelLease(clock, ACT_PATIENCE, () =>
    options.toPage({ type: "undo-acts", body: undefined }),
  );

  function end(): void {
    isOver = true;
    panelClosed();
    closeLink();
    buffer.clear();
  }

  function giveUp(): void {
    if (isOver) return;
    end();
    orphaned();
  }

  function closeLink(): void {
    retry?.abort();
    retry = undefined;
    link?.end();
    link = undefined;
  }

  function openLink(): void {
    if (isOver || isHidden) return;
    hasAsked = true;
    closeLink();
    try {
      link = linkTo(connect());
      const asked = undecidedFor === undefined ? {} : { undecidedFor: undecidedFor() };
      link.send({ type: "hello", body: { ...identity(), number: buffer.lastNumber, isLate, ...asked } });
    } catch (error) {
      linkBroke(error);
    }
  }

  /** The background stops when it likes; only an extension that is gone is final. */
  function linkBroke(_reason: unknown): void {
    closeLink();
    loseWay();
    if (isOrphaned()) {
      giveUp();
      return;
    }
    retry = new AbortController();
    clock.after(backOff.next(), openLink, retry.signal);
  }

  function loseWay(): void {
    acts.loseWay();
    room.loseWay();
  }

  function panelClosed(): void {
    acts.end();
    room.end();
  }

  function makeRoom(): void {
    room.begin();
    room.renew();
    buffer.limit(WATCHED_LIMITS);
  }

  function linkTo(port: Port): Link {
    const life = new AbortController();
    const { signal } = life;
    const { send, receive } = createPortChannel<typeof TO_RELAY, FromRelay>(port, TO_RELAY);
    const delivery = createDelivery(identity().document, buffer, { clock, send, failed: linkBroke, signal });
    const opened: Link = {
      port,
      delivery,
      isAskedFor: false,
      isResumed: false,
      send,
      end() {
        life.abort();
        port.disconnect();
      },
    };
    receive((message) => answer(message, opened), signal);
    port.onDisconnect(() => {
      if (!signal.aborted) linkBroke("disconnected");
    });
    return opened;
  }

  function answer(message: ToRelay, answered: Link): void {
    const { delivery } = answered;
    switch (message.type) {
      case "unwatched":
        if (answered.isAskedFor) {
          openLink();
          return;
        }
        closeLink();
        backOff.reset();
        if (answered.isResumed) panelClosed();
        // A background that has just started does not know yet of the panel that was open before it.
        else loseWay();
        return;
      case "resume":
        if (message.body.document !== identity().document) return;
        backOff.reset();
        makeRoom();
        acts.renew();
        answered.isAskedFor = false;
        answered.isResumed = true;
        lastAcknowledged = Math.max(lastAcknowledged, message.body.number);
        delivery.resume(message.body.number, binaryFormOf(message.body.probe));
        return;
      case "acknowledge":
        if (message.body.document !== identity().document) return;
        lastAcknowledged = Math.max(lastAcknowledged, message.body.number);
        delivery.acknowledge(message.body.number, message.body.pieces);
        return;
      case "act": {
        const { document, command, act } = message.body;
        if (document !== identity().document) return;
        acts.begin();
        options.toPage({ type: "act", body: { command, act } });
        return;
      }
      default:
        message satisfies never;
    }
  }

  function grown(isBatch: boolean): void {
    if (isLeaving || (isBatch && link !== undefined)) link?.delivery.flush();
    else if (link !== undefined) link.delivery.wake();
    else if (!hasAsked) openLink();
  }

  return {
    tell(message) {
      try {
        link?.send(message);
      } catch {
        // The port has just gone: the panel asks again, and strikes are told as sums.
      }
    },
    record(event, pinned) {
      if (isOver) return;
      buffer.add(event, pinned);
      grown(false);
    },
    recordAll(observed) {
      if (isOver) return 0;
      let count = 0;
      let refused = 0;
      for (const one of observed) {
        if (isPayloadRun(one)) {
          flatten(one.text);
          buffer.addRun(one);
          count += runLength(one);
          continue;
        }
        count++;
        if (isObservedEvent(one)) buffer.add(one.event, one.pinned);
        else refused++;
      }
      if (refused > 0) {
        const at = clock.now();
        buffer.add({ type: "events-dropped", at, count: refused, bytes: 0, reason: "not-delivered" }, false);
      }
      grown(true);
      return count;
    },
    watch() {
      isWatched = true;
      makeRoom();
      // Another port would send again what is on its way over this one.
      if (link === undefined) openLink();
      else link.isAskedFor = true;
    },
    show() {
      isHidden = false;
      isLeaving = false;
      if (hasAsked || isWatched || buffer.lastNumber > 0) openLink();
    },
    leave(cached) {
      isLeaving = true;
      // There is no time left to wait for being asked; from the cache it may never come back.
      link?.delivery.sendUnasked(lastAcknowledged);
      try {
        link?.send({
          type: "leaving",
          body: { document: identity().document, cached, number: buffer.lastNumber },
        });
      } catch {
        // The port has gone before the document: the panel finds out by itself.
      }
    },
    allow() {
      undecidedFor = undefined;
    },
    end,
  };
}
