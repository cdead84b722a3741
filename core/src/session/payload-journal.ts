import type { Milliseconds } from "../capture-event.ts";
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
  /** The number that its first entry got, or would have got. */
  position: EntryNumber;
  /** The server answered the request that carried it with an error. */
  isRefused?: true;
}

export type ArrivedPayload = Pick<KeptPayload, "at" | "carrier" | "direction" | "payload">;

/** Call it before the payload is decoded. */
export function keepPayload(
  { log }: SessionState,
  track: ConnectionTrack,
  arrived: ArrivedPayload,
): KeptPayload {
  const kept: KeptPayload = { ...arrived, position: log.nextNumber };
  track.payloads.push(kept);
  return kept;
}

/** The log begins with `first` now. */
export function forgetPayloads(track: ConnectionTrack, first: EntryNumber): void {
  const { payloads } = track;
  let gone = 0;
  while (gone < payloads.length && (payloads[gone]?.position ?? first) < first) gone++;
  if (gone > 0) payloads.splice(0, gone);
}

/** No hub record ever comes of it. */
export function isEmptyPayload(payload: Payload): boolean {
  if (payload.kind === "omitted") return false;
  return payload.kind === "text" ? payload.text === "" : payload.bytes.length === 0;
}

/** Entries have got other numbers: a payload stays before the entry that it stood before. */
export function movePayloads(
  payloads: readonly KeptPayload[],
  numbers: ReadonlyMap<EntryNumber, EntryNumber>,
  end: EntryNumber,
): void {
  const moved = [...numbers];
  let at = 0;
  for (const kept of payloads) {
    while (at < moved.length && (moved[at]?.[0] ?? 0) < kept.position) at++;
    kept.position = moved[at]?.[1] ?? end;
  }
}
