import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../../../core/src/bytes/utf8.ts";
import { createConnectionDecoder } from "../../../core/src/wire/connection-decoder.ts";
import { splitLengthPrefixed } from "../../../core/src/wire/framing/length-prefix.ts";
import { splitRecordSeparated } from "../../../core/src/wire/framing/record-separator.ts";
import type {
  DecodedRecord,
  HubCodec,
  HubProtocolName,
  RawRecord,
} from "../../../core/src/wire/hub-codec.ts";
import { jsonCodec } from "../../../core/src/wire/json/codec.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import { factsOf } from "./record-facts.ts";
import { mutatedWires, wiresOf } from "./wire-mutations.ts";

/** The bytes of a record's place on the wire, but for framing. */
function bytesOf(raw: RawRecord): Uint8Array {
  return raw.kind === "text" ? encodeUtf8(raw.text) : raw.bytes;
}

function recordsOf(codec: HubCodec, wire: Uint8Array): readonly Uint8Array[] {
  const { records } = codec === jsonCodec ? splitRecordSeparated(wire) : splitLengthPrefixed(wire);
  return records.map(({ raw }) => bytesOf(raw));
}

for (const codec of [jsonCodec, messagePackCodec]) {
  const records = wiresOf(codec.name).flatMap((wire) => recordsOf(codec, wire));

  describe(`${codec.name} records`, () => {
    test("every truncation has an issue", () => {
      for (const record of records) {
        for (let length = 0; length < record.length; length++) {
          const { issues } = codec.decode({ kind: "binary", bytes: record.subarray(0, length) });
          if (codec === jsonCodec && isWhole(record.subarray(0, length))) continue;
          expect(issues, Buffer.from(record.subarray(0, length)).toString("latin1")).not.toEqual([]);
        }
      }
    });

    test("every flipped bit decodes to something", () => {
      for (const record of records) {
        for (let bit = 0; bit < record.length * 8; bit++) {
          const bytes = record.slice();
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const { message, issues } = codec.decode({ kind: "binary", bytes });
          if (message.kind === "undecodable") expect(issues).not.toEqual([]);
        }
      }
    });
  });
}

/** An object with something behind it, cut within that something. */
function isWhole(record: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(record).toString());
    return true;
  } catch {
    return false;
  }
}

/** The same bytes in pieces of the given sizes, over and over. */
function chop(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + (sizes[turn % sizes.length] ?? 1);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

function decodeAll(protocol: HubProtocolName, pieces: readonly Uint8Array[]): readonly DecodedRecord[] {
  const decoder = createConnectionDecoder({ protocol, resumed: true });
  const records = pieces.flatMap((bytes) => decoder.decode("in", { kind: "binary", bytes }));
  return [...records, ...decoder.end()];
}

describe("mutated payloads", () => {
  for (const protocol of ["json", "messagepack"] as const) {
    const mutated = mutatedWires(protocol);

    test(`${protocol}: nothing throws, and every byte is in a record`, () => {
      fc.assert(
        fc.property(mutated, (bytes) => {
          const records = decodeAll(protocol, [bytes]);
          expect(records.reduce((sum, { size }) => sum + size, 0)).toBe(bytes.length);
          expect(contains(bytes, records)).toBe(true);
        }),
        { numRuns: 6_000 },
      );
    });

    test(`${protocol}: where the payloads are cut makes no difference`, () => {
      fc.assert(
        fc.property(mutated, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (bytes, sizes) => {
          const whole = decodeAll(protocol, [bytes]);
          // Behind a length that cannot be, every payload is a new beginning.
          fc.pre(!whole.some(({ issues }) => issues.some(({ code }) => code === "length-prefix-too-long")));
          expect(decodeAll(protocol, chop(bytes, sizes)).map(factsOf)).toEqual(whole.map(factsOf));
        }),
        { numRuns: 2_000 },
      );
    });

    test(`${protocol}: a socket joined late takes anything`, () => {
      fc.assert(
        fc.property(mutated, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (bytes, sizes) => {
          const decoder = createConnectionDecoder();
          const pieces = chop(bytes, sizes);
          const records = pieces.flatMap((piece) => decoder.decode("out", { kind: "binary", bytes: piece }));
          const all = [...records, ...decoder.end()];
          expect(all.reduce((sum, { size }) => sum + size, 0)).toBe(bytes.length);
        }),
        { numRuns: 2_000 },
      );
    });
  }
});

/** The records' bytes stand in the payload in order. */
function contains(bytes: Uint8Array, records: readonly DecodedRecord[]): boolean {
  const all = Buffer.from(bytes);
  let at = 0;
  for (const { raw } of records) {
    const found = all.indexOf(bytesOf(raw), at);
    if (found < 0) return false;
    at = found + bytesOf(raw).length;
  }
  return true;
}
