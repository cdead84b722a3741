/**
 * Messages of sockets without a protocol of their own (go-macaron/sockets, beatrichartz/martini-sockets, anybody's):
 * one WebSocket message is one value.
 *
 * @module
 */
import type { WireValue } from "../hub-message.ts";

export type PlainMessage = PlainText | PlainJson | PlainBinary;

export interface PlainText {
  readonly kind: "plain-text";
  readonly text: string;
}

export interface PlainJson {
  readonly kind: "plain-json";
  readonly value: WireValue;
  /** Go's encoder ends every value with a line feed. */
  readonly endsWithNewline: boolean;
}

export interface PlainBinary {
  readonly kind: "plain-binary";
  readonly bytes: Uint8Array;
}
