import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { isMessageOf } from "../channel/channel.ts";
import { MAX_BATCH_EVENTS, MAX_BATCH_SIZE, MAX_UNCLAIMED_EVENTS } from "../channel/limits.ts";
import { type FromPage, type ObservedEvent, TO_PAGE, type ToPage } from "../channel/messages.ts";
import { offerNode } from "../channel/node-link.ts";
import { type PackedPayload, packEvent } from "../channel/packed-event.ts";
import { payloadSize } from "../channel/payload-size.ts";
import type { PageNatives } from "./page-natives.ts";
import type { Report } from "./report.ts";

export interface Outlet {
  readonly report: Report;
  /** Nothing where no relay has come: nobody asked either. */
  readonly tell: (message: Exclude<FromPage, { type: "observed" }>) => void;
  readonly isHeard: () => boolean;
}

/**
 * The way to the relay. Crossing to its world costs more than all else that the hook does for a message, so what is
 * observed waits until the relay pulls it, or until there is a batch of it. While there is no relay a little is kept;
 * `obey` gets what the relay says.
 */
export function createOutlet(host: Document, natives: PageNatives, obey: (message: ToPage) => void): Outlet {
  let waiting: (ObservedEvent | PackedPayload)[] = [];
  let size = 0;
  let lost = 0;
  let isTaken = false;

  function send(): void {
    if (!isTaken || waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    size = 0;
    const message: FromPage = { type: "observed", body: { events } };
    link.send(message);
  }

  const link = offerNode(host, natives, {
    // May be called within `offerNode`, when `link` is not there yet: nothing was observed then either.
    taken() {
      isTaken = true;
      if (lost > 0) {
        const event: CaptureEvent = {
          type: "events-dropped",
          at: natives.now(),
          count: lost,
          bytes: 0,
          reason: "not-delivered",
        };
        waiting[waiting.length] = { event, pinned: false };
        lost = 0;
      }
      send();
    },
    receive(message) {
      if (isMessageOf(TO_PAGE, message)) obey(message);
    },
    pull: send,
  });

  return {
    report(event, pinned) {
      if (!isTaken && waiting.length >= MAX_UNCLAIMED_EVENTS) {
        lost++;
        return;
      }
      // No `push`: the page may have replaced it.
      waiting[waiting.length] = (pinned ? undefined : packEvent(event)) ?? { event, pinned };
      size += sizeOf(event);
      if (!isTaken) return;
      if (waiting.length >= MAX_BATCH_EVENTS || size >= MAX_BATCH_SIZE) send();
      else if (waiting.length === 1) link.wait();
    },
    tell(message) {
      send();
      link.send(message);
    },
    isHeard: () => link.isHeard(),
  };
}

function sizeOf(event: CaptureEvent): number {
  if (event.type === "socket-payload" || event.type === "http-response-body")
    return payloadSize(event.payload);
  return event.type === "http-request" && event.body !== undefined ? payloadSize(event.body) : 0;
}
