import { JsonNumber } from "../hub-message.ts";
import { MAX_EXPONENT } from "../limits.ts";

/**
 * Digits and points in a row: fewer digits than 16 always survive. Most classes are written one by one, because engines
 * then skip most of the text.
 */
const LONG = /[\d.][\d.][\d.][\d.][\d.][\d.][\d.][\d.][\d.]{8}/;

/** An exponent of three digits or more: any shorter one survives with 15 digits. In a number, something follows it. */
const LARGE_EXPONENT = /\d[eE][+-]?\d{3}\d*(?:[\s,\]}]|$)/;

/**
 * A text for which this is false has no number that a double could hold inexactly. Digits inside strings may count too;
 * that costs time only.
 */
export function mayHoldInexactNumbers(text: string): boolean {
  return LONG.test(text) || LARGE_EXPONENT.test(text);
}

/**
 * The double, where its shortest decimal form has the value of `source`; otherwise the source itself. So 1.0, 1e2
 * and -0 are numbers, 9007199254740993 and 0.1234567890123456789 are not.
 */
export function exactNumber(source: string): number | JsonNumber {
  const double = Number(source);
  if (!mayHoldInexactNumbers(source)) return double;
  if (!Number.isFinite(double)) return new JsonNumber(source);
  const written = decimalOf(source);
  const held = decimalOf(String(double));
  const isSame = written?.digits === held?.digits && written?.exponent === held?.exponent;
  return isSame && written !== undefined ? double : new JsonNumber(source);
}

interface Decimal {
  /** Without leading or trailing zeros; "" for zero. */
  readonly digits: string;
  /** Of the last digit; 0 for zero. */
  readonly exponent: number;
}

/** Sign aside, the value of a JSON number; undefined where its exponent is beyond any double's. */
function decimalOf(source: string): Decimal | undefined {
  const [, whole = "", fraction = "", power = "0"] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const all = whole + fraction;
  let first = 0;
  while (first < all.length && all[first] === "0") first += 1;
  let last = all.length;
  while (last > first && all[last - 1] === "0") last -= 1;
  if (first === last) return { digits: "", exponent: 0 };
  const given = Number(power);
  if (Math.abs(given) > MAX_EXPONENT + all.length) return undefined;
  return { digits: all.slice(first, last), exponent: given - fraction.length + (all.length - last) };
}
