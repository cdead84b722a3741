import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRenderBatch } from "../../../../core/src/wire/blazorpack/decode-render-batch.ts";
import { encodeRenderBatch } from "../../../../core/src/wire/blazorpack/encode-render-batch.ts";
import type {
  Edit,
  Frame,
  RenderBatch,
  RenderBatchIssueCode,
} from "../../../../core/src/wire/blazorpack/render-batch.ts";
import vectors from "../../../vectors/blazor-render-batch.json" with { type: "json" };
import { hex, revive } from "../vector-values.ts";

/** A footer of five offsets behind what is before it. */
function withFooter(parts: readonly Uint8Array[], offsets: readonly number[]): Uint8Array {
  return new Uint8Array(Buffer.concat([...parts, integers(...offsets)]));
}

function integers(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeInt32LE(value, index * 4);
  return bytes;
}

function codesOf(bytes: Uint8Array): readonly RenderBatchIssueCode[] {
  return decodeRenderBatch(bytes).issues.map(({ code }) => code);
}

const index = fc.integer({ min: 0, max: 40 });
const text = fc.oneof(fc.string(), fc.constantFrom(" ", "", "div", "\n  ", "class"));
const handler = fc.oneof(
  fc.nat(),
  fc.constant(Number.MAX_SAFE_INTEGER),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("prependFrame", "setAttribute", "updateText", "updateMarkup"),
    sibling: index,
    frame: fc.constant(0),
  }),
  fc.record({ kind: fc.constantFrom("removeFrame", "stepIn"), sibling: index }),
  fc.record({ kind: fc.constant("removeAttribute"), sibling: index, name: text }),
  fc.record({ kind: fc.constantFrom("stepOut", "permutationListEnd") }),
  fc.record({ kind: fc.constant("permutationListEntry"), from: index, to: index }),
) as fc.Arbitrary<Edit>;
const leaf: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant("text"), text: fc.option(text) }),
  fc.record({ kind: fc.constant("markup"), markup: fc.option(text) }),
  fc.record({ kind: fc.constant("attribute"), name: text, value: fc.option(text), handlerId: handler }),
  fc.record({ kind: fc.constant("elementReferenceCapture"), id: text }),
  fc.record({
    kind: fc.constantFrom("componentReferenceCapture", "none", "componentRenderMode", "namedEvent"),
  }),
) as fc.Arbitrary<Frame>;
const batch: fc.Arbitrary<RenderBatch> = fc.record({
  updated: fc.array(fc.record({ componentId: fc.nat(), edits: fc.array(edit, { maxLength: 8 }) }), {
    maxLength: 5,
  }),
  frames: fc
    .tuple(fc.array(leaf, { minLength: 1, maxLength: 20 }), text)
    // One element around them all.
    .map(([leaves, name]): readonly Frame[] => [
      { kind: "element", subtreeLength: leaves.length + 1, name },
      ...leaves,
    ]),
  disposedComponents: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  disposedHandlers: fc.array(handler),
});

