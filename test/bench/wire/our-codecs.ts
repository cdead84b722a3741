export { leanJsonCodec } from "../../../core/src/wire/lean/json.ts";
export { leanMessagePackCodec } from "../../../core/src/wire/lean/messagepack.ts";
