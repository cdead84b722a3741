import { describe, expect, test } from "vitest";
import { parseCursor, topicNumber } from "../../../../core/src/wire/classic/cursor.ts";
import { type DecodedClassic, decodeClassicRecord } from "../../../../core/src/wire/classic/decode.ts";
import { encodeClassic } from "../../../../core/src/wire/classic/encode.ts";
import { idText } from "../../../../core/src/wire/classic/message.ts";
import { JsonNumber } from "../../../../core/src/wire/hub-message.ts";

const incoming = (text: string): DecodedClassic =>
  decodeClassicRecord({ kind: "text", text }, { direction: "in", connection: "hubs" });
const outgoing = (text: string): DecodedClassic =>
  decodeClassicRecord({ kind: "text", text }, { direction: "out", connection: "hubs" });
const codes = ({ issues }: DecodedClassic) => issues.map(({ code, field }) => [code, field].join(" ").trim());

describe("replies", () => {
  test("an error without text is an error, whatever the official client says", () => {
    expect(incoming('{"I":"0","H":true,"E":""}')).toEqual({
      message: { kind: "hub-error", id: "0", error: "", isHubException: true },
      issues: [],
    });
  });

  test("a null error is none, and stays to be seen", () => {
    expect(incoming('{"I":"0","R":1,"E":null}').message).toEqual({
      kind: "hub-result",
      id: "0",
      result: 1,
      extra: { E: null },
    });
  });

  test("a result that is null differs from none", () => {
    expect(incoming('{"R":null,"I":"0"}').message).toEqual({ kind: "hub-result", id: "0", result: null });
    expect(incoming('{"I":"0"}').message).toEqual({ kind: "hub-result", id: "0" });
  });

  test("an ID of null is a reply all the same", () => {
    expect(incoming('{"R":1,"I":null}').message).toEqual({ kind: "hub-result", id: null, result: 1 });
  });

  test("members that do not fit are kept under their own names", () => {
    const decoded = incoming('{"I":"0","E":{"a":1},"H":"yes","T":5,"X":2}');
    expect(decoded.message).toEqual({
      kind: "hub-error",
      id: "0",
      error: "",
      isHubException: false,
      extra: { E: { a: 1 }, H: "yes", T: 5, X: 2 },
    });
    expect(codes(decoded)).toEqual(["unusual-field E", "unusual-field T", "unusual-field H"]);
    expect(encodeClassic(decoded.message)).toBe('{"I":"0","E":{"a":1},"H":"yes","T":5,"X":2}');
  });

  test("an error without an ID is the connection's", () => {
    expect(incoming('{"E":"gone"}').message).toEqual({ kind: "connection-error", error: "gone" });
  });
});

describe("envelopes", () => {
  test("flags are there or not, and their values are shown", () => {
    expect(incoming('{"C":1,"S":true,"T":false,"M":[]}').message).toEqual({
      kind: "envelope",
      messageId: 1,
      initialised: true,
      reconnect: false,
      messages: [],
    });
  });

  test("progress is known by P, whatever the I beside it says", () => {
    const item = '{"S":{"a":1},"I":"P|3","P":{"I":"3","D":null}}';
    const { message } = incoming(`{"C":"d-1-B,0","M":[${item}]}`);
    expect(message).toMatchObject({
      messages: [{ kind: "progress", id: "3", data: null, decoyId: "P|3", state: { a: 1 } }],
    });
    expect(encodeClassic(message)).toBe(`{"C":"d-1-B,0","M":[${item}]}`);
  });

  test("of a persistent connection hold data, whatever it looks like", () => {
    const text = '{"C":"d-1-B,0","M":[{"H":"h","M":"m","A":[]},{"P":{"I":"0","D":1}}]}';
    const options = { direction: "in", connection: "persistent" } as const;
    expect(decodeClassicRecord({ kind: "text", text }, options).message).toMatchObject({
      messages: [
        { kind: "data", value: { H: "h", M: "m", A: [] } },
        { kind: "data", value: { P: { I: "0", D: 1 } } },
      ],
    });
  });

  test("of 0.5 have long names, and are written back so", () => {
    const text =
      '{"MessageId":"5","Messages":[{"Hub":"Chat","Method":"add","Args":["a"]}],"Disconnect":false,' +
      '"TimedOut":true,"TransportData":{"Groups":["Chat.g"]}}';
    const { message, issues } = incoming(text);
    expect(message).toEqual({
      kind: "envelope",
      messageId: "5",
      reconnect: true,
      groupsToken: ["Chat.g"],
      messages: [{ kind: "client-invocation", hub: "Chat", method: "add", arguments: ["a"] }],
      hasLongNames: true,
    });
    expect(issues).toEqual([]);
    expect(encodeClassic(message)).toBe(text);
  });

  test("what is neither keep-alive, reply, error nor envelope cannot be decoded", () => {
    for (const [text, code] of [
      ['{"Q":1}', "missing-field C"],
      ["[1]", "not-an-object"],
      ["5", "not-an-object"],
      ["", "empty-record"],
      ["{'a'", "not-json"],
    ] as const) {
      expect(incoming(text).message.kind, text).toBe("undecodable");
      expect(codes(incoming(text)), text).toEqual([code]);
    }
  });
});

