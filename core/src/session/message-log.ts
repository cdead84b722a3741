import type { Milliseconds, PayloadAct } from "../capture-event.ts";
import type { DecodedRecord } from "../wire/hub-codec.ts";
import { blazorLink } from "./blazor-calls.ts";
import type { ConnectionCounts, ConnectionTrack } from "./connection-list.ts";
import { isErrorMessage } from "./error-message.ts";
import type { Carrier, ConnectionState, MessageEntry, ProtocolRecord } from "./model.ts";
import { isCounted, type SequencePlace } from "./sequence-numbers.ts";
import type { SessionState } from "./session-state.ts";

/** Where and when a record became complete. */
export interface Arrival {
  readonly at: Milliseconds;
  readonly carrier: Carrier;
  readonly act?: PayloadAct | undefined;
  readonly isRewritten?: true | undefined;
}

/** One decoded record becomes an entry of the log, and changes its connection and its invocation. */
export function logMessage(
  state: SessionState,
  track: ConnectionTrack,
  record: DecodedRecord,
  { at, carrier, act }: Arrival,
): void {
  const { log, connections, invocations } = state;
  const { head, direction, size } = record;
  const number = log.nextNumber;
  // What we put in is counted by the end that gets it alone.
  const place = act === "sent" || act === "simulated" ? undefined : sequencePlace(track, record);
  const isBlazor = track.view.protocol?.name === "blazorpack";
  const link = isBlazor ? blazorLink(record) : undefined;
  const invocation = place?.resend
    ? track.numbers.recall(direction, place.sequence)
    : track.pairing.pair({ message: head, direction, entry: number, at, isDropped: act === "dropped", link });
  if (invocation !== undefined && place !== undefined && !place.resend) {
    track.numbers.remember(direction, place.sequence, invocation);
  }
  const paired = invocation === undefined ? undefined : invocations.find(invocation);
  const target = ownTarget(record) ?? paired?.target;
  const isError = isErrorMessage(record) || link?.error !== undefined;
  // Built up rather than spread: this runs for every message.
  const entry: Mutable<MessageEntry> = {
    kind: "message",
    number,
    at,
    connection: track.id,
    carrier,
    direction,
    size,
    record,
    resend: place?.resend ?? false,
    isError,
  };
  if (paired !== undefined) entry.invocation = paired.number;
  if (target !== undefined) entry.target = target;
  if (place !== undefined) entry.sequence = place.sequence;
  if (act !== undefined) entry.act = act;
  // Neither what the server never got nor what it never said tells of its parser.
  const isServers = act !== "simulated" && !(act === "dropped" && direction === "out");
  const undelivered = isServers ? track.delivery.place(record, number) : undefined;
  if (undelivered !== undefined) entry.undelivered = undelivered;
  const step = isBlazor && act !== "dropped" ? track.circuit.take(record) : undefined;
  if (step !== undefined) entry.circuit = step;
  const circuit = isBlazor ? track.circuit.state : undefined;
  if (circuit !== undefined && circuit !== track.view.circuit) connections.change(track, { circuit });
  track.entries++;
  count(track.counts, entry);
  connections.touch(track);
  const next = act === "dropped" ? undefined : stateAfter(track, record, at);
  if (next !== undefined) connections.change(track, { state: next });
  log.append(entry);
  if (!isServers) return;
  for (const { entry: earlier, undelivered: why } of track.delivery.learn(record)) log.mark(earlier, why);
}

/** Of another protocol than ASP.NET Core's: `facts` is what is particular about it. */
export function appendMessage(
  { log, connections }: SessionState,
  track: ConnectionTrack,
  record: ProtocolRecord,
  { at, carrier, act, isRewritten }: Arrival,
  facts: Pick<MessageEntry, "target" | "invocation" | "invocations">,
): void {
  const { direction, size } = record;
  const entry: MessageEntry = {
    kind: "message",
    number: log.nextNumber,
    at,
    connection: track.id,
    carrier,
    direction,
    size,
    record,
    resend: false,
    isError: isErrorMessage(record),
    ...facts,
    ...(act !== undefined && { act }),
    ...(isRewritten && { isRewritten }),
  };
  track.entries++;
  count(track.counts, entry);
  connections.touch(track);
  log.append(entry);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Only where stateful reconnect was granted: elsewhere peers ignore Ack and Sequence. */
function sequencePlace(
  track: ConnectionTrack,
  { head: message, direction }: DecodedRecord,
): SequencePlace | undefined {
  if (!track.view.statefulReconnect) return undefined;
  if (isCounted(message)) return track.numbers.count(direction);
  if (message.kind === "sequence") track.numbers.restartAt(direction, message.sequenceId);
  if (message.kind === "ack") {
    track.numbers.acknowledge(direction === "out" ? "in" : "out", message.sequenceId);
  }
  return undefined;
}

function ownTarget({ head: message }: DecodedRecord): string | undefined {
  return message.kind === "invocation" || message.kind === "stream-invocation" ? message.target : undefined;
}

function count(counts: ConnectionCounts, { direction, size, isError }: MessageEntry): void {
  if (direction === "out") {
    counts.messagesOut++;
    counts.bytesOut += size;
  } else {
    counts.messagesIn++;
    counts.bytesIn += size;
  }
  if (isError) counts.errors++;
}

/** undefined where the message changes nothing. */
function stateAfter(
  track: ConnectionTrack,
  { head: message }: DecodedRecord,
  at: Milliseconds,
): ConnectionState | undefined {
  switch (message.kind) {
    case "handshake-request":
      return { kind: "handshaking" };
    case "handshake-response":
      if (message.error !== undefined) return { kind: "handshake-failed", error: message.error };
      break;
    case "undecodable":
      // What cannot be read proves no connection.
      return undefined;
    case "close":
      track.closing = true;
      if (message.error !== undefined) track.closeError = message.error;
      break;
    default:
      break;
  }
  return stateWhenHeard(track, at);
}

/** A message proves that the connection is up, unless it is over. undefined where it changes nothing. */
export function stateWhenHeard(track: ConnectionTrack, at: Milliseconds): ConnectionState | undefined {
  switch (track.view.state.kind) {
    case "connected":
    case "closed":
    case "ended":
    case "handshake-failed":
      return undefined;
    default:
  }
  track.connectedAt ??= at;
  return { kind: "connected", since: track.connectedAt };
}
