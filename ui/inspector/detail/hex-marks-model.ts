import { computed, type ReadonlySignal } from "@preact/signals";
import { utf8Length } from "../../../core/src/bytes/utf8.ts";
import type { RecordOutline } from "../../../core/src/wire/outline-record.ts";
import { formatCountOf } from "../../format/format-count.ts";
import { valueText } from "../../value/value-text.ts";
import type { ValueTreeModel } from "../../value/value-tree-model.ts";
import type { PlacedValue, ValuePlaces } from "./value-places.ts";

/** Bytes of the hex view, from and to; the end is not among them. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** The bytes of the value that is selected in the tree, and the value of a byte. */
export interface HexMarks {
  readonly span: ReadonlySignal<ByteSpan | undefined>;
  /** "result › at: 2026-11-21T12:04:31Z · timestamp · 10 bytes from 0x1c". */
  readonly caption: ReadonlySignal<string>;
  /** Selects the innermost value at this byte, if the tree has one there. */
  pick(byte: number): void;
  /** Selects the value that begins next, or the one that ends before. */
  step(by: 1 | -1): void;
}

export interface HexMarksOptions {
  readonly tree: ValueTreeModel;
  readonly places: ValuePlaces;
  readonly unit: RecordOutline["unit"];
  /** What the bytes are of, where offsets count its UTF-16 units. */
  readonly text: string;
}

export function createHexMarks({ tree, places, unit, text }: HexMarksOptions): HexMarks {
  const isByte = unit === "byte" || utf8Length(text) === text.length;
  const toByte = (offset: number): number => (isByte ? offset : utf8Length(text.slice(0, offset)));
  const toOffset = (byte: number): number => (isByte ? byte : unitAt(text, byte));
  const selected = computed<PlacedValue | undefined>(() => {
    const id = tree.active.value;
    return id === undefined ? undefined : places.ofLine(id);
  });
  const span = computed(() => {
    const outline = selected.value?.outline;
    return outline === undefined ? undefined : { start: toByte(outline.start), end: toByte(outline.end) };
  });
  const pickOffset = (offset: number): void => {
    const found = places.at(offset);
    if (found !== undefined) tree.reveal(found.ids);
  };

  return {
    span,
    caption: computed(() => {
      if (selected.value === undefined || span.value === undefined) return "";
      const { labels, value, outline, isExact, packing } = selected.value;
      const { start, end } = span.value;
      const where = `${formatCountOf(end - start, "byte")} from 0x${start.toString(16)}`;
      const what = `${labels.join(" › ")}: ${valueText(value).text.slice(0, 80)}`;
      if (packing !== undefined && !isExact) return `${what} · compressed (${packing}) within ${where}`;
      if (packing !== undefined) return `${what} · compressed (${packing}) · ${where}`;
      return isExact
        ? `${what} · ${outline.type} · ${where}`
        : `${what} · packed in ${outline.type} · ${where}`;
    }),
    pick: (byte) => pickOffset(toOffset(byte)),
    step: (by) => {
      const outline = selected.value?.outline;
      if (outline === undefined) return;
      const [first] = outline.children;
      if (by < 0) pickOffset((outline.key?.start ?? outline.start) - 1);
      else pickOffset(first === undefined ? outline.end : first.start);
    },
  };
}

/** The UTF-16 unit that this byte of the text's UTF-8 belongs to. */
function unitAt(text: string, byte: number): number {
  let bytes = 0;
  let at = 0;
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > byte) return at;
    at += character.length;
  }
  return at;
}