describe("calls and replies of 0.5", () => {
  // As the generated proxies of 0.5.3 write them.
  const call = '{"hub":"chat","method":"Send","args":["hi",null],"state":{"name":"Ann"},"id":0}';

  test("a call has long names, and is written back so", () => {
    const { message, issues } = outgoing(call);
    expect(message).toEqual({
      kind: "hub-call",
      hub: "chat",
      method: "Send",
      arguments: ["hi", null],
      id: 0,
      state: { name: "Ann" },
      hasLongNames: true,
    });
    expect(issues).toEqual([]);
    expect(encodeClassic(message, "javascript")).toBe(call);
    expect(decodeClassicRecord({ kind: "text", text: call }).message).toEqual(message);
  });

  test("before 0.5 a method was an action, and its arguments were data", () => {
    const { message, issues } = outgoing('{"hub":"chat","action":"Send","data":[1],"state":{},"id":3}');
    expect(message).toMatchObject({ kind: "hub-call", method: "Send", arguments: [1], id: 3 });
    expect(issues).toEqual([]);
  });

  test.each([
    [
      '{"State":{"name":"Bob"},"Result":[1,{}],"Id":"0","Error":null,"StackTrace":null}',
      { kind: "hub-result", id: "0", result: [1, {}], state: { name: "Bob" }, hasLongNames: true },
    ],
    [
      '{"State":null,"Result":null,"Id":"1","Error":null,"StackTrace":null}',
      { kind: "hub-result", id: "1", hasLongNames: true },
    ],
    [
      '{"State":{},"Result":null,"Id":"2","Error":"boom","StackTrace":"   at X"}',
      {
        kind: "hub-error",
        id: "2",
        error: "boom",
        isHubException: false,
        stackTrace: "   at X",
        state: {},
        hasLongNames: true,
      },
    ],
  ])("reply %s", (text, expected) => {
    const { message, issues } = incoming(text);
    expect(message).toEqual(expected);
    expect(issues).toEqual([]);
    expect(encodeClassic(message)).toBe(text);
  });

  test("what does not fit is kept", () => {
    const { message, issues } = incoming(
      '{"State":null,"Result":1,"Id":"1","Error":5,"StackTrace":"t","X":0}',
    );
    expect(message).toMatchObject({
      kind: "hub-result",
      result: 1,
      extra: { Error: 5, StackTrace: "t", X: 0 },
    });
    expect(issues).toEqual([{ code: "unusual-field", field: "Error", detail: "5" }]);
  });

  test("a call with letters is none of them, and a hub without a method is none at all", () => {
    expect(outgoing('{"H":"chat","M":"send","A":[],"I":1,"hub":"x","method":"y"}').message).toMatchObject({
      hub: "chat",
      extra: { hub: "x", method: "y" },
    });
    const { message, issues } = outgoing('{"hub":"chat","args":[]}');
    expect(message.kind).toBe("undecodable");
    expect(issues).toEqual([{ code: "never-answered", field: "H" }]);
  });

  test("on a connection without hubs it is the application's own", () => {
    const options = { direction: "out", connection: "persistent" } as const;
    const { message } = decodeClassicRecord({ kind: "text", text: call }, options);
    expect(message).toEqual({ kind: "persistent-data", text: call });
  });
});

