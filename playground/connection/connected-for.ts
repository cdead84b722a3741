import type { Milliseconds } from "../../core/src/capture-event.ts";
import { formatDuration } from "../../ui/format/format-duration.ts";

/** In whole seconds: a tenth that jumps once a second says nothing. */
export function connectedFor(duration: Milliseconds): string {
  const seconds = Math.floor(duration / 1000);
  if (seconds < 1) return "just now";
  return seconds < 60 ? `for ${seconds} s` : `for ${formatDuration(seconds * 1000)}`;
}
