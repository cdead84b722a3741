import type { Connection } from "../../../core/src/session/model.ts";
import { formatCount, formatCountOf } from "../../format/format-count.ts";
import { formatDuration } from "../../format/format-duration.ts";
import { safeLine } from "../../value/safe-text.ts";
import type { Fault, MessageFault } from "./actor.ts";

const VERBS: Readonly<Record<MessageFault["kind"], string>> = {
  drop: "Drop",
  delay: "Delay",
  reorder: "Reorder",
};

/** "Drop 50 % of Tick to the page". */
export function faultSentence(fault: Fault): string {
  switch (fault.kind) {
    case "refuse":
      return fault.times === 1
        ? "Refuse the next attempt to connect"
        : `Refuse the next ${formatCount(fault.times)} attempts to connect`;
    case "silence":
      return "Hold everything from the server";
    case "drop":
    case "delay":
    case "reorder": {
      const what = fault.target === undefined ? "messages" : safeLine(fault.target);
      const all = fault.target === undefined ? "all messages" : what;
      const met = fault.share === 1 ? all : `${percent(fault.share)} of ${what}`;
      const where = fault.direction === "out" ? "to the server" : "to the page";
      return `${VERBS[fault.kind]} ${met} ${where}${delayWords(fault)}`;
    }
    default:
      return fault satisfies never;
  }
}

function delayWords({ kind, delay }: MessageFault): string {
  if (delay === undefined || kind === "drop") return "";
  return kind === "delay" ? ` by ${formatDuration(delay)}` : `, waiting at most ${formatDuration(delay)}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

/** "on /hubs/trading". A connection that has ended has no more messages to meet. */
export function scopeWords(fault: Fault, connection: Connection | undefined): string {
  if (fault.connection === undefined) return "on every connection";
  if (connection === undefined) return "on a connection that is gone";
  const path = `on ${safeLine(connection.hubPath)}`;
  return fault.kind !== "refuse" && hasEnded(connection) ? `${path}, which has ended` : path;
}

export function hasEnded({ state: { kind } }: Connection): boolean {
  return kind === "closed" || kind === "ended" || kind === "negotiate-failed" || kind === "handshake-failed";
}

/** What the page hears of a cut: only a WebSocket has close codes. */
export function cutWords(connection: Pick<Connection, "transport"> | undefined): string {
  return hasCloseCodes(connection)
    ? "Cut. The page sees close code 1006."
    : "Cut. The page sees a network error.";
}

/** What is not known yet is taken for a WebSocket. */
export function hasCloseCodes(connection: Pick<Connection, "transport"> | undefined): boolean {
  return connection?.transport === undefined || connection.transport === "WebSockets";
}

/** "struck 12 times". */
export function strikeWords(fault: Fault, strikes: number): string {
  switch (fault.kind) {
    case "refuse":
      return `${formatCount(Math.min(strikes, fault.times))} of ${formatCount(fault.times)} refused`;
    case "silence":
      return strikes === 0 ? "nothing held yet" : `${formatCountOf(strikes, "payload")} held`;
    case "drop":
    case "delay":
    case "reorder":
      return strikes === 0 ? "has not struck yet" : `struck ${formatCountOf(strikes, "time")}`;
    default:
      return fault satisfies never;
  }
}

/** A fault that has done all that it was asked for. */
export function isSpent(fault: Fault, strikes: number): boolean {
  return fault.kind === "refuse" && strikes >= fault.times;
}

/** "2 faults active". */
export function activeWords(count: number): string {
  return `${formatCountOf(count, "fault")} active`;
}
