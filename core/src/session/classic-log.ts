import type { ClassicMessage, ClientInvocation, EnvelopeItem, HubCall } from "../wire/classic/message.ts";
import type { ConnectionTrack } from "./connection-list.ts";
import { type Arrival, appendMessage, stateWhenHeard } from "./message-log.ts";
import type { InvocationNumber, ProtocolRecord } from "./model.ts";
import type { SessionState } from "./session-state.ts";

/** A message of classic SignalR becomes an entry, and changes its connection and its invocations. */
export function logClassic(
  state: SessionState,
  track: ConnectionTrack,
  record: ProtocolRecord,
  arrival: Arrival,
): readonly InvocationNumber[] {
  const { log, connections, invocations } = state;
  const { message } = record;
  const isDropped = arrival.act === "dropped";
  // What was dropped answers nothing; a call waits for its answer all the same.
  const paired =
    isClassic(message) && (!isDropped || message.kind === "hub-call")
      ? track.classic.pairing.pair(message, { ...arrival, entry: log.nextNumber })
      : [];
  if (!isDropped) learnState(state, track, message, arrival);
  const [first] = paired;
  const targets =
    message.kind === "envelope"
      ? targetsOf(message.messages, (number) => invocations.find(number)?.target, paired)
      : first === undefined
        ? message.kind === "hub-call"
          ? [nameOf(message)]
          : []
        : [invocations.find(first)?.target ?? ""];
  const target = [...new Set(targets.filter((name) => name !== ""))].join(", ");
  appendMessage(state, track, record, arrival, {
    ...(target !== "" && { target }),
    ...(first !== undefined && { invocation: first }),
    ...(paired.length > 1 && { invocations: paired }),
  });
  connections.touch(track);
  return paired;
}

function isClassic(message: ProtocolRecord["message"]): message is ClassicMessage {
  return message.kind !== "undecodable";
}

export function nameOf({ hub, method }: HubCall | ClientInvocation): string {
  return `${hub}.${method}`;
}

/** Progress bears the name of its call, which may be one that was not seen. */
function targetsOf(
  items: readonly EnvelopeItem[],
  targetOf: (number: InvocationNumber) => string | undefined,
  paired: readonly InvocationNumber[],
): readonly string[] {
  const called = paired.map((number) => targetOf(number) ?? "");
  return [...called, ...items.flatMap((item) => (item.kind === "client-invocation" ? [nameOf(item)] : []))];
}

function learnState(
  { connections }: SessionState,
  track: ConnectionTrack,
  message: ProtocolRecord["message"],
  { at }: Arrival,
): void {
  const { classic } = track;
  if (message.kind === "connection-error") track.closeError = message.error;
  if (message.kind === "envelope") {
    if (message.reconnect !== undefined) classic.isToldToReconnect = true;
    if (message.disconnect === 1 || message.disconnect === true) classic.isDismissed = true;
    if (message.initialised !== undefined) {
      classic.isToldToReconnect = message.reconnect !== undefined;
      track.connectedAt ??= at;
      connections.change(track, { state: { kind: "connected", since: track.connectedAt } });
      return;
    }
  }
  // What one side says of itself proves no connection: a call may be sent to a token that nobody knows.
  // Nor does the reply to a send request that had no receive channel beside it.
  const { kind } = track.view.state;
  if (!PROOFS.has(message.kind) || kind === "negotiated" || kind === "negotiating") return;
  const next = stateWhenHeard(track, at);
  if (next !== undefined) connections.change(track, { state: next });
}

const PROOFS: ReadonlySet<ProtocolRecord["message"]["kind"]> = new Set([
  "envelope",
  "keep-alive",
  "hub-result",
  "hub-error",
]);
