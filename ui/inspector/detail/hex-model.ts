import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type HexRow, hexRowCount, hexRows } from "../../../core/src/bytes/hex-rows.ts";
import { createRowListModel, type RowListModel } from "../../list/row-list-model.ts";

/** Bytes in rows of 16, or of 8 where the pane is narrow; only those in sight are written. */
export interface HexModel {
  readonly list: RowListModel;
  readonly rows: ReadonlySignal<readonly HexRow[]>;
  readonly perRow: ReadonlySignal<number>;
  readonly length: number;
  resized(viewport: number, width: number): void;
  /** Brings this byte in sight. */
  show(byte: number): void;
}

export const HEX_ROW_HEIGHT = 18;
const WIDE_ENOUGH_FOR_16 = 540;

export function createHexModel(bytes: Uint8Array): HexModel {
  const perRow = signal(16);
  const list = createRowListModel(
    computed(() => hexRowCount(bytes.length, perRow.value)),
    HEX_ROW_HEIGHT,
  );
  return {
    list,
    rows: computed(() => {
      const { first, end } = list.window.value;
      return hexRows(bytes, { width: perRow.value, firstRow: first, rowCount: end - first });
    }),
    perRow,
    length: bytes.length,
    resized: (viewport, width) => {
      perRow.value = width >= WIDE_ENOUGH_FOR_16 ? 16 : 8;
      list.resized(viewport);
    },
    show: (byte) => list.show(Math.floor(byte / perRow.value)),
  };
}
