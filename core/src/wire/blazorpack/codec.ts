import type { HubCodec } from "../hub-codec.ts";
import { messagePackCodec } from "../messagepack/codec.ts";

/**
 * Blazor Server's hub protocol, version 1: the envelope of MessagePack byte for byte. Only its values are fewer (nil,
 * text, boolean, integers, 32-bit floats, bin): what has structure travels as JSON in a text. ASP.NET Core,
 * `BlazorPackHubProtocol`.
 */
export const blazorPackCodec: HubCodec = { ...messagePackCodec, name: "blazorpack" };
