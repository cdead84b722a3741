import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../../../core/src/bytes/base64.ts";
import { concatBytes } from "../../../core/src/bytes/concat.ts";
import { hexRowCount, hexRows, hexText } from "../../../core/src/bytes/hex-rows.ts";
import { decodeUtf8, utf8Length } from "../../../core/src/bytes/utf8.ts";

const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));

describe("base64", () => {
  test("is what Node writes, and is read back, also without padding and as base64url", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(encodeBase64(bytes)).toBe(text);
        expect(decodeBase64(text)).toEqual(bytes);
        expect(decodeBase64(text.replaceAll("=", ""))).toEqual(bytes);
        expect(decodeBase64(Buffer.from(bytes).toString("base64url"))).toEqual(bytes);
      }),
    );
  });

  test("a long input is written in pieces that fit together", () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index * 31);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  });

  test.for(["a", "ab=", "a===", "!!!!", "é===", "ab cd"])("%s is none", (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});

describe("UTF-8", () => {
  test("the length is that of the encoded text, lone surrogates included", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
    expect(utf8Length("a\ud83d\ude00\ud83d")).toBe(8);
  });

  test("bytes are valid exactly where a strict decoder takes them", () => {
    const bytes = fc.uint8Array({ maxLength: 12 });
    const replaced = fc.constantFrom(
      [0xef, 0xbf, 0xbd],
      [0xef, 0xbf],
      [0xf0, 0xef, 0xbf, 0xbd],
      [0xef, 0xbb, 0xbf],
    );
    fc.assert(
      fc.property(bytes, replaced, bytes, (head, middle, tail) => {
        const all = Uint8Array.of(...head, ...middle, ...tail);
        let strict: string | undefined;
        try {
          strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(all);
        } catch {
          strict = undefined;
        }
        const { text, isValid } = decodeUtf8(all);
        expect(isValid).toBe(strict !== undefined);
        if (strict !== undefined) expect(text).toBe(strict);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("hex rows", () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, index) => index + 0x5a);

  test("sixteen bytes a row, with offset and printable ASCII", () => {
    expect(hexRows(bytes)).toEqual([
      {
        offset: 0,
        bytes: bytes.subarray(0, 16),
        hex: ["5a", "5b", "5c", "5d", "5e", "5f", "60", "61", "62", "63", "64", "65", "66", "67", "68", "69"],
        ascii: "Z[\\]^_`abcdefghi",
      },
      { offset: 16, bytes: bytes.subarray(16), hex: ["6a", "6b", "6c", "6d"], ascii: "jklm" },
    ]);
    expect(hexRows(Uint8Array.of(0, 0x1f, 0x20, 0x7e, 0x7f, 0xff))[0]?.ascii).toBe(".. ~..");
  });

  test("a window of rows is that part of all rows", () => {
    const all = hexRows(bytes, { width: 3 });
    expect(all).toHaveLength(hexRowCount(bytes.length, 3));
    expect(hexRows(bytes, { width: 3, firstRow: 2, rowCount: 2 })).toEqual(all.slice(2, 4));
    expect(hexRows(bytes, { width: 3, firstRow: 6, rowCount: 10 })).toEqual(all.slice(6));
    expect(hexRows(new Uint8Array())).toEqual([]);
  });

  test("text for a clipboard", () => {
    expect(hexText(Uint8Array.of(0, 10, 255))).toBe("00 0a ff");
  });
});

describe("concatBytes", () => {
  test("joins in order, and copies only where there is something to join", () => {
    const piece = Uint8Array.of(1, 2);
    expect(concatBytes([piece])).toBe(piece);
    expect(concatBytes([piece, Uint8Array.of(), Uint8Array.of(3)])).toEqual(Uint8Array.of(1, 2, 3));
    expect(concatBytes([])).toEqual(new Uint8Array());
  });
});
