import type { HubCodec } from "../hub-codec.ts";
import { decodeJsonRecord } from "./decode.ts";
import { decodeJsonPayload } from "./decode-payload.ts";
import { encodeJson } from "./encode.ts";
import { indexJsonAt, indexJsonPayload, indexJsonRecord } from "./index-record.ts";

/** The JSON hub protocol, versions 1 and 2. HubProtocol.md, "JSON Encoding". */
export const jsonCodec: HubCodec = {
  name: "json",
  transferFormat: "text",
  index: indexJsonRecord,
  indexAt: indexJsonAt,
  indexPayload: indexJsonPayload,
  decode: decodeJsonRecord,
  decodePayload: decodeJsonPayload,
  encode: encodeJson,
};
