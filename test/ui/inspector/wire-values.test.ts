import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { LogEntry, MessageEntry } from "../../../core/src/session/model.ts";
import { preview } from "../../../core/src/session/preview.ts";
import { createDetailModel } from "../../../ui/inspector/detail/detail-model.ts";
import { entryJson } from "../../../ui/inspector/detail/entry-json.ts";
import { valueText } from "../../../ui/value/value-text.ts";
import recording from "../../captures/lz4-ws-msgpack.ndjson?raw";
import { readRecording } from "../../support/recording.ts";

/** How what a server really sent is laid open. */
function openedEntries(events: Iterable<Parameters<ReturnType<typeof createSession>["apply"]>[0]>) {
  const session = createSession();
  for (const event of events) session.apply(event);
  const messages = session.log.filter((entry): entry is MessageEntry => entry.kind === "message");
  const open = (entry: LogEntry | undefined) => {
    const detail = createDetailModel(session, signal(entry), signal(session.revision)).detail.value;
    if (detail === undefined || entry === undefined) throw new Error("Nothing is open.");
    return detail;
  };
  return { messages, open };
}

describe("what a real server with LZ4 compression says", () => {
  const { messages, open } = openedEntries(readRecording(recording).map(({ event }) => event));
  const answer = (invocationId: string) => {
    const found = messages.find(
      ({ record: { message } }) => message.kind === "completion" && message.invocationId === invocationId,
    );
    if (found === undefined) throw new Error(`No answer to ${invocationId}.`);
    return found;
  };
  const text = (entry: MessageEntry) =>
    preview(entry.record)
      .map((token) => token.text)
      .join("");

  test("is shown as what it stands for, with a mark that says how it came", () => {
    const [line] = open(answer("c3")).tree.lines.value;
    const shown = valueText(line?.value);
    expect(shown).toMatchObject({ role: "string", hint: "LZ4, 603 B in 16 B" });
    expect(shown.text).toBe(`"${"x".repeat(600)}"`);
    expect(text(answer("c3"))).toBe(`"${"x".repeat(199)}…`);
  });

  test("opens like any other value, and is copied as what it stands for", () => {
    const detail = open(answer("c4"));
    const labels = detail.tree.lines.value.map(({ label }) => label);
    expect(labels.slice(0, 5)).toEqual(["result", "0", "Id", "Name", "Price"]);
    expect(valueText(detail.tree.lines.value[0]?.value).hint).toMatch(/^LZ4, 433 B in \d+ B$/);
    const copied = JSON.parse(entryJson(answer("c4"), detail.parts)) as { readonly result: object[] };
    expect(copied.result).toHaveLength(8);
    expect(copied.result[0]).toMatchObject({ Id: 0, Name: "n0" });
    expect(text(answer("c4"))).toMatch(/^\[\{Id: 0, Name: "n0"/);
  });

  test("marks its blocks in the bytes, for every value within", () => {
    const detail = open(answer("c4"));
    const marks = detail.hexMarks();
    if (marks === undefined) throw new Error("There are no marks.");
    detail.tree.activate("/result");
    const whole = marks.span.value;
    expect(marks.caption.value).toMatch(/^result: \[8\] · compressed \(LZ4\) · \d+ bytes from 0x/);
    detail.tree.activate("/result/0/Name");
    expect(marks.span.value).toEqual(whole);
    expect(marks.caption.value).toMatch(
      /^result › 0 › Name: "n0" · compressed \(LZ4\) within \d+ bytes from 0x/,
    );
    marks.pick((whole?.start ?? 0) + 12);
    expect(detail.tree.active.value).toBe("/result");
  });

  test("what came as it is has no mark", () => {
    expect(valueText(open(answer("c2")).tree.lines.value[0]?.value)).toEqual({
      role: "string",
      text: '"short"',
    });
  });
});

describe("MessagePack values that look alike", () => {
  const bytes = (hex: string) => Uint8Array.from(hex.split(" "), (digits) => Number.parseInt(digits, 16));
  /** `[1, {}, nil, "T", [ … ]]` with these arguments. */
  function detailOf(count: number, hex: string) {
    const body = bytes(`95 01 80 c0 a1 54 9${count.toString(16)} ${hex}`);
    const payload = { kind: "binary", bytes: Uint8Array.of(body.length, ...body) } as const;
    const { messages, open } = openedEntries([
      { type: "socket-payload", at: 1, socket: "s", direction: "in", payload },
    ]);
    return { detail: open(messages[0]), entry: messages[0] };
  }

  test("are told apart by a word where the number does not tell", () => {
    const { detail } = detailOf(
      9,
      "ca 3f c0 00 00 cb 3f f8 00 00 00 00 00 00 cb 40 00 00 00 00 00 00 00 02 d3 00 00 00 00 00 00 00 02 cf 00 00 00 00 00 00 00 02 cf ff ff ff ff ff ff ff ff d3 80 00 00 00 00 00 00 00 cd 00 02",
    );
    const shown = detail.tree.lines.value.slice(1).map(({ value, type }) => {
      const { text, hint = type } = valueText(value);
      return hint === undefined ? text : `${text} ${hint}`;
    });
    expect(shown).toEqual([
      "1.5 float32",
      "1.5",
      "2 float64",
      "2",
      "2 int64",
      "2 uint64",
      "18446744073709551615 uint64",
      "-9223372036854775808 int64",
      "2",
    ]);
  });

  test("keys of a map too: 1 is another than “1”", () => {
    const { detail, entry } = detailOf(1, "83 01 a1 61 a1 31 a1 62 c3 c0");
    expect(detail.tree.lines.value.slice(2).map(({ label }) => label)).toEqual(["1", '"1"', "true"]);
    if (entry === undefined) throw new Error("There is a message.");
    expect(JSON.parse(entryJson(entry, detail.parts))).toMatchObject({
      arguments: [
        [
          [1, "a"],
          ["1", "b"],
          [true, null],
        ],
      ],
    });
  });

  test("timestamps, bytes and extensions are named, and copied without loss", () => {
    const { detail, entry } = detailOf(3, "d7 ff 00 00 00 04 65 5f 4e 00 c4 02 de ad d4 05 2a");
    expect(detail.tree.lines.value.slice(1).map(({ value }) => valueText(value))).toMatchObject([
      { hint: "timestamp" },
      { text: "bin(2)", hint: "de ad" },
      { text: "ext 5 (1)", hint: "2a" },
    ]);
    if (entry === undefined) throw new Error("There is a message.");
    expect(JSON.parse(entryJson(entry, detail.parts))).toMatchObject({
      arguments: ["2023-11-23T13:05:04.000000001Z", "3q0=", { type: 5, base64: "Kg==" }],
    });
  });

  test("what claims to be compressed within what was compressed is shown as it came", () => {
    // ext 99: 5 bytes of MessagePack as literals, which are themselves an ext 99 of one literal.
    const { detail, entry } = detailOf(1, "c7 07 63 05 50 c7 02 63 01 10 c7");
    if (entry === undefined) throw new Error("There is a message.");
    expect(() => entryJson(entry, detail.parts)).not.toThrow();
  });
});
