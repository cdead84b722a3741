import { describe, expect, test } from "vitest";
import { parseCursor } from "../../../../core/src/wire/classic/cursor.ts";
import { decodeClassicRecord } from "../../../../core/src/wire/classic/decode.ts";
import { createForeverFrameParser } from "../../../../core/src/wire/classic/forever-frame.ts";
import { parseHubsScript } from "../../../../core/src/wire/classic/hubs-script.ts";
import { parseJsonp } from "../../../../core/src/wire/classic/jsonp.ts";
import { parseClassicNegotiateResponse } from "../../../../core/src/wire/classic/negotiate.ts";
import { decodeResponseBody } from "../../../../core/src/wire/classic/response-body.ts";
import { parseClassicAddress } from "../../../../core/src/wire/classic/urls.ts";
import { decodeIrisRecord } from "../../../../core/src/wire/iris/decode.ts";
import { irisPrefixOf, looksLikeNeffos } from "../../../../core/src/wire/iris/detect.ts";
import { decodePlainRecord } from "../../../../core/src/wire/plain/decode.ts";
import { processorTime } from "../../../support/processor-time.ts";

/** Far more than linear work on these inputs takes, far less than quadratic work would. */
const BOUND = 4_000;

function within<T>(action: () => T): T {
  const started = processorTime();
  const result = action();
  expect(processorTime() - started).toBeLessThan(BOUND);
  return result;
}

const text = (content: string) => ({ kind: "text", text: content }) as const;
const MIB = 1024 * 1024;

describe("a forever frame", () => {
  test("of 10 MB without an end is kept, and said to be cut off", () => {
    const parser = createForeverFrameParser();
    const chunk = `<script>r(c, {"C":"${"a".repeat(10 * MIB)}`;
    const scripts = within(() => [...parser.push(chunk), ...parser.end()]);
    expect(scripts).toHaveLength(1);
    expect(scripts[0]).toMatchObject({
      size: chunk.length,
      decoded: { issues: [{ code: "incomplete-at-close" }] },
    });
  });

  test("of 1 MB in pieces of one byte, and in pieces that nearly end a script", () => {
    const bytes = new TextEncoder().encode("a");
    const parser = createForeverFrameParser();
    within(() => {
      for (let count = 0; count < MIB; count++) parser.push(bytes);
    });
    expect(parser.end()[0]?.size).toBe(MIB);
    const other = createForeverFrameParser();
    within(() => {
      for (let count = 0; count < 100_000; count++) other.push("</script");
    });
    expect(other.push(">")).toHaveLength(1);
  });

  test("of 200,000 empty scripts", () => {
    const parser = createForeverFrameParser();
    expect(within(() => parser.push("<script></script>".repeat(200_000)))).toHaveLength(200_000);
  });
});

describe("a message", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);

  test("of 100,000 nested arrays is too deep, and nothing overflows", () => {
    const envelope = within(() =>
      decodeClassicRecord(text(`{"C":"d-1-B,0","M":${deep}}`), { direction: "in" }),
    );
    expect(envelope).toMatchObject({ message: { kind: "undecodable" }, issues: [{ code: "too-deep" }] });
    const call = within(() =>
      decodeClassicRecord(text(`{"H":"h","M":"m","A":${deep},"I":0}`), {
        direction: "out",
        connection: "hubs",
      }),
    );
    expect(call.message).toEqual({ kind: "undecodable" });
    expect(call.issues.map(({ code }) => code)).toContain("too-deep");
    within(() => decodeIrisRecord(text(`iris-websocket-message:e;4;${deep}`), { direction: "in" }));
    expect(within(() => decodePlainRecord(text(deep))).message.kind).toBe("plain-text");
  });

  test("deeper than ASP.NET Core reads is no fault here", () => {
    const nested = "[".repeat(100) + "]".repeat(100);
    expect(decodeClassicRecord(text(`{"R":${nested},"I":"0"}`), { direction: "in" }).issues).toEqual([]);
    expect(decodePlainRecord(text(nested)).issues).toEqual([]);
  });

  test("with 200,000 items, and with members named like prototypes", () => {
    const items = Array.from({ length: 200_000 }, () => '{"H":"h","M":"m","A":[]}').join(",");
    const { message } = within(() => decodeClassicRecord(text(`{"C":"d-1-B,0","M":[${items}]}`)));
    expect(message).toMatchObject({ kind: "envelope" });
    const odd = decodeClassicRecord(text('{"I":"0","__proto__":{"R":1},"constructor":2}'), {
      direction: "in",
    });
    expect(odd.message).toMatchObject({ kind: "hub-result", id: "0" });
    expect(Object.keys((odd.message as { extra: object }).extra)).toEqual(["__proto__", "constructor"]);
    expect((odd.message as { result?: unknown }).result).toBeUndefined();
  });

  test("keeps the digits of its numbers", () => {
    const { message } = decodeClassicRecord(text('{"R":12345678901234567890,"I":"0"}'), { direction: "in" });
    expect(message).toMatchObject({ result: { source: "12345678901234567890" } });
  });
});

describe("a cursor of 1 MB", () => {
  test("reads, or is refused, in time", () => {
    const keys = Array.from({ length: 150_000 }, (_, index) => `${index},F`).join("|");
    expect(keys.length).toBeGreaterThan(MIB);
    expect(within(() => parseCursor(`d-1-${keys}`))?.entries).toHaveLength(150_000);
    for (const broken of [
      "|".repeat(MIB),
      ",".repeat(MIB),
      "\\".repeat(MIB),
      "\\\\".repeat(MIB / 2),
      `,${"0".repeat(MIB)}g`,
      `A,1|`.repeat(MIB / 4),
      "F".repeat(MIB),
    ]) {
      expect(within(() => parseCursor(`d-1-${broken}`))).toBeUndefined();
    }
    expect(within(() => parseCursor(`s-,${"0".repeat(MIB)}1`))?.entries).toHaveLength(1);
  });
});

describe("other texts of 1 MB and more", () => {
  test.for([
    "createHubProxy('a').",
    'merge(["a"',
    "createHubProxy('a'); merge([\"b\"",
    "a: function (",
    "a:function(b) ",
    "createHubProxy(",
    "createHubProxy(     ",
    '<param name="',
    'hubConnection("',
    "a".repeat(100),
    "  ",
    "'",
    "{",
  ])("a script of nothing but %j", (piece) => {
    const script = `createHubProxy('x')${piece.repeat(Math.ceil(MIB / piece.length))}merge(["y"`;
    const { hubs } = within(() => parseHubsScript(script));
    expect(hubs.length).toBeGreaterThan(0);
  });

  test("bodies, addresses and answers", () => {
    for (const piece of ["(", "a", "a.", " ", ");", "&a=1", "%", "/", "{"]) {
      const long = piece.repeat(MIB / piece.length);
      within(() => parseJsonp(long));
      within(() => parseJsonp(`f(${long});`));
      within(() => decodeResponseBody(long));
      within(() => parseClassicAddress(`/signalr/connect?${long}`));
      within(() => parseClassicAddress(`${long}/hubs////`));
      within(() => parseClassicNegotiateResponse(long));
      within(() => irisPrefixOf(long));
      within(() => looksLikeNeffos(long));
      within(() => decodeIrisRecord(text(`iris-websocket-message:e;1;${long}`), { direction: "out" }));
    }
  });
});
