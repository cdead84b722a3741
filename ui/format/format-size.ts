import type { ByteLength } from "../../core/src/wire/payload.ts";
import { formatCount } from "./format-count.ts";

const UNITS = ["kB", "MB", "GB"] as const;

/** Decimal units, as the browsers' network panels have them: 316 B, 1.1 kB, 3.2 MB. */
export function formatSize(bytes: ByteLength): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes / 1000;
  let unit = 0;
  // 999.95 would be written as 1000.0: the next unit begins where rounding reaches it.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 99.95 ? value.toFixed(1) : formatCount(value);
  return `${digits} ${UNITS[unit]}`;
}
