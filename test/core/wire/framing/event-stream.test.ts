import { describe, expect, test } from "vitest";
import {
  createEventStreamParser,
  formatStreamEvent,
} from "../../../../core/src/wire/framing/event-stream.ts";
import vectors from "../../../vectors/event-stream.json" with { type: "json" };

const parse = (pieces: readonly (string | Uint8Array)[]) => {
  const parser = createEventStreamParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

describe("event stream vectors", () => {
  test.for(vectors.parse)("$name", ({ chunks, events }) => {
    expect(parse(chunks)).toEqual(events);
  });

  test.for(vectors.format)("$name", ({ payload, wire }) => {
    expect(formatStreamEvent(payload)).toBe(wire);
  });

  test.for(vectors.parse)("$name: any cut of text or bytes gives the same events", ({ chunks, events }) => {
    const text = chunks.join("");
    for (let cut = 0; cut <= text.length; cut++) {
      expect(parse([text.slice(0, cut), text.slice(cut)]), `text cut at ${cut}`).toEqual(events);
    }
    const bytes = new TextEncoder().encode(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(parse([bytes.subarray(0, cut), bytes.subarray(cut)]), `bytes cut at ${cut}`).toEqual(events);
    }
  });
});

describe("createEventStreamParser", () => {
  test("a character cut into single bytes is put together", () => {
    const bytes = new TextEncoder().encode("data: grüße 日本 😀\r\n\r\n");
    const [event] = parse([...bytes].map((byte) => Uint8Array.of(byte)));
    expect(event?.data).toBe("grüße 日本 😀");
  });

  test("what a format writes is read back, with CRLF within as LF", () => {
    expect(parse([formatStreamEvent('{"type":6}\u001e')])[0]?.data).toBe('{"type":6}\u001e');
    expect(parse([formatStreamEvent("a\r\nb")])[0]?.data).toBe("a\nb");
  });

  test("an event that is cut off at the end is pending, not dispatched", () => {
    const parser = createEventStreamParser();
    expect(parser.push("event: tick\ndata: one\ndata: tw")).toEqual([]);
    expect(parser.pending).toBe("event: tick\ndata: one\ndata: tw");
    expect(parser.push("o\n\n")).toEqual([{ event: "tick", data: "one\ntwo", id: "" }]);
    expect(parser.pending).toBe("");
  });

  test("retry takes digits only", () => {
    const parser = createEventStreamParser();
    parser.push("retry: 1500\nretry: 2s\nretry: -1\nretry:\n");
    expect(parser.retry).toBe(1500);
  });

  test("a line of a megabyte in single characters takes linear time and arrives whole", () => {
    const parser = createEventStreamParser();
    parser.push("data: ");
    for (let n = 0; n < 1_000_000; n++) parser.push("x");
    expect(parser.push("\n\n")[0]?.data).toHaveLength(1_000_000);
  });

  test("a piece of a million line ends takes linear time", () => {
    expect(parse(["\r".repeat(1_000_000), "\n\r\n".repeat(300_000)])).toEqual([]);
    expect(parse([`${"data: x\n".repeat(200_000)}\n`])[0]?.data).toHaveLength(399_999);
  });
});
