import type { WireValue } from "../../core/src/wire/hub-message.ts";
import { type CompressedValue, compressedValue } from "../../core/src/wire/messagepack/compressed-value.ts";
import { formatSize } from "../format/format-size.ts";

/** Stands in a tree for a value that was compressed on the wire: shown as what it stands for, and marked. */
export class UnpackedValue {
  readonly content: CompressedValue;
  constructor(content: CompressedValue) {
    this.content = content;
  }
}

/** A message is decoded once, so its values are the same objects each time they are shown. */
const known = new WeakMap<object, WireValue>();

/** The value itself where it was not compressed, or where its blocks do not give what they promise. */
export function unpacked(value: WireValue): WireValue {
  if (typeof value !== "object" || value === null) return value;
  const before = known.get(value);
  if (before !== undefined) return before;
  const content = compressedValue(value);
  const shown = content === undefined ? value : new UnpackedValue(content);
  if (content !== undefined) known.set(value, shown);
  return shown;
}

/** "LZ4, 3.2 kB in 410 B". */
export function packingText({ content: { size, packedSize, issues } }: UnpackedValue): string {
  const odd = issues.length === 0 ? "" : ", with bytes behind its end";
  return `LZ4, ${formatSize(size)} in ${formatSize(packedSize)}${odd}`;
}
