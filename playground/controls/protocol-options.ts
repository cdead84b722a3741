import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";
import type { ChoiceOption } from "./Choice.tsx";

export const protocolOptions: readonly ChoiceOption<HubProtocolName>[] = [
  { value: "json", label: "JSON" },
  { value: "messagepack", label: "MessagePack" },
];
