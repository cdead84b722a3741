import { encodeUtf8 } from "../../../core/src/bytes/utf8.ts";
import type { HubCodec } from "../../../core/src/wire/hub-codec.ts";
import { Extension, JsonNumber, Timestamp } from "../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { leanJsonCodec } from "../../../core/src/wire/lean/json.ts";
import type { LeanCodec } from "../../../core/src/wire/lean/lean-codec.ts";
import { leanMessagePackCodec } from "../../../core/src/wire/lean/messagepack.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import blazorPack from "../../vectors/blazor-hub-protocol.json" with { type: "json" };
import json from "../../vectors/json-hub-protocol.json" with { type: "json" };
import messagePack from "../../vectors/messagepack-hub-protocol.json" with { type: "json" };
import { hex, hexText } from "./vector-values.ts";

/** What the codecs say of every hub protocol vector, a line each: to be compared between engines. */
export function vectorDigest(): readonly string[] {
  return [
    ...json.flatMap(({ wire }) => [
      ...linesOf(wire, jsonCodec, leanJsonCodec),
      ...linesOf(encodeUtf8(wire), jsonCodec, leanJsonCodec),
    ]),
    ...[...messagePack, ...blazorPack].flatMap(({ wire }) =>
      linesOf(hex(wire), messagePackCodec, leanMessagePackCodec),
    ),
  ];
}

function linesOf(payload: string | Uint8Array, codec: HubCodec, lean: LeanCodec): readonly string[] {
  const decoded = codec.decodePayload(payload);
  return [
    plainText(decoded),
    plainText(codec.indexPayload(payload)),
    plainText(lean.decodePayload(payload)),
    ...decoded.map(({ message }) => {
      try {
        return plainText([codec.encode(message, "dotnet"), codec.encode(message, "javascript")]);
      } catch (error) {
        return String(error instanceof TypeError);
      }
    }),
  ];
}

function plainText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === "bigint") return `bigint ${item}`;
    if (Object.is(item, -0)) return "-0";
    if (item instanceof Uint8Array) return `bytes ${hexText(item)}`;
    if (item instanceof Map) return ["map", ...item];
    if (item instanceof JsonNumber) return `number ${item.source}`;
    if (item instanceof Timestamp) return `timestamp ${item.seconds} ${item.nanoseconds}`;
    if (item instanceof Extension) return `extension ${item.type} ${hexText(item.bytes)}`;
    return item;
  });
}
