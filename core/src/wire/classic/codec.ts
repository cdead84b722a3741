import { utf8Length } from "../../bytes/utf8.ts";
import type { RawRecord, WireCodec } from "../hub-codec.ts";
import type { UndecodableMessage } from "../hub-message.ts";
import { MAX_CLASSIC_SOCKET_MESSAGE } from "../limits.ts";
import { type DecodedClassic, decodeClassicRecord } from "./decode.ts";
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
    decode(record, direction) {
      const decoded = decodeClassicRecord(record, { direction, connection });
      return direction === "out" ? withSizeChecked(decoded, record) : decoded;
    },
    encode: encodeClassic,
  };
}

/** A send request has no such limit. */
function withSizeChecked(decoded: DecodedClassic, record: RawRecord): DecodedClassic {
  const size = record.kind === "text" ? utf8Length(record.text) : record.bytes.length;
  if (size <= MAX_CLASSIC_SOCKET_MESSAGE) return decoded;
  const detail = `${size} bytes of ${MAX_CLASSIC_SOCKET_MESSAGE}`;
  return { ...decoded, issues: [...decoded.issues, { code: "over-size-limit", detail }] };
}
