import { utf8Length } from "../bytes/utf8.ts";
import type { HubscopeError } from "../errors.ts";
import { createConnectionDecoder } from "../wire/connection-decoder.ts";
import type { HubProtocolName } from "../wire/hub-codec.ts";
import type { HubMessage } from "../wire/hub-message.ts";
import type { Payload } from "../wire/payload.ts";
import { endlessRecord } from "./connection-failures.ts";

/** Beyond what any server would send in one record. A hostile one must not fill the memory with a record without end. */
const MAX_INCOMPLETE_BYTES = 256 * 1024 * 1024;

/** What the server says, as messages. */
export interface Incoming {
  /** The handshake request, which settles how the answers are to be read. */
  sent(payload: string | Uint8Array): void;
  /** The messages that this payload completes; `fault` where the connection cannot go on after them. */
  receive(payload: string | Uint8Array): {
    readonly messages: readonly HubMessage[];
    readonly fault?: HubscopeError;
  };
}

export function createIncoming(protocol: HubProtocolName): Incoming {
  const decoder = createConnectionDecoder({ protocol });
  let incomplete = 0;
  return {
    sent: (payload) => void decoder.decode("out", toPayload(payload)),
    receive(payload) {
      const records = decoder.decode("in", toPayload(payload));
      incomplete += typeof payload === "string" ? utf8Length(payload) : payload.length;
      for (const record of records) incomplete -= record.size;
      const messages = records.map((record) => record.message);
      return incomplete > MAX_INCOMPLETE_BYTES
        ? { messages, fault: endlessRecord(incomplete) }
        : { messages };
    },
  };
}

function toPayload(payload: string | Uint8Array): Payload {
  return typeof payload === "string" ? { kind: "text", text: payload } : { kind: "binary", bytes: payload };
}
