import type { WireCodec } from "../hub-codec.ts";
import type { UndecodableMessage } from "../hub-message.ts";
import { decodeClassicRecord } from "./decode.ts";
import { encodeClassic } from "./encode.ts";
import type { ConnectionKind } from "./envelope.ts";
import type { ClassicMessage } from "./message.ts";

/**
 * Classic ASP.NET SignalR over WebSockets: one message is one payload, and nothing frames it. On the other transports
 * `event-stream.ts`, `forever-frame.ts` and `response-body.ts` find the same texts.
 */
export function createClassicCodec(
  connection?: ConnectionKind,
): WireCodec<"classic", ClassicMessage | UndecodableMessage> {
  return {
    name: "classic",
    transferFormat: "text",
    decode: (record, direction) => decodeClassicRecord(record, { direction, connection }),
    encode: encodeClassic,
  };
}
