import type { MessageEntry } from "../../../core/src/session/model.ts";
import type { DecodedRecord } from "../../../core/src/wire/hub-codec.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";

/** A record that says this message; its raw text is only a stand-in. */
export function recordOf(message: HubMessage, facts: Partial<DecodedRecord> = {}): DecodedRecord {
  return {
    head: message,
    knownIssues: [],
    message,
    issues: [],
    direction: "in",
    raw: { kind: "text", text: "" },
    size: 10,
    ...facts,
  };
}

export function entryOf(message: HubMessage, facts: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: "message",
    number: 1,
    at: 0,
    connection: "c1",
    carrier: { socket: "a" },
    direction: "in",
    size: 10,
    record: recordOf(message),
    resend: false,
    isError: false,
    ...facts,
  };
}
