import { codecFor } from "../wire/codecs.ts";
import type { HubCodec, HubProtocolName } from "../wire/hub-codec.ts";
import type { HubMessage } from "../wire/hub-message.ts";
import { HANDSHAKE_MALFORMED, unsupportedProtocol, unsupportedVersion } from "./error-texts.ts";

export type HandshakeAnswer =
  | { readonly kind: "accepted"; readonly codec: HubCodec }
  | { readonly kind: "rejected"; readonly error: string };

/** The highest version of both protocols since .NET 8. Lower ones, 0 and negatives included, are accepted. */
const MAX_VERSION = 2;

const PROTOCOLS: Readonly<Record<string, HubProtocolName>> = { json: "json", messagepack: "messagepack" };

/** HubProtocol.md, "Overview"; names are matched without case, as ASP.NET Core does. */
export function answerHandshake(request: HubMessage): HandshakeAnswer {
  if (request.kind !== "handshake-request") return { kind: "rejected", error: HANDSHAKE_MALFORMED };
  const { protocol, version } = request;
  const name = Object.hasOwn(PROTOCOLS, protocol.toLowerCase())
    ? PROTOCOLS[protocol.toLowerCase()]
    : undefined;
  if (name === undefined) return { kind: "rejected", error: unsupportedProtocol(protocol) };
  if (version > MAX_VERSION) return { kind: "rejected", error: unsupportedVersion(version, protocol) };
  return { kind: "accepted", codec: codecFor(name) };
}