describe("calls", () => {
  test("are read in any case of their members, as the server reads them", () => {
    const { message, issues } = outgoing('{"h":"chat","m":"send","a":[1],"i":7,"s":{"x":1}}');
    expect(message).toEqual({
      kind: "hub-call",
      hub: "chat",
      method: "send",
      arguments: [1],
      id: 7,
      state: { x: 1 },
    });
    expect(issues).toEqual([]);
  });

  test("the exact letter wins over the other case, which is kept", () => {
    expect(outgoing('{"h":"x","H":"chat","M":"send","I":0}').message).toEqual({
      kind: "hub-call",
      hub: "chat",
      method: "send",
      id: 0,
      extra: { h: "x" },
    });
  });

  test("what only Json.NET reads is not decoded, and said", () => {
    for (const text of ["{H:'chat',M:'send',I:0}", '{"H":"a","M":"b",}', '/* */{"H":"a","M":"b","I":0}']) {
      expect(outgoing(text).message, text).toEqual({ kind: "undecodable" });
      expect(codes(outgoing(text)), text).toEqual(["lenient-json"]);
    }
    // Of several values a server takes the first one.
    expect(outgoing('{"H":"a","M":"b","I":0} {"H":"c"}')).toMatchObject({
      message: { kind: "undecodable", value: { H: "a", M: "b", I: 0 } },
      issues: [{ code: "lenient-json", at: 24 }],
    });
  });

  test("what a server never answers is said, field by field", () => {
    const long = JSON.stringify({ text: "x".repeat(4096) });
    const faults: readonly (readonly [string, string])[] = [
      ["{}", "never-answered H"],
      ['{"H":"a"}', "never-answered M"],
      ['{"H":1,"M":"b"}', "never-answered H"],
      ["[1]", "never-answered"],
      ["5", "never-answered"],
      ["", "never-answered"],
      ['{"H":"a","M":"b","A":{},"I":0}', "never-answered A"],
      ['{"H":"a","M":"b","A":[],"I":{}}', "never-answered I"],
      ['{"H":"a","M":"b","A":[],"I":{"source":"1"}}', "never-answered I"],
      ['{"H":"a","M":"b","A":[],"I":[1]}', "never-answered I"],
      [`{"H":"a","M":"b","A":[],"I":0,"S":${long}}`, "never-answered S"],
      ['{"H":"a","M":"b","A":[]}', "unusual-field I"],
      ['{"H":"a","M":"b","A":[],"I":0,"S":null}', "unusual-field S"],
    ];
    for (const [text, code] of faults) expect(codes(outgoing(text)), text).toEqual([code]);
  });

  test("arguments that are no list stay in sight", () => {
    expect(outgoing('{"H":"a","M":"b","A":"x","I":0}').message).toEqual({
      kind: "hub-call",
      hub: "a",
      method: "b",
      id: 0,
      extra: { A: "x" },
    });
  });

  test("without knowing the connection a text is a call where it has a hub and a method", () => {
    const guess = (text: string) => decodeClassicRecord({ kind: "text", text }, { direction: "out" }).message;
    expect(guess('{"H":"a","M":"b","A":[],"I":0}').kind).toBe("hub-call");
    expect(guess('{"a":1}')).toEqual({ kind: "persistent-data", text: '{"a":1}' });
    expect(guess("hello")).toEqual({ kind: "persistent-data", text: "hello" });
    // Without the direction either, a persistent connection has no calls.
    const text = '{"H":"a","M":"b","I":0}';
    expect(decodeClassicRecord({ kind: "text", text }, { connection: "persistent" }).message).toEqual({
      kind: "persistent-data",
      text,
    });
  });

  test("a binary message is nothing that anybody reads", () => {
    const bytes = new TextEncoder().encode('{"H":"a","M":"b","I":0}');
    expect(decodeClassicRecord({ kind: "binary", bytes }, { direction: "out" })).toEqual({
      message: { kind: "undecodable" },
      issues: [{ code: "wrong-payload-type" }],
    });
  });

  test("IDs are compared as the text that comes back", () => {
    expect([7, "7", 1.5, true, "", null, undefined].map(idText)).toEqual([
      "7",
      "7",
      "1.5",
      "true",
      "",
      undefined,
      undefined,
    ]);
    expect(idText(new JsonNumber("12345678901234567890"))).toBe("12345678901234567890");
    expect(idText({ source: "1" })).toBeUndefined();
  });
});

describe("encoding", () => {
  const call = { kind: "hub-call", hub: "chat", method: "Send", arguments: ["\u2028"], id: 0 } as const;

  test("writes calls like either client", () => {
    expect(encodeClassic(call)).toBe('{"I":0,"H":"chat","M":"Send","A":["\\u2028"]}');
    expect(encodeClassic({ ...call, state: { a: 1 } }, "javascript")).toBe(
      '{"H":"chat","M":"Send","A":["\u2028"],"I":0,"S":{"a":1}}',
    );
  });

  test("refuses what is no message", () => {
    expect(() => encodeClassic({ kind: "undecodable" })).toThrow(TypeError);
    expect(() => encodeClassic({ kind: "frame-initialised", frameId: "1" })).toThrow(TypeError);
    expect(() => encodeClassic({ ...call, arguments: [() => 1] })).toThrow(TypeError);
    expect(encodeClassic({ kind: "undecodable", value: { a: 1 } })).toBe('{"a":1}');
    expect(encodeClassic({ kind: "persistent-data", text: "hello" })).toBe("hello");
    expect(encodeClassic({ kind: "stream-initialised" })).toBe("initialized");
  });
});

describe("cursors", () => {
  test("of a server process, of a backplane, and of neither", () => {
    expect(parseCursor("d-9401CB13-B,0|C,FFFFFFFFFFFFFFFF")).toEqual({
      prefix: "d-9401CB13-",
      entries: [
        { key: "B", id: "0" },
        { key: "C", id: "FFFFFFFFFFFFFFFF" },
      ],
    });
    expect(parseCursor("s-0,1A|1,2")).toMatchObject({ prefix: "s-", entries: [{ key: "0" }, { key: "1" }] });
    for (const text of ["", "B,0", "d-1-", "d-1-B,10000000000000000", "d-1-A,1|A,2", "d-1-A,1\\"]) {
      expect(parseCursor(text), text).toBeUndefined();
    }
  });

  test("their keys count topics in base 64", () => {
    expect(["A", "BA", "::", "", "-", "A".repeat(9)].map(topicNumber)).toEqual([
      0,
      64,
      4095,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
