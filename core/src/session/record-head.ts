import type { MessageHead } from "../wire/hub-message.ts";
import type { ProtocolRecord, SessionRecord } from "./model.ts";

/** What a record says but for its content: no more is decoded than was on arrival. */
export function headOf(record: SessionRecord): MessageHead | ProtocolRecord["message"] {
  return "head" in record ? record.head : record.message;
}
