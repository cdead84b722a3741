import type { Milliseconds, PayloadAct } from "../capture-event.ts";
import type { Direction, Payload } from "../wire/payload.ts";
import type { ConnectionTrack } from "./connection-list.ts";
import type { Carrier, EntryNumber } from "./model.ts";
import type { SessionState } from "./session-state.ts";

/**
 * A payload as it came. Records share its memory (bytes are views, texts are slices), so that it costs little beyond
 * them; it is forgotten with the entries that stand behind it in the log.
 */
export interface KeptPayload {
  readonly at: Milliseconds;
  readonly carrier: Carrier;
  readonly direction: Direction;
  readonly payload: Payload;
  readonly act?: PayloadAct | undefined;
  /** The number that its first entry got, or would have got. */
  position: EntryNumber;
  /** So many of its first records have been forgotten before it was decoded anew. */
  skipped: number;
  /** The server answered the request that carried it with an error. */
  isRefused?: true;
}

export type ArrivedPayload = Pick<KeptPayload, "at" | "carrier" | "direction" | "payload" | "act">;

/** Call it before the payload is decoded. */
export function keepPayload(
  { log }: SessionState,
  track: ConnectionTrack,
  arrived: ArrivedPayload,
): KeptPayload {
  const kept: KeptPayload = { ...arrived, position: log.nextNumber, skipped: 0 };
  track.payloads.push(kept);
  return kept;
}

/**
 * The log begins with `first` now. A payload goes when all of its entries have gone, and those of the payload behind
 * it, which may have completed its last record.
 */
export function forgetPayloads(track: ConnectionTrack, first: EntryNumber): void {
  const { payloads } = track;
  let gone = 0;
  while ((payloads[gone + 1]?.position ?? first) < first) gone++;
  if (gone > 0) payloads.splice(0, gone);
}

/** No hub record ever comes of it. */
export function isEmptyPayload(payload: Payload): boolean {
  if (payload.kind === "omitted") return false;
  return payload.kind === "text" ? payload.text === "" : payload.bytes.length === 0;
}

/** Entries have got other numbers: a payload stays before the entry that it stood before. `oldest` was the first. */
export function movePayloads(
  payloads: readonly KeptPayload[],
  moved: readonly (readonly [old: EntryNumber, now: EntryNumber])[],
  { oldest, end }: { readonly oldest: EntryNumber; readonly end: EntryNumber },
): void {
  let at = 0;
  for (const kept of payloads) {
    kept.skipped += Math.max(0, oldest - kept.position);
    while (at < moved.length && (moved[at]?.[0] ?? 0) < kept.position) at++;
    kept.position = moved[at]?.[1] ?? end;
  }
}
