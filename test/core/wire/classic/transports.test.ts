import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeClassicRecord } from "../../../../core/src/wire/classic/decode.ts";
import { encodeClassic } from "../../../../core/src/wire/classic/encode.ts";
import { decodeStreamEvent, streamEventText } from "../../../../core/src/wire/classic/event-stream.ts";
import {
  createForeverFrameParser,
  frameOpening,
  frameScriptText,
  isFrameId,
} from "../../../../core/src/wire/classic/forever-frame.ts";
import { formText, parseForm, sentText } from "../../../../core/src/wire/classic/form.ts";
import { jsonpText, parseJsonp } from "../../../../core/src/wire/classic/jsonp.ts";
import type { ClassicMessage } from "../../../../core/src/wire/classic/message.ts";
import {
  decodeResponseBody,
  parseSimpleResponse,
  simpleResponseText,
} from "../../../../core/src/wire/classic/response-body.ts";
import { createEventStreamParser } from "../../../../core/src/wire/framing/event-stream.ts";

const FOLDER = new URL("../../../captures/classic/", import.meta.url);
const RUNS = { numRuns: 150 };

/** The whole body of an exchange of a recording. */
function bodyOf(name: string, exchange: number): Uint8Array {
  const lines = readFileSync(new URL(`${name}.ndjson`, FOLDER), "utf8").split("\n");
  const pieces = lines.flatMap((line) => {
    if (line === "") return [];
    const { kind, id, text, base64 } = JSON.parse(line) as Record<string, unknown>;
    if (kind !== "response-chunk" || id !== exchange) return [];
    return [base64 === undefined ? Buffer.from(String(text)) : Buffer.from(String(base64), "base64")];
  });
  return new Uint8Array(Buffer.concat(pieces));
}

