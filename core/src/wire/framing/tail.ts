import { concatBytes } from "../../bytes/concat.ts";
import { encodeUtf8 } from "../../bytes/utf8.ts";
import type { RawRecord } from "../hub-codec.ts";

/** What one payload held of a record: UTF-16 text, or bytes. */
export type Piece = string | Uint8Array;

/**
 * The beginning of a record that later payloads complete. A linked list, so that a record in ten thousand pieces
 * costs ten thousand steps and is joined once.
 */
export interface Tail {
  readonly piece: Piece;
  readonly before: Tail | undefined;
}

export function appendPiece(before: Tail | undefined, piece: Piece): Tail | undefined {
  return piece.length === 0 ? before : { piece, before };
}

/** Text if every piece is text; otherwise bytes, with text as UTF-8. */
export function joinTail(tail: Tail | undefined): RawRecord {
  const pieces: Piece[] = [];
  for (let at = tail; at !== undefined; at = at.before) pieces.push(at.piece);
  pieces.reverse();
  const texts = pieces.filter((piece) => typeof piece === "string");
  if (texts.length === pieces.length) return { kind: "text", text: texts.join("") };
  return { kind: "binary", bytes: concatBytes(pieces.map(bytesOf)) };
}

function bytesOf(piece: Piece): Uint8Array {
  return typeof piece === "string" ? encodeUtf8(piece) : piece;
}
