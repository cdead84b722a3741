import type { Payload } from "../../core/src/wire/payload.ts";
import { getter } from "./natives.ts";

const { getPrototypeOf } = Object;

/** As the platform counts, whatever the page has put on its typed arrays. */
export const bytesSize: (bytes: Uint8Array) => number = getter(
  getPrototypeOf(Uint8Array.prototype) as Uint8Array,
  "byteLength",
);

/** What a payload holds in memory: UTF-16 units or bytes. An omitted one holds nothing. */
export function payloadSize(payload: Payload): number {
  switch (payload.kind) {
    case "text":
      return payload.text.length;
    case "binary":
      return bytesSize(payload.bytes);
    case "omitted":
      return 0;
    default:
      return payload satisfies never;
  }
}
