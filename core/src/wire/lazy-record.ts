import type { DecodeIssue } from "./decode-issue.ts";
import { BinaryRecord } from "./framing/length-prefix.ts";
import type { FramedRecord } from "./framing/record-separator.ts";
import type { DecodedMessage, DecodedRecord, HubCodec, MessageIndex, RawRecord } from "./hub-codec.ts";
import type { HubMessage, MessageHead } from "./hub-message.ts";
import type { ByteLength, Direction } from "./payload.ts";

/** A record that is decoded when somebody looks, and once. A class, so that a hundred thousand of them are small. */
class LazyRecord implements DecodedRecord {
  readonly direction: Direction;
  readonly head: MessageHead;
  readonly #codec: HubCodec;
  readonly #framed: FramedRecord;
  #full: DecodedMessage | undefined;
  #size: ByteLength | undefined;

  constructor(direction: Direction, framed: FramedRecord, codec: HubCodec, index: MessageIndex) {
    this.direction = direction;
    this.head = index.head;
    this.#framed = framed;
    this.#codec = codec;
    this.#full = index.full;
  }

  get raw(): RawRecord {
    return this.#framed.raw;
  }

  get size(): ByteLength {
    // Counting the bytes of a text takes as long as indexing it.
    this.#size ??= this.#framed.size;
    return this.#size;
  }

  get message(): HubMessage {
    return this.#decoded().message;
  }

  get issues(): readonly DecodeIssue[] {
    return this.#decoded().issues;
  }

  get knownIssues(): readonly DecodeIssue[] {
    return this.#full === undefined ? NONE : this.#full.issues;
  }

  #decoded(): DecodedMessage {
    this.#full ??= this.#codec.decode(this.raw);
    return this.#full;
  }
}

const NONE: readonly DecodeIssue[] = [];

export function lazyRecord(direction: Direction, framed: FramedRecord, codec: HubCodec): DecodedRecord {
  const index =
    framed instanceof BinaryRecord
      ? codec.indexAt(framed.payload, framed.start, framed.end)
      : codec.index(framed.raw);
  return new LazyRecord(direction, framed, codec, index);
}

/** A record whose message is known already. */
export function decodedRecord(
  direction: Direction,
  { raw, size }: Pick<DecodedRecord, "raw" | "size">,
  { message, issues }: DecodedMessage,
): DecodedRecord {
  return { direction, raw, size, head: message, message, issues, knownIssues: issues };
}

/** The index of a record that was not certain to be ordinary. */
export function indexOfDecoded(full: DecodedMessage): MessageIndex {
  return { head: full.message, full, start: 0, end: 0 };
}
