/**
 * Where every value of a record stands and what it is on the wire, for views that point at bytes. One pass over the
 * record fills a few columns of numbers; the tree above them is made as somebody walks down.
 *
 * @module
 */
import type { WireValue } from "./hub-message.ts";

/** MessagePack says the width that a number was written in; JSON has only its kinds. */
export type ValueType =
  | "nil"
  | "boolean"
  | "fixint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "float32"
  | "float64"
  | "str"
  | "bin"
  | "ext"
  | "timestamp"
  | "array"
  | "map"
  | "null"
  | "number"
  | "string"
  | "object";

/** A value and the place in its record that it came from. */
export interface ValueOutline {
  readonly type: ValueType;
  /** Offset of the first byte, or UTF-16 unit, of the value, its head included. */
  readonly start: number;
  /** Behind its last one. */
  readonly end: number;
  /** The key or name that it stands under; keys may be of any type in MessagePack. */
  readonly key?: ValueOutline;
  /** The value, decoded when asked for. */
  readonly value: WireValue;
  /** The values in an array, map or object, in wire order; repeated keys included. */
  readonly children: readonly ValueOutline[];
}

/** Every value in pre-order, keys before their values. */
export interface OutlineColumns {
  readonly types: ValueType[];
  readonly starts: number[];
  readonly ends: number[];
  /** Number of the first value that is not within this one. */
  readonly nexts: number[];
  read(start: number, end: number): WireValue;
}

export function createColumns(read: OutlineColumns["read"]): OutlineColumns {
  return { types: [], starts: [], ends: [], nexts: [], read };
}

/** Begins a value; returns its number. */
export function beginValue(
  { types, starts, ends, nexts }: OutlineColumns,
  type: ValueType,
  start: number,
): number {
  const number = types.push(type) - 1;
  starts.push(start);
  ends.push(start);
  nexts.push(number + 1);
  return number;
}

/** Ends it: all that began since is within it. */
export function endValue(columns: OutlineColumns, number: number, end: number): void {
  columns.ends[number] = end;
  columns.nexts[number] = columns.types.length;
}

export function outlineOf(columns: OutlineColumns): ValueOutline | undefined {
  return columns.types.length === 0 ? undefined : new Outline(columns, 0, undefined);
}

class Outline implements ValueOutline {
  readonly type: ValueType;
  readonly start: number;
  readonly end: number;
  readonly key?: ValueOutline;
  readonly #columns: OutlineColumns;
  readonly #number: number;

  constructor(columns: OutlineColumns, number: number, key: ValueOutline | undefined) {
    this.type = columns.types[number] ?? "nil";
    this.start = columns.starts[number] ?? 0;
    this.end = columns.ends[number] ?? 0;
    if (key !== undefined) this.key = key;
    this.#columns = columns;
    this.#number = number;
  }

  get value(): WireValue {
    return this.#columns.read(this.start, this.end);
  }

  get children(): readonly ValueOutline[] {
    const { nexts } = this.#columns;
    const end = nexts[this.#number] ?? 0;
    const hasKeys = this.type === "map" || this.type === "object";
    const children: ValueOutline[] = [];
    for (let number = this.#number + 1; number < end; ) {
      const key = hasKeys ? new Outline(this.#columns, number, undefined) : undefined;
      const own = hasKeys ? (nexts[number] ?? end) : number;
      children.push(new Outline(this.#columns, own, key));
      number = nexts[own] ?? end;
    }
    return children;
  }
}
