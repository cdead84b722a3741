import type { Timestamp } from "./hub-message.ts";

/** Seconds that a JavaScript date can hold: ±100,000,000 days (ECMA-262, "Time Values and Time Range"). */
const LAST_SECOND = 8_640_000_000_000n;

/**
 * ISO 8601 in UTC with as many decimals as the timestamp has, up to nine. Years beyond four digits are written with
 * a sign and six, as ECMA-262 does; a time beyond its calendar as a count of seconds.
 */
export function timestampText({ seconds, nanoseconds }: Timestamp): string {
  const whole = BigInt(seconds);
  const fraction = nanoseconds === 0 ? "" : `.${String(nanoseconds).padStart(9, "0").replace(/0+$/, "")}`;
  if (whole > LAST_SECOND || whole < -LAST_SECOND) return `${whole}${fraction} s`;
  const date = new Date(Number(whole) * 1000).toISOString();
  return `${date.slice(0, -".000Z".length)}${fraction}Z`;
}
