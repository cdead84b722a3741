import { utf8Length } from "../bytes/utf8.ts";
import type { RawRecord } from "../wire/hub-codec.ts";
import type { ByteLength } from "../wire/payload.ts";

/** Without framing. */
export function rawSize(raw: RawRecord): ByteLength {
  return raw.kind === "text" ? utf8Length(raw.text) : raw.bytes.length;
}
