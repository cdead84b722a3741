import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { isMessageOf } from "../channel/channel.ts";
import { eventSize } from "../channel/event-size.ts";
import {
  MARKS_SIZE,
  MAX_BATCH_EVENTS,
  MAX_BATCH_SIZE,
  MAX_CROSSING_EVENTS,
  MAX_CROSSING_SIZE,
  MAX_UNCLAIMED_EVENTS,
} from "../channel/limits.ts";
import { type FromPage, type ObservedEvent, TO_PAGE, type ToPage } from "../channel/messages.ts";
import { offerNode } from "../channel/node-link.ts";
import { openList } from "../channel/open-list.ts";
import type { PayloadRun } from "../channel/payload-run.ts";
import { takeTexts } from "../channel/texts-apart.ts";
import type { PageNatives } from "./page-natives.ts";
import type { Report } from "./report.ts";
import { createRunBuilder } from "./run-builder.ts";

export interface Outlet {
  readonly report: Report;
  /** Nothing where no relay has come: nobody asked either. */
  readonly tell: (message: Exclude<FromPage, { type: "observed" }>) => void;
  readonly isHeard: () => boolean;
}

/**
 * The way to the relay. Crossing to its world costs more than all else that the hook does for a message, so what is
 * observed waits until the relay pulls it, or until there is much of it. While there is no relay a little is kept;
 * `obey` gets what the relay says.
 */
export function createOutlet(host: Document, natives: PageNatives, obey: (message: ToPage) => void): Outlet {
  const run = createRunBuilder();
  let waiting = openList<ObservedEvent | PayloadRun>();
  /** Events that wait, those of the run included. */
  let count = 0;
  let size = 0;
  /** Of the run, which is no larger than a batch. */
  let runCount = 0;
  let runSize = 0;
  let lost = 0;
  let isTaken = false;

  function closeRun(): void {
    runCount = 0;
    runSize = 0;
    const closed = run.take();
    if (closed !== undefined) waiting[waiting.length] = closed;
  }

  function add(event: CaptureEvent, pinned: boolean): void {
    const added = MARKS_SIZE + eventSize(event);
    if (runSize + added > MAX_BATCH_SIZE || runCount >= MAX_BATCH_EVENTS) closeRun();
    count++;
    size += added;
    if (!pinned && run.add(event)) {
      runCount++;
      runSize += added;
      return;
    }
    closeRun();
    waiting[waiting.length] = { event, pinned };
  }

  function send(): void {
    if (!isTaken || count === 0) return;
    closeRun();
    const { events, texts } = takeTexts(waiting);
    waiting = openList();
    count = 0;
    size = 0;
    const message: FromPage = { type: "observed", body: { events } };
    link.send(message, texts);
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
        add(event, false);
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
      if (!isTaken && count >= MAX_UNCLAIMED_EVENTS) {
        lost++;
        return;
      }
      add(event, pinned);
      if (!isTaken) return;
      if (count >= MAX_CROSSING_EVENTS || size >= MAX_CROSSING_SIZE) send();
      else if (count === 1) link.wait();
    },
    tell(message) {
      send();
      link.send(message);
    },
    isHeard: () => link.isHeard(),
  };
}
