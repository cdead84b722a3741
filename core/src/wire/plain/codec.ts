import type { WireCodec } from "../hub-codec.ts";
import { decodePlainRecord } from "./decode.ts";
import { encodePlain } from "./encode.ts";
import type { PlainMessage } from "./message.ts";

/** A socket without a protocol: text, JSON or bytes. JSON that came in a binary message is written as text. */
export const plainCodec: WireCodec<"plain", PlainMessage> = {
  name: "plain",
  transferFormat: "text",
  decode: decodePlainRecord,
  encode: encodePlain,
};
