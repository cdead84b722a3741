import type { CaptureEvent } from "../../core/src/capture-event.ts";
import type { NumberedEvent } from "../channel/messages.ts";
import { fromWire } from "../channel/wire-event.ts";

/** What has arrived of one document's recording. */
export interface DocumentInbox {
  /** Number of the last event that was taken: the relay sends what comes after it. */
  readonly position: number;
  /** The events of a batch that are new, in order. Those that are no capture events become one `events-dropped`. */
  take(events: readonly NumberedEvent[], now: number): readonly CaptureEvent[];
}

export function createDocumentInbox(): DocumentInbox {
  let position = 0;
  return {
    get position() {
      return position;
    },
    take(events, now) {
      const taken: CaptureEvent[] = [];
      let refused = 0;
      for (const { number, event } of events) {
        // Seen before: sent again because its acknowledgement was lost with a port.
        if (number <= position) continue;
        position = number;
        const captured = fromWire(event);
        if (captured === undefined) refused++;
        else taken.push(captured);
      }
      if (refused > 0) {
        taken.push({ type: "events-dropped", at: now, count: refused, bytes: 0, reason: "not-delivered" });
      }
      return taken;
    },
  };
}
