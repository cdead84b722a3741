import { describe, expect, test } from "vitest";
import {
  lengthPrefixSize,
  type PrefixedTail,
  splitLengthPrefixed,
  writeLengthPrefix,
} from "../../../core/src/wire/framing/length-prefix.ts";
import { splitRecordSeparated } from "../../../core/src/wire/framing/record-separator.ts";
import { joinTail, type Piece, type Tail } from "../../../core/src/wire/framing/tail.ts";
import type { RawRecord } from "../../../core/src/wire/hub-codec.ts";
import { processorTime } from "../../support/processor-time.ts";
import framing from "../../vectors/framing.json" with { type: "json" };
import { hex, hexText } from "./vector-values.ts";

interface Vector {
  readonly name: string;
  readonly framing: string;
  readonly wire?: string;
  readonly records?: readonly string[];
  readonly issue?: string;
  readonly bodyLength?: number;
  readonly prefixHex?: string;
}

const vectors = framing as readonly Vector[];

function show(raw: RawRecord): string {
  return raw.kind === "text" ? raw.text : hexText(raw.bytes).replace(/(..)(?!$)/g, "$1 ");
}

describe("record separator", () => {
  test.for(vectors.filter((vector) => vector.framing === "record-separator"))(
    "$name",
    ({ wire = "", records }) => {
      const split = splitRecordSeparated(wire);
      expect(split.records.map(({ raw }) => show(raw))).toEqual(records);
      const rest = split.rest === undefined ? "" : show(joinTail(split.rest));
      expect(`${split.records.map(({ raw }) => `${show(raw)}\u001e`).join("")}${rest}`).toBe(wire);
    },
  );

  const text = '{"a":"é😀"}\u001e\u001e{"b":"ü"}\u001e{"c';

  test("text cut anywhere splits into the same records", () => {
    const whole = splitRecordSeparated(text);
    for (let cut = 0; cut <= text.length; cut++) {
      const head = splitRecordSeparated(text.slice(0, cut));
      const tail = splitRecordSeparated(text.slice(cut), head.rest);
      expect([...head.records, ...tail.records], `cut at ${cut}`).toEqual(whole.records);
      expect(joinTail(tail.rest), `cut at ${cut}`).toEqual(joinTail(whole.rest));
    }
  });

  test("bytes cut anywhere, within a character too, split into the same records", () => {
    const bytes = new TextEncoder().encode(text);
    const whole = splitRecordSeparated(bytes);
    expect(whole.records).toHaveLength(3);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const head = splitRecordSeparated(bytes.subarray(0, cut));
      const tail = splitRecordSeparated(bytes.subarray(cut), head.rest);
      expect([...head.records, ...tail.records], `cut at byte ${cut}`).toEqual(whole.records);
    }
  });

  test("a record that begins as text and ends as bytes is one record of bytes", () => {
    const { rest } = splitRecordSeparated('{"type"');
    const { records } = splitRecordSeparated(hex("3a 36 7d 1e"), rest);
    expect(records).toEqual([
      { raw: { kind: "binary", bytes: new TextEncoder().encode('{"type":6}') }, size: 11 },
    ]);
  });

  test("size counts UTF-8 bytes and the separator", () => {
    expect(splitRecordSeparated("é😀\u001e").records[0]?.size).toBe(7);
  });

  test("a record in 200,000 pieces takes linear time", () => {
    let tail: Tail | undefined;
    const started = processorTime();
    for (let index = 0; index < 200_000; index++) tail = splitRecordSeparated("x", tail).rest;
    const { records } = splitRecordSeparated("\u001e", tail);
    expect(records[0]?.size).toBe(200_001);
    // A quadratic join would copy 20 GB.
    expect(processorTime() - started).toBeLessThan(5_000);
  });
});

describe("length prefix", () => {
  test.for(vectors.filter((vector) => vector.framing === "length-prefix" && vector.wire !== undefined))(
    "$name",
    ({ wire = "", records, issue }) => {
      const split = splitLengthPrefixed(hex(wire));
      expect(split.records.map(({ raw }) => show(raw))).toEqual(records);
      expect(split.issue?.code).toBe(issue);
    },
  );

  test.for(vectors.filter((vector) => vector.bodyLength !== undefined))(
    "$name is written as $prefixHex",
    ({ bodyLength = 0, prefixHex }) => {
      const bytes = new Uint8Array(lengthPrefixSize(bodyLength));
      writeLengthPrefix(bytes, 0, bodyLength);
      expect(hexText(bytes)).toBe(prefixHex);
    },
  );

  const bytes = hex(`02 91 06 00 82 80 80 80 00 91 06 82 01 ${"07".repeat(130)} 03 92 07 c0 05 91`);

  test("bytes cut anywhere split into the same records", () => {
    const whole = splitLengthPrefixed(bytes);
    expect(whole.records.map(({ size }) => size)).toEqual([3, 1, 7, 132, 4]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const head = splitLengthPrefixed(bytes.subarray(0, cut));
      const tail = splitLengthPrefixed(bytes.subarray(cut), head.rest);
      const records = [...head.records, ...tail.records].map(({ raw, size }) => ({ raw, size }));
      expect(records, `cut at byte ${cut}`).toEqual(whole.records.map(({ raw, size }) => ({ raw, size })));
      expect(restOf(tail.rest), `cut at byte ${cut}`).toEqual(hex("05 91"));
    }
  });

  test("bytes that come one at a time split into the same records", () => {
    const records: Piece[] = [];
    let rest: PrefixedTail | undefined;
    for (const byte of bytes) {
      const split = splitLengthPrefixed(Uint8Array.of(byte), rest);
      rest = split.rest;
      for (const { raw } of split.records) if (raw.kind === "binary") records.push(raw.bytes);
    }
    expect(records).toEqual(
      splitLengthPrefixed(bytes).records.map(({ raw }) => (raw.kind === "binary" ? raw.bytes : raw.text)),
    );
  });

  test("a fifth prefix byte above 7 is more than 2 GiB, and the bytes are kept", () => {
    const { records, rest, issue, broken } = splitLengthPrefixed(hex("01 c0 ff ff ff ff 08 2a"));
    expect(records).toHaveLength(1);
    expect(rest).toBeUndefined();
    expect(issue).toEqual({ code: "length-prefix-too-long", at: 0 });
    expect(broken).toEqual(hex("ff ff ff ff 08 2a"));
  });

  test("a prefix of 2 GiB waits without allocating", () => {
    const { records, rest, issue } = splitLengthPrefixed(hex("ff ff ff ff 07 91"));
    expect({ records, issue }).toEqual({ records: [], issue: undefined });
    expect(rest?.needed).toBe(0x7fff_ffff + 5);
  });

  test("a record of 1 MB in 100,000 pieces takes linear time", () => {
    const whole = new Uint8Array(1_000_003);
    writeLengthPrefix(whole, 0, 1_000_000);
    let rest: PrefixedTail | undefined;
    let found = 0;
    const started = processorTime();
    for (let at = 0; at < whole.length; at += 10) {
      const split = splitLengthPrefixed(whole.subarray(at, at + 10), rest);
      rest = split.rest;
      found += split.records.length;
    }
    expect(found).toBe(1);
    expect(processorTime() - started).toBeLessThan(5_000);
  });
});

function restOf(rest: PrefixedTail | undefined): Uint8Array | undefined {
  if (rest === undefined) return undefined;
  const raw = joinTail(rest.tail);
  return raw.kind === "binary" ? raw.bytes : undefined;
}
