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

/** The same of a list or an object, within so many others. A call for each text and word costs as much as counting it. */
export function leastLengthOfObject(object: object, level: number): number {
  if (level > MAX_LEVEL) return Number.NaN;
  if (Array.isArray(object)) return leastLengthOfList(object, level);
  let least = 1;
  for (const name in object) {
    const value = (object as Readonly<Record<string, WireValue>>)[name];
    // Quotes, colon, and the comma or the closing brace.
    least += name.length + 4;
    if (typeof value === "string") least += value.length + 2;
    else if (typeof value === "object") least += value === null ? 4 : leastLengthOfObject(value, level + 1);
    else if (typeof value === "number") least += leastLengthOfNumber(value);
    else least += value === false ? 5 : 4;
  }
  return least === 1 ? 2 : least;
}

function leastLengthOfList(list: readonly WireValue[], level: number): number {
  const { length } = list;
  // Brackets, and commas between.
  let least = length === 0 ? 2 : length + 1;
  for (let index = 0; index < length; index++) {
    const value = list[index];
    if (typeof value === "string") least += value.length + 2;
    else if (typeof value === "object") least += value === null ? 4 : leastLengthOfObject(value, level + 1);
    else if (typeof value === "number") least += leastLengthOfNumber(value);
    else least += value === false ? 5 : 4;
  }
  return least;
}

/** Of its units with as many more as go unnoticed, 15 at most: a double holds those. */
const MOST_UNITS = 13;
const TOO_LARGE = 1e13;
const MOST_IN_THOUSANDTHS = 2_000_000;

/** Numbers are hardly foreseeable, and a jump that was not foreseen costs as much as ten sums: so as few as can be. */
function leastLengthOfNumber(value: number): number {
  const whole = value | 0;
  if (whole === value) {
    if (whole >= 0 && (whole < 1000 || whole % 1000 !== 0)) return digitsOf(whole);
  } else if (value >= 0.01 && value < MOST_IN_THOUSANDTHS) {
    // Integers of 32 bits: the remainder of a double takes as long as parsing it.
    const thousandths = (value * 1000 + 0.5) | 0;
    // What a division gives is the double next to that decimal, so none shorter leads to the same.
    if (thousandths / 1000 === value) {
      const hundredths = (thousandths / 10) | 0;
      const places = hundredths * 10 !== thousandths ? 3 : hundredths % 10 !== 0 ? 2 : 1;
      return digitsOf(whole) + 1 + places;
    }
  }
  return leastLengthOfRarer(value);
}

function leastLengthOfRarer(value: number): number {
  if (value < 0) return 1 + leastLengthOfNumber(-value);
  if (!(value >= 0.01 && value < TOO_LARGE)) return Number.NaN;
  let rest = value / 1000;
  if (Number.isInteger(rest)) {
    // An exponent is shorter than three zeros: 5e3.
    while (rest % 10 === 0) rest /= 10;
    return String(rest).length + 2;
  }
  // From 0.01 on no exponent says a fraction shorter.
  const { length } = String(value);
  return length <= MOST_UNITS ? length : Number.NaN;
}

/** Of an integer below 2 ** 31. */
function digitsOf(size: number): number {
  if (size < 10_000) return 1 + isAbove(size, 9) + isAbove(size, 99) + isAbove(size, 999);
  let count = 5;
  for (let limit = 100_000; count < 10 && size >= limit; limit *= 10) count += 1;
  return count;
}

/** 1 or 0, of 32-bit integers, without a jump. */
function isAbove(size: number, limit: number): number {
  return (limit - size) >>> 31;
}
