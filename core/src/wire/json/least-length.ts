import type { WireValue } from "../hub-message.ts";

/**
 * Units that anything more in a text takes at least, whether it is a property, a comma and what follows it, or the digits
 * that a double does not hold. A text that exceeds the least length of what it was parsed to by less than this has
 * no property twice, no other number than the value and nothing behind it.
 */
export const LEAST_MORE = 3;

/** Deeper values are left to other tests. .NET stops at 64, the record and its arguments included. */
const MAX_LEVEL = 60;

/**
 * The fewest units that any JSON text of the value takes; NaN where that is not certain, or where a text not much longer
 * may have a number that a double does not hold.
 */
export function leastLength(value: WireValue): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value === "number") return leastLengthOfNumber(value);
  if (typeof value === "object" && value !== null) return leastLengthOfObject(value, 0);
  return value === false ? 5 : 4;
}

/** The same again for what is within: a call for each text and number costs as much as counting it. */
function leastLengthOfObject(object: object, level: number): number {
  if (Array.isArray(object)) return leastLengthOfList(object, level);
  if (level > MAX_LEVEL) return Number.NaN;
  let least = 1;
  for (const name in object) {
    const value = (object as Readonly<Record<string, WireValue>>)[name];
    // Quotes, colon, and the comma or the closing brace.
    least += name.length + 4;
    if (typeof value === "string") least += value.length + 2;
    else if (typeof value === "number") least += leastLengthOfNumber(value);
    else if (typeof value === "object" && value !== null) least += leastLengthOfObject(value, level + 1);
    else least += value === false ? 5 : 4;
  }
  return least === 1 ? 2 : least;
}

/** The same of a list, within so many others. */
export function leastLengthOfList(list: readonly WireValue[], level: number): number {
  const { length } = list;
  if (level > MAX_LEVEL) return Number.NaN;
  // Brackets, and commas between.
  let least = length === 0 ? 2 : length + 1;
  for (let index = 0; index < length; index++) {
    const value = list[index];
    if (typeof value === "string") least += value.length + 2;
    else if (typeof value === "number") least += leastLengthOfNumber(value);
    else if (typeof value === "object" && value !== null) least += leastLengthOfObject(value, level + 1);
    else least += value === false ? 5 : 4;
  }
  return least;
}

/** Of its digits with a few more, 15 at most: a double holds those. */
const MOST_DIGITS = 11;
const TOO_LARGE = 1e10;

function leastLengthOfNumber(value: number): number {
  const size = value < 0 ? -value : value;
  const sign = value < 0 ? 1 : 0;
  const whole = size | 0;
  if (whole === size) return sign + leastLengthOfInteger(whole);
  if (!(size >= 0.01 && size < TOO_LARGE)) return Number.NaN;
  // From 0.01 on no exponent says a fraction shorter.
  if (size < MOST_IN_THOUSANDTHS) {
    // Integers of 32 bits: the remainder of a double takes as long as parsing it.
    const thousandths = Math.round(size * 1000) | 0;
    // What a division gives is the double next to that decimal, so none shorter leads to the same.
    if (thousandths / 1000 === size) {
      const places = thousandths % 10 !== 0 ? 3 : thousandths % 100 !== 0 ? 2 : 1;
      return sign + digitsOf(whole) + 1 + places;
    }
  } else if (Number.isInteger(size)) {
    return sign + leastLengthOfInteger(size);
  }
  const { length } = String(value);
  return length <= MOST_DIGITS ? length : Number.NaN;
}

const MOST_IN_THOUSANDTHS = 2_000_000;

function leastLengthOfInteger(size: number): number {
  if (size < 1000) return size < 10 ? 1 : size < 100 ? 2 : 3;
  if (size % 1000 !== 0) return digitsOf(size);
  // An exponent is shorter than three zeros: 5e3.
  let rest = size / 1000;
  while (rest % 10 === 0) rest /= 10;
  return digitsOf(rest) + 2;
}

function digitsOf(size: number): number {
  if (size < 1e5) return size < 10 ? 1 : size < 100 ? 2 : size < 1000 ? 3 : size < 1e4 ? 4 : 5;
  let count = 6;
  for (let limit = 1e6; size >= limit; limit *= 10) count += 1;
  return count;
}
