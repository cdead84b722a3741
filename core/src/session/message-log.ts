import type { Milliseconds, SocketId } from "../capture-event.ts";
import type { DecodedRecord } from "../wire/hub-codec.ts";
import type { ConnectionTrack } from "./connection-list.ts";
import { isErrorMessage } from "./error-message.ts";
import type { Connection, ConnectionState, InvocationNumber, MessageEntry } from "./model.ts";
import { isCounted, type SequencePlace } from "./sequence-numbers.ts";
import type { SessionState } from "./session-state.ts";

/** Where and when a record became complete. */
export interface Arrival {
  readonly at: Milliseconds;
  readonly socket: SocketId;
}

/** One decoded record becomes an entry of the log, and changes its connection and its invocation. */
export function logMessage(
  state: SessionState,
  track: ConnectionTrack,
  record: DecodedRecord,
  { at, socket }: Arrival,
): void {
  const { log, connections, invocations } = state;
  const { message, direction, size } = record;
  const number = log.nextNumber;
  const place = sequencePlace(track, record);
  const invocation = place?.resend
    ? track.numbers.recall(direction, place.sequence)
    : track.pairing.pair({ message, direction, entry: number, at });
  if (invocation !== undefined && place !== undefined && !place.resend) {
    track.numbers.remember(direction, place.sequence, invocation);
  }
  const target = ownTarget(record) ?? targetOf(state, invocation);
  const isError = isErrorMessage(record);
  const entry: MessageEntry = {
    kind: "message",
    number,
    at,
    connection: track.id,
    socket,
    direction,
    size,
    record,
    resend: place?.resend ?? false,
    isError,
    ...(invocation === undefined || invocations.find(invocation) === undefined ? {} : { invocation }),
    ...(target === undefined ? {} : { target }),
    ...(place === undefined ? {} : { sequence: place.sequence }),
  };
  track.entries++;
  connections.change(track, { ...counted(track.view, entry), ...stateAfter(track, record, at) });
  log.append(entry);
}

/** Only where stateful reconnect was granted: elsewhere peers ignore Ack and Sequence. */
function sequencePlace(
  track: ConnectionTrack,
  { message, direction }: DecodedRecord,
): SequencePlace | undefined {
  if (!track.view.statefulReconnect) return undefined;
  if (isCounted(message)) return track.numbers.count(direction);
  if (message.kind === "sequence") track.numbers.restartAt(direction, message.sequenceId);
  if (message.kind === "ack") {
    track.numbers.acknowledge(direction === "out" ? "in" : "out", message.sequenceId);
  }
  return undefined;
}

function ownTarget({ message }: DecodedRecord): string | undefined {
  return message.kind === "invocation" || message.kind === "stream-invocation" ? message.target : undefined;
}

function targetOf({ invocations }: SessionState, number: InvocationNumber | undefined): string | undefined {
  return number === undefined ? undefined : invocations.find(number)?.target;
}

function counted(view: Connection, { direction, size, isError }: MessageEntry): Partial<Connection> {
  const errors = view.errors + (isError ? 1 : 0);
  return direction === "out"
    ? { messagesOut: view.messagesOut + 1, bytesOut: view.bytesOut + size, errors }
    : { messagesIn: view.messagesIn + 1, bytesIn: view.bytesIn + size, errors };
}

function stateAfter(
  track: ConnectionTrack,
  { message }: DecodedRecord,
  at: Milliseconds,
): { readonly state?: ConnectionState } {
  switch (message.kind) {
    case "handshake-request":
      return { state: { kind: "handshaking" } };
    case "handshake-response":
      if (message.error !== undefined) return { state: { kind: "handshake-failed", error: message.error } };
      break;
    case "undecodable":
      // What cannot be read proves no connection.
      return {};
    case "close":
      track.closing = true;
      if (message.error !== undefined) track.closeError = message.error;
      break;
    default:
      break;
  }
  if (track.view.state.kind === "connected" || track.view.state.kind === "closed") return {};
  if (track.view.state.kind === "handshake-failed") return {};
  track.connectedAt ??= at;
  return { state: { kind: "connected", since: track.connectedAt } };
}
