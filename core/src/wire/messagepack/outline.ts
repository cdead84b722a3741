import { MAX_DEPTH } from "../limits.ts";
import {
  beginValue,
  createColumns,
  endValue,
  type OutlineColumns,
  outlineOf,
  type ValueOutline,
  type ValueType,
} from "../outline.ts";
import { createReader, readValue } from "./reader.ts";

/** What a head says: how many bytes follow it, and how many values are within. */
interface Shape {
  readonly type: ValueType;
  /** Bytes of the value but for those within, head included. */
  readonly size: number;
  readonly count: number;
}

/** Undefined for bytes that do not begin with a whole value. What follows the value is not outlined. */
export function outlineMessagePack(bytes: Uint8Array): ValueOutline | undefined {
  const columns = createColumns((start, end) => readValue(createReader(bytes.subarray(start, end), [])));
  return scan(bytes, columns) ? outlineOf(columns) : undefined;
}

interface Open {
  readonly number: number;
  left: number;
}

/** A loop with a stack of its own: nothing that the bytes say can make it deep. */
function scan(bytes: Uint8Array, columns: OutlineColumns): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const open: Open[] = [];
  let at = 0;
  let owed = 1;
  do {
    const shape = shapeAt(view, at);
    owed -= 1;
    // Each value within takes a byte at least.
    if (shape === undefined || owed + shape.count > bytes.length - at - shape.size) return false;
    const number = beginValue(columns, shape.type, at);
    at += shape.size;
    owed += shape.count;
    if (shape.count > 0) {
      if (open.length >= MAX_DEPTH) return false;
      open.push({ number, left: shape.count });
      continue;
    }
    endValue(columns, number, at);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      top.left -= 1;
      if (top.left > 0) break;
      endValue(columns, top.number, at);
      open.pop();
    }
  } while (open.length > 0);
  return true;
}

const FIXED: Readonly<Record<number, readonly [type: ValueType, size: number]>> = {
  192: ["nil", 1],
  194: ["boolean", 1],
  195: ["boolean", 1],
  202: ["float32", 5],
  203: ["float64", 9],
  204: ["uint8", 2],
  205: ["uint16", 3],
  206: ["uint32", 5],
  207: ["uint64", 9],
  208: ["int8", 2],
  209: ["int16", 3],
  210: ["int32", 5],
  211: ["int64", 9],
};

function shapeAt(view: DataView, at: number): Shape | undefined {
  if (at >= view.byteLength) return undefined;
  const head = view.getUint8(at);
  if (head < 0x80 || head >= 0xe0) return { type: "fixint", size: 1, count: 0 };
  if (head < 0x90) return { type: "map", size: 1, count: (head & 0x0f) * 2 };
  if (head < 0xa0) return { type: "array", size: 1, count: head & 0x0f };
  if (head < 0xc0) return { type: "str", size: 1 + (head & 0x1f), count: 0 };
  const fixed = FIXED[head];
  if (fixed !== undefined) return { type: fixed[0], size: fixed[1], count: 0 };
  if (head >= 0xd4 && head <= 0xd8) return extension(view, at + 1, 1, 1 << (head - 0xd4));
  const width = widthOf(head);
  const length = width === undefined ? undefined : sizeAt(view, at + 1, width);
  if (width === undefined || length === undefined) return undefined;
  const size = 1 + width;
  if (head <= 0xc6) return { type: "bin", size: size + length, count: 0 };
  if (head <= 0xc9) return extension(view, at + size, size, length);
  if (head <= 0xdb) return { type: "str", size: size + length, count: 0 };
  return head <= 0xdd ? { type: "array", size, count: length } : { type: "map", size, count: length * 2 };
}

/** Bytes of the length or count behind a head. */
function widthOf(head: number): 1 | 2 | 4 | undefined {
  if (head === 0xc4 || head === 0xc7 || head === 0xd9) return 1;
  if (head === 0xc5 || head === 0xc8 || head === 0xda || head === 0xdc || head === 0xde) return 2;
  if (head === 0xc6 || head === 0xc9 || head === 0xdb || head === 0xdd || head === 0xdf) return 4;
  return undefined;
}

function sizeAt(view: DataView, at: number, width: 1 | 2 | 4): number | undefined {
  if (at + width > view.byteLength) return undefined;
  if (width === 1) return view.getUint8(at);
  return width === 2 ? view.getUint16(at) : view.getUint32(at);
}

const TIMESTAMP = -1;

function extension(view: DataView, at: number, before: number, length: number): Shape | undefined {
  if (at >= view.byteLength) return undefined;
  const isTimestamp = view.getInt8(at) === TIMESTAMP && (length === 4 || length === 8 || length === 12);
  return { type: isTimestamp ? "timestamp" : "ext", size: before + 1 + length, count: 0 };
}
