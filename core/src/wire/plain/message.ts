/**
 * Messages of sockets without a protocol of their own (go-macaron/sockets, beatrichartz/martini-sockets, anybody's):
 * one WebSocket message is one value.
 *
 * @module
 */
import type { WireValue } from "../hub-message.ts";

/** Every message, told apart by `kind`. */
export type PlainMessage = PlainText | PlainJson | PlainBinary;

/** Text that is no JSON. */
export interface PlainText {
  readonly kind: "plain-text";
  readonly text: string;
}

/** A JSON value. */
export interface PlainJson {
  readonly kind: "plain-json";
  readonly value: WireValue;
  /** Go's encoder ends every value with a line feed. */
  readonly endsWithNewline: boolean;
}

/** Bytes of a binary message. */
export interface PlainBinary {
  readonly kind: "plain-binary";
  readonly bytes: Uint8Array;
}