/** The same bytes, cut anywhere. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const borders = [0, ...places.map((place) => place % bytes.length).sort((a, b) => a - b), bytes.length];
  return borders.slice(1).map((border, index) => bytes.subarray(borders[index], border));
}

const places = fc.array(fc.nat(1_000_000), { maxLength: 40 });

function frameScripts(pieces: readonly (Uint8Array | string)[]) {
  const parser = createForeverFrameParser("hubs");
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

function streamMessages(pieces: readonly Uint8Array[]) {
  const parser = createEventStreamParser();
  return pieces.flatMap((piece) => parser.push(piece)).map(({ data }) => decodeStreamEvent(data, "hubs"));
}

describe("cutting elsewhere changes nothing", () => {
  test("of a forever frame", () => {
    const page = bodyOf("push-ff", 1);
    const whole = frameScripts([page]);
    expect(whole.length).toBeGreaterThan(5);
    expect(frameScripts([...page].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
    fc.assert(
      fc.property(places, (borders) => {
        expect(frameScripts(cut(page, borders))).toEqual(whole);
      }),
      RUNS,
    );
  });

  test("of an event stream", () => {
    const stream = bodyOf("push-sse", 1);
    const whole = streamMessages([stream]);
    expect(whole.length).toBeGreaterThan(20);
    expect(streamMessages([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
    fc.assert(
      fc.property(places, (borders) => {
        expect(streamMessages(cut(stream, borders))).toEqual(whole);
      }),
      RUNS,
    );
  });

  test("of a poll's answer, which is read when it is whole", () => {
    const whole = decodeResponseBody('  {"C":"d-1-B,0","M":[]}', "hubs");
    expect(whole).toMatchObject({ keepAlives: 2, decoded: { message: { kind: "envelope" } } });
    // Keep-alives alone, and nothing, are no message.
    expect(decodeResponseBody("   ")).toEqual({ keepAlives: 3, text: "" });
    expect(decodeResponseBody("")).toEqual({ keepAlives: 0, text: "" });
  });
});

describe("forever frame", () => {
  const script = frameScriptText('{"C":"d-1-B,0","M":[]}');

  test("the sizes of its scripts add up to the page", () => {
    const page = bodyOf("push-ff", 1);
    const sizes = frameScripts([page]).map(({ size }) => size);
    const rest = 2; // the line end behind the last script
    expect(sizes.reduce((sum, size) => sum + size, 0) + rest).toBe(page.length);
  });

  test("a script that is cut off is said at the end, with its text", () => {
    const cutOff = script.slice(0, -12);
    expect(frameScripts([frameOpening("3"), cutOff])).toMatchObject([
      { decoded: { message: { kind: "frame-initialised", frameId: "3" } } },
      { decoded: { issues: [{ code: "incomplete-at-close" }] }, text: `</head><body>\r\n${cutOff}` },
    ]);
  });

  test("a page that ends between two scripts leaves nothing, wherever its end was cut", () => {
    for (const text of [frameOpening("1"), frameOpening("1") + script]) {
      expect(frameScripts([...text]).map(({ decoded }) => decoded.issues)).toEqual(
        frameScripts([text]).map(() => []),
      );
    }
  });

  test("a script that is no message is kept as it is", () => {
    const [found] = frameScripts(["<script>alert(1)</script>"]);
    expect(found).toMatchObject({
      decoded: { message: { kind: "undecodable" }, issues: [{ code: "unusual-field" }] },
      text: "<script>alert(1)</script>",
    });
  });

  test("no text of a message can end the script", () => {
    const value = "</script><b>\u2028";
    const json = encodeClassic({ kind: "envelope", messages: [{ kind: "data", value }] });
    const [found, ...others] = frameScripts([frameScriptText(json)]);
    expect(others).toEqual([]);
    expect(found?.decoded.message).toMatchObject({ messages: [{ value }] });
  });

  test("frame IDs are numbers of 32 bits", () => {
    const ids = ["0", "007", "4294967295", "", "0x1", "4294967296", "-1", "1.0", " 1", "99999999999"];
    expect(ids.filter(isFrameId)).toEqual(["0", "007", "4294967295"]);
    expect(frameOpening("007")).toContain("getConnection('7')");
    expect(() => frameOpening("x")).toThrow(TypeError);
  });
});

describe("forms", () => {
  test("a plus is a space, and what is missing is absent", () => {
    expect(parseForm("data=a+b%2Bc")).toEqual({ data: "a b+c" });
    expect(parseForm("messageId=d-1-B%2C0")).toEqual({ messageId: "d-1-B,0" });
    expect(parseForm("other=1")).toEqual({});
    expect(parseForm("data=%E0%A4%A")).toEqual({ data: "\ufffd%A" });
  });

  test("every text survives being sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (data) => {
        expect(parseForm(formText({ data }))).toEqual({ data });
      }),
      RUNS,
    );
  });

  test("a body that is no form carries nothing, a query may", () => {
    const form = "application/x-www-form-urlencoded; charset=UTF-8";
    expect(sentText("data=x", { contentType: form })).toBe("x");
    expect(sentText("data=x", { contentType: "application/json" })).toBeUndefined();
    expect(sentText("", { query: { data: "x" } })).toBe("x");
    expect(sentText("data=", {})).toBe("");
    expect(sentText("")).toBeUndefined();
  });
});

describe("JSONP", () => {
  test("is taken off and put on", () => {
    const body = jsonpText({ callback: "jQuery1_2", text: '{"R":"a);","I":"0"}' });
    expect(parseJsonp(body)).toEqual({ callback: "jQuery1_2", text: '{"R":"a);","I":"0"}' });
    expect(decodeResponseBody(body)).toMatchObject({
      callback: "jQuery1_2",
      decoded: { message: { kind: "hub-result", id: "0", result: "a);" } },
    });
    expect(parseSimpleResponse(jsonpText({ callback: "a.b", text: simpleResponseText("pong") }))).toBe(
      "pong",
    );
  });

  test("is told from what only looks like it", () => {
    for (const body of ['{"R":"f(1);"}', "f(1)", "if(1);", "f.1(2);", "(1);", "f g(1);", ""]) {
      expect(parseJsonp(body), body).toBeUndefined();
    }
  });
});

describe("messages", () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".ndjson"));
  const wires = files.flatMap((file) =>
    readFileSync(new URL(file, FOLDER), "utf8")
      .split("\n")
      .flatMap((line) => {
        const { kind, text, dir } = (line === "" ? {} : JSON.parse(line)) as Record<string, string>;
        return kind === "ws-message" && text !== undefined ? [{ text, direction: dir as "in" | "out" }] : [];
      }),
  );

  test("truncated and flipped ones never throw and keep their kind of union", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...wires),
        fc.nat(400),
        fc.constantFrom("", '"', "{", "}", "[", "]", ",", ":", "\\", "\u0000", "9", "\ud800"),
        fc.constantFrom("hubs", "persistent", undefined),
        (wire, at, instead, connection) => {
          const { text, direction } = wire;
          for (const broken of [text.slice(0, at), text.slice(0, at) + instead + text.slice(at + 1)]) {
            for (const to of [direction, undefined]) {
              const { message } = decodeClassicRecord(
                { kind: "text", text: broken },
                { direction: to, connection },
              );
              expect(typeof message.kind).toBe("string");
            }
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  const value = fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.parse(JSON.stringify(json)) as unknown);
  const id = fc.oneof(fc.nat(), fc.string());
  const optional = <T>(name: string, arbitrary: fc.Arbitrary<T>) =>
    fc.oneof(
      fc.constant({}),
      arbitrary.map((content) => ({ [name]: content })),
    );
  const together = (...parts: readonly fc.Arbitrary<object>[]) =>
    fc.tuple(...parts).map((objects) => Object.assign({}, ...objects) as unknown);
  const state = optional("state", fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value));
  const callArguments = optional("arguments", fc.array(value, { maxLength: 3 }));
  const item = fc.oneof(
    together(
      fc.record({ kind: fc.constant("client-invocation"), hub: fc.string(), method: fc.string() }),
      callArguments,
      state,
    ),
    together(
      fc.record({ kind: fc.constant("progress"), id: fc.string(), data: value, decoyId: fc.string() }),
      state,
    ),
    fc.record({ kind: fc.constant("data"), value: fc.oneof(fc.string(), fc.integer(), fc.constant(null)) }),
  );
  const fromServer = fc.oneof(
    together(fc.record({ kind: fc.constant("hub-result"), id }), optional("result", value), state),
    together(
      fc.record({
        kind: fc.constant("hub-error"),
        id,
        error: fc.string(),
        isHubException: fc.boolean(),
      }),
      optional("data", value),
      optional("stackTrace", fc.string()),
      state,
    ),
    together(
      fc.record({
        kind: fc.constant("envelope"),
        messageId: fc.integer(),
        messages: fc.array(item, { maxLength: 4 }),
      }),
      optional("initialised", fc.constant(1)),
      optional("disconnect", fc.constant(1)),
      optional("reconnect", fc.constant(1)),
      optional("groupsToken", fc.string()),
      optional("longPollDelay", fc.nat()),
    ),
    fc.constant({ kind: "keep-alive" }),
    fc.record({ kind: fc.constant("connection-error"), error: fc.string() }),
  );
  const calls = together(
    fc.record({ kind: fc.constant("hub-call"), hub: fc.string(), method: fc.string(), id }),
    callArguments,
    state,
  );
  /** As JSON has it: no null prototypes, no −0. */
  const asRead = (message: unknown) => JSON.parse(JSON.stringify(message)) as ClassicMessage;

  test("what is encoded decodes to itself, bare and on every transport", () => {
    fc.assert(
      fc.property(fromServer.map(asRead), (message) => {
        const text = encodeClassic(message);
        expect(
          decodeClassicRecord({ kind: "text", text }, { direction: "in", connection: "hubs" }).message,
        ).toStrictEqual(message);
        const [event] = createEventStreamParser().push(streamEventText(text));
        expect(decodeStreamEvent(event?.data ?? "", "hubs").message).toStrictEqual(message);
        expect(frameScripts([frameScriptText(text)])[0]?.decoded.message).toStrictEqual(message);
        expect(decodeResponseBody(` ${text}`, "hubs").decoded?.message).toStrictEqual(message);
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(calls.map(asRead), fc.constantFrom("dotnet", "javascript"), (message, like) => {
        const text = encodeClassic(message, like);
        // The direction need not be known: a call has both names.
        expect(decodeClassicRecord({ kind: "text", text }).message).toStrictEqual(message);
      }),
      { numRuns: 400 },
    );
  });
});
