import type { Milliseconds } from "../../core/src/capture-event.ts";
import { formatCount } from "./format-count.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 0.4 ms, 64 ms, 1.2 s, 4 min 12 s, 2 h 5 min, 3 d 4 h. A clock that went back is written with a minus. */
export function formatDuration(duration: Milliseconds): string {
  if (duration < 0) return `−${formatDuration(-duration)}`;
  if (duration > 0 && duration < 0.95) return `${Math.max(0.1, duration).toFixed(1)} ms`;
  if (duration < 999.5) return `${Math.round(duration)} ms`;
  if (duration < 59.95 * SECOND) return `${(duration / SECOND).toFixed(1)} s`;
  if (duration < HOUR - SECOND / 2) return pair(duration, MINUTE, "min", SECOND, "s");
  if (duration < DAY - MINUTE / 2) return pair(duration, HOUR, "h", MINUTE, "min");
  return pair(duration, DAY, "d", HOUR, "h");
}

function pair(
  duration: Milliseconds,
  large: number,
  largeUnit: string,
  small: number,
  smallUnit: string,
): string {
  const smalls = Math.round(duration / small);
  const perLarge = large / small;
  const rest = smalls % perLarge;
  const whole = `${formatCount(Math.floor(smalls / perLarge))} ${largeUnit}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallUnit}`;
}
