import type { MessageHead } from "../wire/hub-message.ts";
import type { Direction } from "../wire/payload.ts";
import type { InvocationNumber } from "./model.ts";

/** Where a counted message stands in its direction. */
export interface SequencePlace {
  readonly sequence: number;
  /** A message with this number has been seen before. */
  readonly resend: boolean;
}

/**
 * The implicit numbers of the counted messages of one connection: the first in each direction is 1, a Sequence
 * message says the number of the one that follows it. TransportProtocols.md and HubProtocol.md, stateful reconnect.
 */
export interface SequenceNumbers {
  count(direction: Direction): SequencePlace;
  restartAt(direction: Direction, sequenceId: number | bigint): void;
  /** So that a copy of this message can be shown with the invocation of the first one. */
  remember(direction: Direction, sequence: number, invocation: InvocationNumber): void;
  recall(direction: Direction, sequence: number): InvocationNumber | undefined;
  /** The receiver has all up to `sequenceId`: they will not be sent again. */
  acknowledge(direction: Direction, sequenceId: number | bigint): void;
}

interface Lane {
  next: number;
  highest: number;
  oldest: number;
  readonly invocations: Map<number, InvocationNumber>;
}

/** Far above what a peer keeps unacknowledged (100,000 bytes); a bound against one that never acknowledges. */
const MOST_REMEMBERED = 20_000;

export function createSequenceNumbers(): SequenceNumbers {
  const lanes: Readonly<Record<Direction, Lane>> = { out: createLane(), in: createLane() };

  const drop = (lane: Lane, last: number): void => {
    const end = Math.min(last, lane.highest);
    for (; lane.oldest <= end; lane.oldest++) lane.invocations.delete(lane.oldest);
  };

  return {
    count(direction) {
      const lane = lanes[direction];
      const sequence = lane.next++;
      const resend = sequence <= lane.highest;
      if (!resend) lane.highest = sequence;
      return { sequence, resend };
    },
    restartAt(direction, sequenceId) {
      const number = Number(sequenceId);
      if (!Number.isSafeInteger(number) || number < 1) return;
      const lane = lanes[direction];
      // A gap is fatal to the peers; what was in it we have not seen, so nothing that follows is a copy.
      if (number > lane.highest + 1) lane.oldest = number;
      if (number > lane.highest + 1) lane.invocations.clear();
      lane.highest = Math.max(lane.highest, number - 1);
      lane.next = number;
    },
    remember(direction, sequence, invocation) {
      const lane = lanes[direction];
      lane.invocations.set(sequence, invocation);
      drop(lane, sequence - MOST_REMEMBERED);
    },
    recall: (direction, sequence) => lanes[direction].invocations.get(sequence),
    acknowledge(direction, sequenceId) {
      drop(lanes[direction], Number(sequenceId));
    },
  };
}

function createLane(): Lane {
  return { next: 1, highest: 0, oldest: 1, invocations: new Map() };
}

/** Types 1 to 5 are counted; handshake, Ping, Close, Ack and Sequence are not. */
export function isCounted(message: MessageHead): boolean {
  switch (message.kind) {
    case "invocation":
    case "stream-invocation":
    case "stream-item":
    case "completion":
    case "cancel-invocation":
      return true;
    default:
      return false;
  }
}
