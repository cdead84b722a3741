import fc from "fast-check";
import { encodeUtf8 } from "../../../core/src/bytes/utf8.ts";
import type { HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import blazorPack from "../../vectors/blazor-hub-protocol.json" with { type: "json" };
import json from "../../vectors/json-hub-protocol.json" with { type: "json" };
import messagePack from "../../vectors/messagepack-hub-protocol.json" with { type: "json" };
import { hex } from "./vector-values.ts";

const WIRES: Readonly<Record<HubProtocolName, readonly Uint8Array[]>> = {
  json: [...new Set(json.map(({ wire }) => wire))].map(encodeUtf8),
  messagepack: [...new Set(messagePack.map(({ wire }) => wire))].map(hex),
  blazorpack: blazorPack.map(({ wire }) => hex(wire)),
};

/** Every wire of the vectors, once. */
export function wiresOf(protocol: HubProtocolName): readonly Uint8Array[] {
  return WIRES[protocol];
}

/** Two wires behind each other with up to four faults in them. */
export function mutatedWires(protocol: HubProtocolName): fc.Arbitrary<Uint8Array> {
  const wires = wiresOf(protocol);
  return fc
    .tuple(fc.constantFrom(...wires), fc.constantFrom(...wires), mutations)
    .map(([first, second, list]) => mutate(Uint8Array.of(...first, ...second), list));
}

type Mutation = readonly [kind: "flip" | "cut" | "insert" | "remove" | "repeat", at: number, byte: number];

const mutations = fc.array(
  fc.tuple(
    fc.constantFrom("flip" as const, "cut" as const, "insert" as const, "remove" as const, "repeat" as const),
    fc.nat(4096),
    fc.nat(255),
  ),
  { minLength: 1, maxLength: 4 },
);

function mutate(wire: Uint8Array, list: readonly Mutation[]): Uint8Array {
  let bytes = Array.from(wire);
  for (const [kind, position, byte] of list) {
    const at = bytes.length === 0 ? 0 : position % bytes.length;
    if (kind === "flip") bytes[at] = (bytes[at] ?? 0) ^ byte;
    else if (kind === "cut") bytes = bytes.slice(0, at);
    else if (kind === "insert") bytes.splice(at, 0, byte);
    else if (kind === "remove") bytes.splice(at, 1);
    else bytes = [...bytes, ...bytes.slice(at)];
  }
  return Uint8Array.from(bytes);
}
