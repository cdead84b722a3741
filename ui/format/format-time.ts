import type { Milliseconds } from "../../core/src/capture-event.ts";
import { formatDuration } from "./format-duration.ts";

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
const three = (value: number): string => (value < 10 ? `00${value}` : value < 100 ? `0${value}` : `${value}`);

/** Local time of day with milliseconds: 12:04:31.018. */
export function formatTime(at: Milliseconds): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "unknown";
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${three(date.getMilliseconds())}`;
}

/** ISO 8601 in UTC, and how long ago it was: what the log says on hover. */
export function formatMoment(at: Milliseconds, now: Milliseconds): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "unknown";
  return `${date.toISOString()} · ${formatDuration(Math.max(0, now - at))} ago`;
}
