import type { CaptureEvent } from "../../core/src/capture-event.ts";
import { isMessageOf } from "../channel/channel.ts";
import { MAX_UNCLAIMED_EVENTS } from "../channel/limits.ts";
import { type FromPage, TO_PAGE, type ToPage } from "../channel/messages.ts";
import { offerNode } from "../channel/node-link.ts";
import type { PageNatives } from "./page-natives.ts";
import type { Report } from "./report.ts";

export interface Outlet {
  readonly report: Report;
  /** Nothing where no relay has come: nobody asked either. */
  readonly tell: (message: Exclude<FromPage, { type: "observed" }>) => void;
  readonly isHeard: () => boolean;
}

/** The way to the relay. While there is no relay it keeps a little; `obey` gets what the relay says. */
export function createOutlet(host: Document, natives: PageNatives, obey: (message: ToPage) => void): Outlet {
  let unclaimed: { readonly event: CaptureEvent; readonly pinned: boolean }[] = [];
  let lost = 0;

  function send(event: CaptureEvent, pinned: boolean): boolean {
    const message: FromPage = { type: "observed", body: { event, pinned } };
    return link.send(message);
  }

  const link = offerNode(host, natives, {
    taken() {
      const waiting = unclaimed;
      unclaimed = [];
      // Empty when the relay takes the node within `offerNode`: `link` is not there yet, but nothing was observed either.
      for (let at = 0; at < waiting.length; at++) {
        const observed = waiting[at];
        if (observed !== undefined) send(observed.event, observed.pinned);
      }
      if (lost > 0) {
        send(
          { type: "events-dropped", at: natives.now(), count: lost, bytes: 0, reason: "not-delivered" },
          false,
        );
        lost = 0;
      }
    },
    receive(message) {
      if (isMessageOf(TO_PAGE, message)) obey(message);
    },
  });

  return {
    report(event, pinned) {
      if (send(event, pinned)) return;
      if (unclaimed.length < MAX_UNCLAIMED_EVENTS) unclaimed.push({ event, pinned });
      else lost++;
    },
    tell(message) {
      link.send(message);
    },
    isHeard: () => link.isHeard(),
  };
}
