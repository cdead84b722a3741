import type { CaptureEvent, SocketPayload } from "../../../core/src/capture-event.ts";
import type { Direction, Payload } from "../../../core/src/wire/payload.ts";

/**
 * A hook reports a socket that has been shown from the network log: what was shown is passed over, what comes after
 * goes on under the name that the socket has.
 */
export interface TakeOver {
  /** "matching": what the hook says was shown already, as far as it has come. */
  readonly state: "matching" | "done" | "failed";
  /** What is new of this event and those held before it, as events of the shown socket. */
  take(event: CaptureEvent): readonly CaptureEvent[];
}

/** What has been shown of a socket: enough to tell its payloads from others. */
export interface ShownPayloads {
  add(event: CaptureEvent): void;
  /** Opened, failed or closed: whether that was shown. */
  has(type: CaptureEvent["type"]): boolean;
  count(direction: Direction): number;
  /** Whether this is the payload at `position` of its direction. */
  isAt(position: number, event: SocketPayload): boolean;
  /** More has been shown than is remembered. */
  readonly isOverfull: boolean;
}

/** A hook is late by seconds, not by hours. */
const MOST_REMEMBERED = 5_000;
const MARK_LENGTH = 64;

export function createShownPayloads(): ShownPayloads {
  const marks: Readonly<Record<Direction, string[]>> = { out: [], in: [] };
  let count = 0;
  const types = new Set<CaptureEvent["type"]>();
  return {
    add(event) {
      if (event.type !== "socket-payload") {
        types.add(event.type);
        return;
      }
      count++;
      if (count <= MOST_REMEMBERED) marks[event.direction].push(markOf(event.payload));
    },
    has: (type) => types.has(type),
    count: (direction) => marks[direction].length,
    isAt: (position, { direction, payload }) => marks[direction][position] === markOf(payload),
    get isOverfull() {
      return count > MOST_REMEMBERED;
    },
  };
}

export function createTakeOver(socket: string, shown: ShownPayloads): TakeOver {
  const passed: Record<Direction, number> = { out: 0, in: 0 };
  let ahead: CaptureEvent[] = [];
  let state: TakeOver["state"] = shown.isOverfull ? "failed" : "matching";

  const isThrough = (direction: Direction): boolean => passed[direction] >= shown.count(direction);

  function match(event: CaptureEvent): void {
    if (shown.has(event.type)) return;
    if (event.type !== "socket-payload" || isThrough(event.direction)) ahead.push(event);
    else if (shown.isAt(passed[event.direction], event)) passed[event.direction]++;
    else state = "failed";
  }

  return {
    get state() {
      return state;
    },
    take(event) {
      if (state === "failed") return [];
      match(event);
      if (state === "matching" && isThrough("out") && isThrough("in")) state = "done";
      if (state !== "done") return [];
      const next = ahead;
      ahead = [];
      return next.map((news) => ({ ...news, socket }) as CaptureEvent);
    },
  };
}

function markOf(payload: Payload): string {
  switch (payload.kind) {
    case "text":
      return `${payload.text.length}:${payload.text.slice(0, MARK_LENGTH)}:${payload.text.slice(-MARK_LENGTH)}`;
    case "binary": {
      const { bytes } = payload;
      const parts = [bytes.subarray(0, MARK_LENGTH), bytes.subarray(-MARK_LENGTH)];
      return `${bytes.length}:${parts.map((part) => part.join()).join(":")}`;
    }
    case "omitted":
      return `omitted:${payload.size}`;
    default:
      return payload satisfies never;
  }
}
