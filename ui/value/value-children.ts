import { Extension, JsonNumber, Timestamp, type WireValue } from "../../core/src/wire/hub-message.ts";
import { formatCount } from "../format/format-count.ts";
import { PlainText } from "./plain-text.ts";
import { safeLine } from "./safe-text.ts";
import { UnpackedValue, unpacked } from "./unpacked-value.ts";
import { valueText } from "./value-text.ts";

export interface ValueChild {
  /** As shown. */
  readonly label: string;
  /** Unique among its siblings. */
  readonly key: string;
  readonly value: WireValue;
  /** It is this argument of a call, which stands under a name of its own. */
  readonly argument?: number;
}

/** A piece of a large array or object, opened on its own so that nothing renders 100,000 rows at once. */
export class ValueRange {
  readonly owner: object;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  constructor(owner: object, from: number, to: number) {
    this.owner = owner;
    this.from = from;
    this.to = to;
  }
}

const CHUNK = 100;

export function hasChildren(value: WireValue): boolean {
  if (value instanceof UnpackedValue) return hasChildren(value.content.value);
  return value instanceof ValueRange || (isContainer(value) && countOf(value) > 0);
}

/** The children in wire order; more than 100 of them come as ranges of a power of 100. */
export function childrenOf(value: WireValue): readonly ValueChild[] {
  if (value instanceof UnpackedValue) return childrenOf(value.content.value);
  if (value instanceof ValueRange) return slice(value.owner, value.from, value.to);
  return isContainer(value) ? slice(value, 0, countOf(value)) : [];
}

function isContainer(value: WireValue): value is object {
  if (typeof value !== "object" || value === null) return false;
  const leaf =
    value instanceof JsonNumber ||
    value instanceof PlainText ||
    value instanceof Timestamp ||
    value instanceof Extension ||
    value instanceof Uint8Array;
  return !leaf;
}

function countOf(value: object): number {
  if (Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : Object.keys(value).length;
}

function slice(owner: object, from: number, to: number): ValueChild[] {
  const count = to - from;
  if (count <= CHUNK) return single(owner, from, to);
  let step = CHUNK;
  while (count / step > CHUNK) step *= CHUNK;
  const ranges: ValueChild[] = [];
  for (let at = from; at < to; at += step) {
    const end = Math.min(at + step, to);
    ranges.push({
      label: `${formatCount(at)} … ${formatCount(end - 1)}`,
      key: `${at}…`,
      value: new ValueRange(owner, at, end),
    });
  }
  return ranges;
}

function single(owner: object, from: number, to: number): ValueChild[] {
  if (Array.isArray(owner)) {
    return owner.slice(from, to).map((value: WireValue, index) => {
      const key = String(from + index);
      return { label: key, key, value: unpacked(value) };
    });
  }
  if (owner instanceof Map) {
    const pairs = [...owner].slice(from, to);
    return pairs.map(([key, value], index) => {
      // Keys of several types stand side by side: 1 is another than "1".
      return { label: valueText(key).text, key: String(from + index), value: unpacked(value) };
    });
  }
  const pairs = Object.entries(owner).slice(from, to);
  return pairs.map(([key, value]) => ({ label: safeLine(key), key, value: unpacked(value) }));
}
