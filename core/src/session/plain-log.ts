import type { ConnectionTrack } from "./connection-list.ts";
import { type Arrival, appendMessage, stateWhenHeard } from "./message-log.ts";
import type { ProtocolRecord } from "./model.ts";
import type { SessionState } from "./session-state.ts";

/** A message of iris or of a socket without a protocol becomes an entry. Nothing here answers anything. */
export function logPlain(
  state: SessionState,
  track: ConnectionTrack,
  record: ProtocolRecord,
  arrival: Arrival,
): void {
  const { message } = record;
  const target = message.kind === "iris-event" && message.event !== "" ? { target: message.event } : {};
  const next = stateWhenHeard(track, arrival.at);
  if (next !== undefined) state.connections.change(track, { state: next });
  appendMessage(state, track, record, arrival, target);
}
