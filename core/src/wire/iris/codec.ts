import type { WireCodec } from "../hub-codec.ts";
import type { UndecodableMessage } from "../hub-message.ts";
import { decodeIrisRecord } from "./decode.ts";
import { encodeIris } from "./encode.ts";
import type { IrisMessage } from "./message.ts";

/** kataras/iris websocket, 8 to 11.1. `prefix` as the server is set up; default: what messages begin with. */
export function createIrisCodec(prefix?: string): WireCodec<"iris", IrisMessage | UndecodableMessage> {
  return {
    name: "iris",
    transferFormat: "text",
    decode: (record, direction) => decodeIrisRecord(record, { direction, prefix }),
    encode: encodeIris,
  };
}
