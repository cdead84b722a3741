import type { Payload } from "../../core/src/wire/payload.ts";

/** What a payload holds in memory: UTF-16 units or bytes. An omitted one holds nothing. */
export function payloadSize(payload: Payload): number {
  switch (payload.kind) {
    case "text":
      return payload.text.length;
    case "binary":
      return payload.bytes.byteLength;
    case "omitted":
      return 0;
    default:
      return payload satisfies never;
  }
}
