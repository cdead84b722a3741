import { isFatalIssue } from "../wire/decode-issue.ts";
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

interface Recent extends Sent {
  readonly record: DecodedRecord;
}

/** Messages behind one that ends the connection are few: the answer to it is on its way. */
const MOST_RECENT = 64;

/**
 * After Close the server reads no more. A server with a limit for messages does not get past one of unknown type:
 * whatever comes behind it is stalled, unless an answer proves otherwise. One that is over the limit is never
 * parsed: the server closes with an error. So it does over one that it cannot parse, and reads nothing behind that;
 * behind a handshake that it refuses neither.
 */
export function createDelivery(): Delivery {
  let closed = false;
  let stuck = false;
  let stalled: Sent[] = [];
  /** The latest message to the server, while it is over the limit and not answered. */
  let tooLarge: Sent | undefined;
  /** The latest messages to the server that no answer has proved to be parsed. */
  let recent: Recent[] = [];

  const behindFault = (): readonly DeliveryChange[] => {
    const fault = recent.findIndex(({ record }) => record.issues.some(isFatalIssue));
    return fault < 0 ? [] : behind(fault);
  };
  const behind = (index: number): readonly DeliveryChange[] =>
    recent.slice(index + 1).map(({ entry }) => ({ entry, undelivered: "after-fault" }));

  const moved = <S extends Sent>(
    sent: S,
    renumbered: (entry: EntryNumber) => EntryNumber | undefined,
  ): readonly S[] => {
    const entry = renumbered(sent.entry);
    return entry === undefined ? [] : [{ ...sent, entry }];
  };

  return {
    renumber(renumbered) {
      stalled = stalled.flatMap((sent) => moved(sent, renumbered));
      recent = recent.flatMap((sent) => moved(sent, renumbered));
      tooLarge = tooLarge === undefined ? undefined : moved(tooLarge, renumbered)[0];
    },
    place(record, entry) {
      const { direction, head: message, size } = record;
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
      recent.push({ ...sent, record });
      if (recent.length > MOST_RECENT) recent.shift();
      if (message.kind !== "ping" && message.kind !== "ack")
        tooLarge = size > DEFAULT_LIMIT ? sent : undefined;
      return undefined;
    },
    learn({ direction, head: message }) {
      if (direction !== "in") return [];
      if (message.kind === "handshake-response" && message.error !== undefined) {
        closed = true;
        return behind(0);
      }
      if (message.kind === "close") {
        if (message.error === undefined) return [];
        return tooLarge === undefined
          ? behindFault()
          : [...behindFault(), { entry: tooLarge.entry, undelivered: "too-large" }];
      }
      if (message.kind !== "completion") return [];
      const answered = recent.findIndex(({ invocationId }) => invocationId === message.invocationId);
      if (answered >= 0) recent.splice(0, answered + 1);
      if (message.invocationId === tooLarge?.invocationId) tooLarge = undefined;
      if (!stalled.some(({ invocationId }) => invocationId === message.invocationId)) return [];
      const wrong = stalled.map(({ entry }) => ({ entry }));
      stalled = [];
      stuck = false;
      return wrong;
    },
  };
}
