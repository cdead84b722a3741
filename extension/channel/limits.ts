/**
 * What the recording costs at most. Sizes count a character as one byte: text is kept as the engine keeps it.
 *
 * @module
 */

/** A larger payload is not copied: its size alone is reported. It fits into what a listened-to relay keeps. */
export const MAX_PAYLOAD_SIZE: number = 60_000_000;

/**
 * A larger payload crosses the ports in pieces of this size. As JSON, six bytes a character at worst, a piece is 24 MiB;
 * Chromium refuses messages above 64 MiB.
 */
export const MAX_PIECE_SIZE: number = 4 * 1024 * 1024;

/** Payloads held of a socket that nobody knows yet to be SignalR's. */
export const MAX_HELD_PAYLOADS = 10;
export const MAX_HELD_SIZE: number = 256 * 1024;

/** Events that the page hook keeps while the relay has not started. */
export const MAX_UNCLAIMED_EVENTS = 500;

/** A batch goes out when it is this old or this full, whichever comes first. */
export const BATCH_DELAY = 16;
/** What a batch costs the page is the same however much is in it: of a page that floods, fewer and fuller ones are made. */
export const FLOOD_BATCH_DELAY = 100;
/** As many in one batch are a flood. */
export const FLOOD_EVENTS = 50;
export const MAX_BATCH_EVENTS = 500;
/**
 * With all that a batch says around its payloads this stays below 64 KiB: a larger message of a port costs Chromium a region of
 * shared memory, which takes ten times as long for each byte (measured: 0.1 ms for 63 KiB, 0.8 ms and more for 100 KiB).
 */
export const MAX_BATCH_SIZE = 60_000;

/** As much crosses from the page's world to the relay's at once, where a batch goes without being pulled. */
export const MAX_CROSSING_EVENTS = 5_000;
export const MAX_CROSSING_SIZE = 1_000_000;

/** What a payload costs a batch besides itself: three numbers. */
export const MARKS_SIZE = 27;
/** A larger payload goes by itself, not in a run. */
export const MAX_RUN_PAYLOAD: number = MAX_BATCH_SIZE - MARKS_SIZE;

/** Sites that one message may name. */
export const MAX_PATTERNS = 10_000;

export interface BufferLimits {
  readonly events: number;
  readonly size: number;
}

export interface RecordingLimits extends BufferLimits {
  /** Of a larger payload only the size is kept: it would push out most of the rest. */
  readonly payload: number;
}

/** What a document's relay keeps while no panel listens. */
export const UNWATCHED_LIMITS: RecordingLimits = { events: 10_000, size: 20_000_000, payload: 10_000_000 };

/** A page that floods in one task lets no acknowledgement in until it ends, so a listened-to relay keeps more. */
export const WATCHED_LIMITS: RecordingLimits = {
  events: 200_000,
  size: 64_000_000,
  payload: MAX_PAYLOAD_SIZE,
};

/** Pinned events (negotiate, open, handshake, close) outlive payloads within this. */
export const PINNED_LIMITS: BufferLimits = { events: 1_000, size: 2_000_000 };

/** The panel acknowledges what has come after this time, or when so many batches have come, or so much: a large payload is a batch. */
export const ACKNOWLEDGE_DELAY = 500;
export const ACKNOWLEDGE_BATCHES = 24;
export const ACKNOWLEDGE_SIZE = 4_000_000;

/** What may be on its way to the panel without an acknowledgement. */
export const IN_FLIGHT_LIMITS: BufferLimits = { events: 20_000, size: 16_000_000 };

/** Frames of a page that the panel asks about. */
export const MAX_FRAMES = 100;

/** Pages around a document that it says, the nearest first, where it asks for their off switches. */
export const MAX_ANCESTORS = 100;
