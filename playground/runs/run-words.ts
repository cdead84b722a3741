import { formatCountOf } from "../../ui/format/format-count.ts";
import { formatDuration } from "../../ui/format/format-duration.ts";
import type { Run, StreamProgress } from "./run.ts";

/** How a run stands, in a few words: "answered in 64 ms", "48 items, 4 a second". */
export function runWords({ state, kind, stream }: Run): string {
  const items = stream === undefined ? "" : `${formatCountOf(stream.count, "item")}, `;
  switch (state.kind) {
    case "waiting":
      return kind === "stream" ? streamingWords(stream) : "waiting for the answer";
    case "answered":
      return `answered in ${formatDuration(state.took)}`;
    case "sent":
      return "sent, no answer expected";
    case "ended":
      return `${items}ended after ${formatDuration(state.took)}`;
    case "cancelled":
      return `${items}cancelled after ${formatDuration(state.took)}`;
    case "failed":
      return `${items}failed after ${formatDuration(state.took)}`;
    default:
      throw new TypeError(`state ${state satisfies never}`);
  }
}

function streamingWords(stream: StreamProgress | undefined): string {
  if (stream === undefined) return "waiting for the first item";
  const { count, rate } = stream;
  return rate === 0
    ? formatCountOf(count, "item")
    : `${formatCountOf(count, "item")}, ${rateWords(rate)} a second`;
}

function rateWords(rate: number): string {
  return rate < 9.5 ? String(Number(rate.toFixed(1))) : formatCountOf(rate, "", "").trim();
}
