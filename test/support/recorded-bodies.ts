import type { CaptureEvent } from "../../core/src/capture-event.ts";

/** The bodies that were recorded, as text, and how their exchanges ended. Bytes may have come as a list of numbers. */
export function recordedBodies(events: readonly CaptureEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === "http-response-body") {
      const { payload } = event;
      if (payload.kind === "text") return [payload.text];
      return payload.kind === "binary"
        ? [new TextDecoder().decode(new Uint8Array(payload.bytes))]
        : [`omitted: ${payload.reason}`];
    }
    if (event.type !== "http-ended") return [];
    return [event.error === undefined ? "end" : `cut: ${event.error}`];
  });
}
