/**
 * Values that MessagePack-CSharp has compressed (`MessagePackCompression` in its options, which servers and clients set
 * for the whole connection). Each argument, item or result is compressed by itself where it is long enough. The decoded
 * message keeps what is on the wire; this tells what it stands for.
 *
 * @module
 */
import { concatBytes } from "../../bytes/concat.ts";
import type { DecodeIssue } from "../decode-issue.ts";
import { Extension, type WireValue } from "../hub-message.ts";
import { MAX_UNPACKED_SIZE } from "../limits.ts";
import { unpackLz4Block } from "./lz4.ts";
import { createReader, readValue } from "./reader.ts";

/** A value that MessagePack-CSharp compressed with LZ4 (extensions 98 and 99), unpacked. */
export interface CompressedValue {
  /** What was compressed, decoded. */
  readonly value: WireValue;
  /** What is odd about it. */
  readonly issues: readonly DecodeIssue[];
  /** `Lz4BlockArray` is what MessagePack-CSharp recommends, `Lz4Block` the older form. */
  readonly form: "Lz4BlockArray" | "Lz4Block";
  /** Bytes of the blocks. */
  readonly packedSize: number;
  /** Bytes of MessagePack in them. */
  readonly size: number;
}

const LZ4_BLOCK_ARRAY = 98;
const LZ4_BLOCK = 99;

/** Undefined for a value that is not compressed, and for one whose blocks do not give what they promise. */
export function compressedValue(value: WireValue): CompressedValue | undefined {
  if (value instanceof Extension) return value.type === LZ4_BLOCK ? ofBlock(value.bytes) : undefined;
  if (!Array.isArray(value)) return undefined;
  const sizes: WireValue = value[0];
  if (!(sizes instanceof Extension) || sizes.type !== LZ4_BLOCK_ARRAY) return undefined;
  const blocks: readonly WireValue[] = value.slice(1);
  return blocks.every((block) => block instanceof Uint8Array) ? ofBlocks(sizes.bytes, blocks) : undefined;
}

/** The value for people and for pairing with others: what was compressed if anything was, otherwise the value itself. */
export function plainValue(value: WireValue): WireValue {
  const compressed = compressedValue(value);
  return compressed === undefined ? value : compressed.value;
}

/** The size as a MessagePack integer, then the block. */
function ofBlock(bytes: Uint8Array): CompressedValue | undefined {
  const reader = createReader(bytes, []);
  const size = readValue(reader);
  if (!isSize(size)) return undefined;
  const block = bytes.subarray(reader.at);
  const unpacked = unpackLz4Block(block, size);
  return unpacked && decoded(unpacked, "Lz4Block", block.length);
}

/** A size a block, one MessagePack integer behind the other. */
function ofBlocks(sizes: Uint8Array, blocks: readonly Uint8Array[]): CompressedValue | undefined {
  const reader = createReader(sizes, []);
  const pieces: Uint8Array[] = [];
  let total = 0;
  let packedSize = 0;
  for (const block of blocks) {
    const size = readValue(reader);
    if (!isSize(size)) return undefined;
    total += size;
    if (total > MAX_UNPACKED_SIZE) return undefined;
    const unpacked = unpackLz4Block(block, size);
    if (unpacked === undefined) return undefined;
    pieces.push(unpacked);
    packedSize += block.length;
  }
  if (reader.at !== sizes.length || pieces.length === 0) return undefined;
  return decoded(concatBytes(pieces), "Lz4BlockArray", packedSize);
}

function isSize(value: WireValue): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_UNPACKED_SIZE;
}

function decoded(
  bytes: Uint8Array,
  form: CompressedValue["form"],
  packedSize: number,
): CompressedValue | undefined {
  const issues: DecodeIssue[] = [];
  const reader = createReader(bytes, issues);
  const value = readValue(reader);
  if (reader.fault !== undefined) return undefined;
  if (reader.at < bytes.length) {
    issues.push({ code: "trailing-data", at: reader.at, detail: `${bytes.length - reader.at} bytes` });
  }
  return { value, issues, form, packedSize, size: bytes.length };
}
