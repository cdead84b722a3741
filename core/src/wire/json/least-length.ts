import type { WireValue } from "../hub-message.ts";

/**
 * Units that any more property in a text takes at least: `,"":1`. A text that exceeds the least length of what it was
 * parsed to by less than this has no property twice and no other number than the value.
 */
export const LEAST_PROPERTY = 5;

/** Deeper values are left to other tests. */
const MAX_LEVEL = 8;

/** Begin here to look at a list or object of texts and small numbers only. */
export const LAST_LEVEL: number = MAX_LEVEL;

/**
 * The fewest units that any JSON text of the value takes; NaN where that is not certain, or where a text not much longer
 * may have a number that a double does not hold.
 */
export function leastLength(value: WireValue, level = 0): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value === "number") return leastLengthOfNumber(value, level);
  if (typeof value !== "object" || value === null) return value === false ? 5 : 4;
  if (level > MAX_LEVEL) return Number.NaN;
  // Brackets, and commas between.
  let count = 0;
  let least = 1;
  if (Array.isArray(value)) {
    count = value.length;
    for (let index = 0; index < count && least > 0; index++) least += leastLength(value[index], level + 1);
  } else {
    for (const name in value) {
      count += 1;
      least += name.length + 3 + leastLength((value as Record<string, WireValue>)[name], level + 1);
    }
  }
  return count === 0 ? 2 : least + count;
}

/** Of its digits with a few more, 15 at most: a double holds those. */
const MOST_DIGITS = 11;

function leastLengthOfNumber(value: number, level: number): number {
  const size = Math.abs(value);
  if (size < 1000 && Number.isInteger(value)) {
    return (value < 0 ? 2 : 1) + (size < 10 ? 0 : size < 100 ? 1 : 2);
  }
  // An exponent could say the same shorter: 5e3, 1e-3. Not so from 0.01 on, nor where the last three digits are not 0.
  if (level > MAX_LEVEL || !(size >= 0.01) || size % 1000 === 0) return Number.NaN;
  const { length } = String(value);
  return length <= MOST_DIGITS ? length : Number.NaN;
}