describe("a render batch", () => {
  test.for(vectors)("$name of the reference's own test", ({ wire, batch: expected, strings, offsets }) => {
    const bytes = hex(wire);
    const decoded = decodeRenderBatch(bytes);
    expect(decoded.batch).toEqual(revive(expected));
    expect(decoded.strings).toEqual(strings);
    const { layout } = decoded;
    expect({
      updatedComponents: layout.updatedTable.start,
      referenceFrames: layout.frames.start,
      disposedComponentIds: layout.disposedComponents.start,
      disposedEventHandlerIds: layout.disposedHandlers.start,
      stringTable: layout.stringTable.start,
    }).toEqual(offsets);
    expect(Buffer.from(encodeRenderBatch(decoded.batch)).toString("hex")).toBe(wire.replaceAll(" ", ""));
  });

  test("subtree lengths and frame numbers that the frames cannot keep are issues, and kept as written", () => {
    // The reference's test writes numbers that mean nothing.
    const [, edits, frames] = vectors.map(({ wire }) => codesOf(hex(wire)));
    expect(new Set(edits)).toEqual(new Set(["frame-outside"]));
    expect(new Set(frames)).toEqual(new Set(["subtree-outside"]));
  });

  test("any batch is decoded to what was encoded", () => {
    fc.assert(
      fc.property(batch, (one) => {
        const { batch: decoded, issues } = decodeRenderBatch(encodeRenderBatch(one));
        expect(decoded).toEqual(one);
        expect(issues).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("mutated bytes never throw, and no part reaches out of the bytes", () => {
    const place = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(batch, fc.array(place, { minLength: 1, maxLength: 6 }), fc.nat(40), (one, places, cut) => {
        const whole = encodeRenderBatch(one);
        for (const { at, byte } of places) whole[at % whole.length] = byte;
        const bytes = whole.subarray(0, Math.max(0, whole.length - (cut > 20 ? cut - 20 : 0)));
        const { layout } = decodeRenderBatch(bytes);
        for (const { start, end } of [...layout.updated, ...layout.strings, layout.frames, layout.footer]) {
          expect(0 <= start && start <= end && end <= bytes.length).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("a fault in a render batch is an issue", () => {
  const empty = integers(0, 0, 0, 0);

  test("fewer bytes than the footer has", () => {
    expect(codesOf(new Uint8Array())).toEqual(["batch-too-short"]);
    expect(codesOf(new Uint8Array(19))).toEqual(["batch-too-short"]);
  });

  test("an empty batch of 36 bytes has none", () => {
    const bytes = withFooter([empty], [0, 4, 8, 12, 16]);
    expect(bytes).toHaveLength(36);
    expect(decodeRenderBatch(bytes)).toMatchObject({
      batch: { updated: [], frames: [], disposedComponents: [], disposedHandlers: [] },
      issues: [],
    });
  });

  test("an offset outside, and a negative one", () => {
    expect(codesOf(withFooter([empty], [0, 4, 8, 13, 16]))).toEqual(["offset-outside"]);
    expect(codesOf(withFooter([empty], [-4, 4, 8, 12, 16]))).toEqual(["offset-outside"]);
    expect(codesOf(withFooter([empty], [0, 4, 8, 12, 17]))).toEqual(["offset-outside"]);
  });

  test("a count of four thousand million, and a negative one", () => {
    expect(codesOf(withFooter([integers(0, 0, -1, 0)], [0, 4, 8, 12, 16]))).toEqual(["count-outside"]);
    const many = decodeRenderBatch(withFooter([integers(0, 0x7fffffff, 0, 0)], [0, 4, 8, 12, 16]));
    expect(many.issues.map(({ code }) => code)).toEqual(["count-outside"]);
    expect(many.batch.frames).toEqual([]);
  });

  test("a string that no table has, one that is too long, and one that is not UTF-8", () => {
    const frame = integers(2, 3, 0, 0, 0);
    const outside = withFooter([integers(0), integers(1), frame, integers(0, 0)], [0, 4, 28, 32, 36]);
    expect(codesOf(outside)).toEqual(["string-outside"]);
    const long = withFooter([empty, Uint8Array.of(0xff, 0x7f), integers(16)], [0, 4, 8, 12, 18]);
    expect(codesOf(long)).toEqual(["count-outside"]);
    const broken = withFooter([empty, Uint8Array.of(1, 0xff), integers(16)], [0, 4, 8, 12, 18]);
    expect(decodeRenderBatch(broken).strings).toEqual(["\ufffd"]);
    expect(codesOf(broken)).toEqual(["invalid-utf8"]);
  });

  test("types that no version has are kept by their number", () => {
    const diff = integers(7, 1, 99, 0, 0, -1);
    const frames = integers(1, 77, 0, 0, 0, 0);
    const bytes = withFooter([diff, integers(1, 0), frames, integers(0, 0)], [24, 32, 56, 60, 64]);
    const { batch: decoded, issues } = decodeRenderBatch(bytes);
    expect(decoded.updated).toEqual([{ componentId: 7, edits: [{ kind: "unknown", type: 99 }] }]);
    expect(decoded.frames).toEqual([{ kind: "unknown", type: 77 }]);
    expect(issues).toEqual([
      { code: "unknown-frame", at: 36, detail: "77" },
      { code: "unknown-edit", at: 8, detail: "99" },
    ]);
    expect(encodeRenderBatch(decoded)).toEqual(bytes);
  });

  test("a subtree that reaches out of the one around it", () => {
    const frames = encodeRenderBatch({
      updated: [],
      frames: [
        { kind: "element", subtreeLength: 2, name: "a" },
        { kind: "element", subtreeLength: 2, name: "b" },
        { kind: "text", text: "c" },
      ],
      disposedComponents: [],
      disposedHandlers: [],
    });
    expect(codesOf(frames)).toEqual(["subtree-outside"]);
  });

  test("parts upon each other cost no more than their bytes", () => {
    // A megabyte of offsets that all point to one diff of a quarter of a megabyte, and to one such text.
    const edits = 16_000;
    const diff = Buffer.concat([integers(1, edits), Buffer.alloc(edits * 16, integers(7, 0, 0, -1))]);
    const table = Buffer.concat([integers(250_000), Buffer.alloc(1_000_000)]);
    const rest = diff.length + table.length;
    const diffs = withFooter(
      [diff, table, integers(0, 0, 0)],
      [diff.length, rest, rest + 4, rest + 8, rest + 12],
    );
    expect(codesOf(diffs)).toContain("parts-overlap");
    expect(decodeRenderBatch(diffs).batch.updated.length).toBeLessThan(6);

    const long = Buffer.concat([Uint8Array.of(0x80, 0x80, 0x10), Buffer.alloc(0x40000, 0x61)]);
    const offsets = Buffer.alloc(1_000_000);
    for (let at = 0; at < offsets.length; at += 4) offsets.writeInt32LE(16, at);
    const texts = withFooter([empty, long, offsets], [0, 4, 8, 12, 16 + long.length]);
    expect(codesOf(texts)).toEqual(["parts-overlap"]);
    expect(decodeRenderBatch(texts).strings.length).toBeLessThan(6);
  });
});
