/** Bytes that one byte of an LZ4 block can stand for at most: each byte of a long match adds 255. */
const MOST_EXPANSION = 255;

const SHORTEST_MATCH = 4;
const EXTENDED = 15;

/**
 * Unpacks one LZ4 block that is said to give `size` bytes; undefined where it does not give exactly those. Time and
 * memory are linear in what the block can hold, whatever is said of it. lz4_Block_format.md of the reference
 * implementation.
 */
export function unpackLz4Block(block: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  if (!Number.isSafeInteger(size) || size < 0 || size > block.length * MOST_EXPANSION) return undefined;
  const output = new Uint8Array(size);
  let from = 0;
  let to = 0;
  /** A length goes on while its bytes are 255. */
  const length = (token: number): number => {
    let sum = token;
    if (token < EXTENDED) return sum;
    for (let byte = 255; byte === 255; ) {
      byte = block[from++] ?? 0;
      sum += byte;
    }
    return sum;
  };
  while (from < block.length) {
    const token = block[from++] as number;
    const literals = length(token >> 4);
    if (from + literals > block.length || to + literals > size) return undefined;
    output.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    // The last sequence has literals only.
    if (from === block.length) return to === size ? output : undefined;
    const distance = (block[from] as number) | ((block[from + 1] ?? 0) << 8);
    from += 2;
    const match = length(token & 0x0f) + SHORTEST_MATCH;
    if (distance === 0 || distance > to || from > block.length || to + match > size) return undefined;
    // A match may overlap what it writes, and then repeats it.
    if (distance >= match) output.copyWithin(to, to - distance, to - distance + match);
    else
      for (let index = 0; index < match; index++)
        output[to + index] = output[to + index - distance] as number;
    to += match;
  }
  return undefined;
}
