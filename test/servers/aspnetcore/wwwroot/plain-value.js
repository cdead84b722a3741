// Values of the official client as plain JSON, so that a test outside of the page can compare them.

const LONGEST = 4096;

/**
 * Long text and bytes become their length and start; what JSON lacks becomes { $bytes }, { $date }, { $number },
 * { $undefined }.
 */
export function plainValue(value) {
  if (value === undefined) return { $undefined: true };
  if (typeof value === "string")
    return value.length > LONGEST ? { $text: value.length, start: value.slice(0, 32) } : value;
  if (typeof value === "number") return Number.isFinite(value) ? value : { $number: String(value) };
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Date) return { $date: value.toISOString() };
  if (ArrayBuffer.isView(value)) return plainBytes(value);
  if (Array.isArray(value)) return value.map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainValue(member)]));
}

function plainBytes(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const start = btoa(String.fromCharCode(...bytes.subarray(0, LONGEST)));
  return bytes.length > LONGEST ? { $bytes: bytes.length, start: start.slice(0, 32) } : { $bytes: start };
}
