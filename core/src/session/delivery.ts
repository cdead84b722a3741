import type { DecodedRecord } from "../wire/hub-codec.ts";
import type { EntryNumber, Undelivered } from "./model.ts";

/** Which messages to the server its parser cannot have seen, as far as the wire shows it. */
export interface Delivery {
  /** A message goes by. */
  place(record: DecodedRecord, entry: EntryNumber): Undelivered | undefined;
  /** What the message says of earlier ones. */
  learn(record: DecodedRecord): readonly DeliveryChange[];
  /** Entries have got other numbers. */
  renumber(renumbered: (entry: EntryNumber) => EntryNumber | undefined): void;
}

export interface DeliveryChange {
  readonly entry: EntryNumber;
  /** Absent: it was delivered after all. */
  readonly undelivered?: Undelivered;
}

/** ASP.NET Core's MaximumReceiveMessageSize, where nobody changed it: bytes of a record with its framing. */
const DEFAULT_LIMIT = 32 * 1024;

interface Sent {
  readonly entry: EntryNumber;
  readonly invocationId: string | undefined;
}

/**
 * After Close the server reads no more. A server with a limit for messages does not get past one of unknown type:
 * whatever comes behind it is stalled, unless an answer proves otherwise. One that is over the limit is never
 * parsed: the server closes with an error.
 */
export function createDelivery(): Delivery {
  let closed = false;
  let stuck = false;
  let stalled: Sent[] = [];
  /** The latest message to the server, while it is over the limit and not answered. */
  let tooLarge: Sent | undefined;

  const moved = (
    sent: Sent,
    renumbered: (entry: EntryNumber) => EntryNumber | undefined,
  ): readonly Sent[] => {
    const entry = renumbered(sent.entry);
    return entry === undefined ? [] : [{ ...sent, entry }];
  };

  return {
    renumber(renumbered) {
      stalled = stalled.flatMap((sent) => moved(sent, renumbered));
      tooLarge = tooLarge === undefined ? undefined : moved(tooLarge, renumbered)[0];
    },
    place({ direction, head: message, size }, entry) {
      if (direction === "in") {
        if (message.kind === "close") closed = true;
        return undefined;
      }
      if (closed) return "after-close";
      const sent = { entry, invocationId: "invocationId" in message ? message.invocationId : undefined };
      if (stuck) {
        stalled.push(sent);
        return "stalled";
      }
      if (message.kind === "unknown") stuck = true;
      if (message.kind !== "ping" && message.kind !== "ack")
        tooLarge = size > DEFAULT_LIMIT ? sent : undefined;
      return undefined;
    },
    learn({ direction, head: message }) {
      if (direction !== "in") return [];
      if (message.kind === "close") {
        return tooLarge === undefined || message.error === undefined
          ? []
          : [{ entry: tooLarge.entry, undelivered: "too-large" }];
      }
      if (message.kind !== "completion") return [];
      if (message.invocationId === tooLarge?.invocationId) tooLarge = undefined;
      if (!stalled.some(({ invocationId }) => invocationId === message.invocationId)) return [];
      const wrong = stalled.map(({ entry }) => ({ entry }));
      stalled = [];
      stuck = false;
      return wrong;
    },
  };
}
