import type { HubCodec } from "../hub-codec.ts";
import { decodeMessagePackRecord } from "./decode.ts";
import { decodeMessagePackPayload } from "./decode-payload.ts";
import { encodeMessagePack } from "./encode.ts";
import { indexMessagePackAt, indexMessagePackPayload, indexMessagePackRecord } from "./index-record.ts";

/** The MessagePack hub protocol, versions 1 and 2. HubProtocol.md, "MessagePack (MsgPack) encoding". */
export const messagePackCodec: HubCodec = {
  name: "messagepack",
  transferFormat: "binary",
  index: indexMessagePackRecord,
  indexAt: indexMessagePackAt,
  indexPayload: indexMessagePackPayload,
  decode: decodeMessagePackRecord,
  decodePayload: decodeMessagePackPayload,
  encode: encodeMessagePack,
};
