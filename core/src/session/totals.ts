import type { ByteLength } from "../wire/payload.ts";
import type { Session } from "./session.ts";

/** How much a session has seen. */
export interface Totals {
  readonly connections: number;
  /** Hub messages since the session began or was cleared, forgotten ones included. */
  readonly messages: number;
  readonly bytes: ByteLength;
  readonly errors: number;
}

/** Sums over the connections; costs nothing per message. */
export function totals({ connections }: Pick<Session, "connections">): Totals {
  let messages = 0;
  let bytes = 0;
  let errors = 0;
  for (const connection of connections) {
    messages += connection.messagesOut + connection.messagesIn;
    bytes += connection.bytesOut + connection.bytesIn;
    errors += connection.errors;
  }
  return { connections: connections.length, messages, bytes, errors };
}
