/** One line of a hex view. */
export interface HexRow {
  /** Of the first byte of the row, in the whole. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Two lower-case digits a byte. */
  readonly hex: readonly string[];
  /** Printable ASCII as it is, "." for everything else; one character a byte. */
  readonly ascii: string;
}

export interface HexRowsOptions {
  /** Bytes a row. Default 16. */
  readonly width?: number;
  /** First row wanted, from 0. Default 0. */
  readonly firstRow?: number;
  /** Most rows wanted, so that a view can ask for those in sight. Default all. */
  readonly rowCount?: number;
}

const DEFAULT_WIDTH = 16;
const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** Costs as much as the rows asked for, whatever the length of `bytes`. */
export function hexRows(bytes: Uint8Array, options: HexRowsOptions = {}): readonly HexRow[] {
  const { width = DEFAULT_WIDTH, firstRow = 0, rowCount = Number.POSITIVE_INFINITY } = options;
  const last = Math.min(hexRowCount(bytes.length, width), firstRow + rowCount);
  const rows: HexRow[] = [];
  for (let row = firstRow; row < last; row++) rows.push(hexRow(bytes, row * width, width));
  return rows;
}

/** How many rows `length` bytes take. */
export function hexRowCount(length: number, width: number = DEFAULT_WIDTH): number {
  return Math.ceil(length / width);
}

/** All bytes in lower case, with a space between two. For clipboard and short details. */
export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, hexDigits).join(" ");
}

function hexRow(all: Uint8Array, offset: number, width: number): HexRow {
  const bytes = all.subarray(offset, offset + width);
  let ascii = "";
  for (const byte of bytes) ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
  return { offset, bytes, hex: Array.from(bytes, hexDigits), ascii };
}

function hexDigits(byte: number): string {
  return DIGITS[byte] ?? "";
}
