export { jsonCodec } from "../../../core/src/wire/json/codec.ts";
export { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
