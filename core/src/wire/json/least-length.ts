import type { WireValue } from "../hub-message.ts";

/**
 * Units that any more property in a text takes at least: `,"":1`. A text that exceeds the least length of what it was
 * parsed to by less than this has no property twice and no other number than the value.
 */
export const LEAST_PROPERTY = 5;

/** Deeper values are left to other tests. */
const MAX_LEVEL = 8;

/**
 * The fewest units that any JSON text of the value takes; NaN where that is not certain, or where a text not much longer
 * may have a number that a double does not hold.
 */
export function leastLength(value: WireValue, level = 0): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value === "number") return leastLengthOfNumber(value);
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
      if (!(least > 0)) break;
      count += 1;
      least += name.length + 3 + leastLength((value as Record<string, WireValue>)[name], level + 1);
    }
  }
  return count === 0 ? 2 : least + count;
}

/** Of its digits with a few more, 15 at most: a double holds those. */
const MOST_DIGITS = 11;
const TOO_LARGE = 1e10;

function leastLengthOfNumber(value: number): number {
  const size = Math.abs(value);
  const sign = value < 0 ? 1 : 0;
  if (size < TOO_LARGE && Number.isInteger(value)) return sign + leastLengthOfInteger(size);
  // From 0.01 on no exponent says a fraction shorter.
  if (!(size >= 0.01 && size < TOO_LARGE)) return Number.NaN;
  for (let places = 1, scale = 10; places <= 3; places++, scale *= 10) {
    // What a division gives is the double next to that decimal, so none shorter leads to the same.
    if (Math.round(size * scale) / scale !== size) continue;
    const length = digitsOf(size) + 1 + places;
    return length <= MOST_DIGITS ? sign + length : Number.NaN;
  }
  const { length } = String(value);
  return length <= MOST_DIGITS ? length : Number.NaN;
}

function leastLengthOfInteger(size: number): number {
  if (size < 1000 || size % 1000 !== 0) return digitsOf(size);
  // An exponent is shorter than three zeros: 5e3.
  let rest = size / 1000;
  while (rest % 10 === 0) rest /= 10;
  return digitsOf(rest) + 2;
}

function digitsOf(size: number): number {
  let count = 1;
  for (let limit = 10; size >= limit; limit *= 10) count += 1;
  return count;
}
