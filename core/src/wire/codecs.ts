import { blazorPackCodec } from "./blazorpack/codec.ts";
import type { HubCodec, HubProtocolName } from "./hub-codec.ts";
import { jsonCodec } from "./json/codec.ts";
import { messagePackCodec } from "./messagepack/codec.ts";

/** The codec of a hub protocol. */
export function codecFor(name: HubProtocolName): HubCodec {
  switch (name) {
    case "json":
      return jsonCodec;
    case "messagepack":
      return messagePackCodec;
    case "blazorpack":
      return blazorPackCodec;
  }
}

/** By the name in a handshake, which servers compare without case. */
export function hubProtocolOf(announced: string): HubProtocolName | undefined {
  switch (announced.toLowerCase()) {
    case "json":
      return "json";
    case "messagepack":
      return "messagepack";
    case "blazorpack":
      return "blazorpack";
    default:
      return undefined;
  }
}
