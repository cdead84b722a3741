import { describe, expect, test } from "vitest";
import { createConnectionDecoder } from "../../../core/src/wire/connection-decoder.ts";
import { encodeHandshakeRequest, encodeHandshakeResponse } from "../../../core/src/wire/handshake.ts";
import type { DecodedRecord } from "../../../core/src/wire/hub-codec.ts";
import type { Payload } from "../../../core/src/wire/payload.ts";
import { hex } from "./vector-values.ts";

const text = (content: string): Payload => ({ kind: "text", text: content });
const binary = (content: string): Payload => ({ kind: "binary", bytes: hex(content) });
const utf8 = (content: string): Payload => ({ kind: "binary", bytes: new TextEncoder().encode(content) });
const omitted: Payload = { kind: "omitted", reason: "too-large", size: 70_000 };

const kinds = (records: readonly DecodedRecord[]) => records.map(({ message }) => message.kind);
const codes = (records: readonly DecodedRecord[]) =>
  records.map(({ issues }) => issues.map(({ code }) => code));

const PING = '{"type":6}\u001e';

function connected(protocol: string) {
  const decoder = createConnectionDecoder();
  decoder.decode("out", text(encodeHandshakeRequest({ protocol, version: 1 })));
  decoder.decode("in", text(encodeHandshakeResponse()));
  return decoder;
}

describe("handshake", () => {
  test("a JSON connection learns its protocol from the request and its phase from the response", () => {
    const decoder = createConnectionDecoder();
    expect(decoder.protocol).toBeUndefined();
    const [request] = decoder.decode("out", text('{"protocol":"json","version":1}\u001e'));
    expect(request).toMatchObject({
      direction: "out",
      raw: { kind: "text", text: '{"protocol":"json","version":1}' },
      size: 32,
      message: { kind: "handshake-request", protocol: "json", version: 1 },
      issues: [],
    });
    expect(decoder).toMatchObject({
      protocol: { name: "json", version: 1, guessed: false },
      phase: "handshake",
    });
    expect(kinds(decoder.decode("in", text("{}\u001e")))).toEqual(["handshake-response"]);
    expect(decoder.phase).toBe("messages");
  });

  test("a MessagePack connection answers in bytes, with messages behind the answer", () => {
    const decoder = createConnectionDecoder();
    decoder.decode("out", text('{"protocol":"messagepack","version":1}\u001e'));
    const records = decoder.decode("in", binary("7b 7d 1e 02 91 06 04 93 07 c0 c3"));
    expect(kinds(records)).toEqual(["handshake-response", "ping", "close"]);
    expect(records.map(({ size }) => size)).toEqual([3, 3, 5]);
    expect(decoder.protocol).toEqual({ name: "messagepack", version: 1, guessed: false });
  });

  test("a request and messages in one payload of text, and both cut in two", () => {
    const whole = `{"protocol":"json","version":1}\u001e${PING}`;
    for (let cut = 1; cut < whole.length; cut++) {
      const decoder = createConnectionDecoder();
      const head = decoder.decode("out", text(whole.slice(0, cut)));
      const tail = decoder.decode("out", text(whole.slice(cut)));
      expect(kinds([...head, ...tail]), `cut at ${cut}`).toEqual(["handshake-request", "ping"]);
      expect(codes([...head, ...tail])).toEqual([[], []]);
    }
  });

  test("a binary answer with messages behind it may be cut at any byte", () => {
    const whole = hex("7b 7d 1e 02 91 06 04 93 07 c0 c3");
    for (let cut = 1; cut < whole.length; cut++) {
      const decoder = createConnectionDecoder();
      decoder.decode("out", text('{"protocol":"messagepack","version":1}\u001e'));
      const parts = [whole.subarray(0, cut), whole.subarray(cut)];
      const records = parts.flatMap((bytes) => decoder.decode("in", { kind: "binary", bytes }));
      expect(kinds(records), `cut at byte ${cut}`).toEqual(["handshake-response", "ping", "close"]);
    }
  });

  test("names are compared without case, and blazorpack has the records of MessagePack", () => {
    expect(connected("MessagePack").protocol).toMatchObject({
      name: "messagepack",
      announced: "MessagePack",
    });
    const blazor = connected("blazorpack");
    expect(blazor.protocol).toEqual({
      name: "blazorpack",
      version: 1,
      guessed: false,
    });
    expect(kinds(blazor.decode("out", binary("02 91 06")))).toEqual(["ping"]);
  });

  test("records of an unknown protocol are kept undecoded", () => {
    const decoder = createConnectionDecoder();
    const [request] = decoder.decode("out", text(encodeHandshakeRequest({ protocol: "custom", version: 7 })));
    expect(request?.message.kind).toBe("handshake-request");
    expect(request?.issues).toEqual([{ code: "unknown-protocol", field: "protocol", detail: "custom" }]);
    decoder.decode("in", text(encodeHandshakeResponse()));
    const records = decoder.decode("in", binary("01 02 03"));
    expect(records).toMatchObject([
      {
        direction: "in",
        raw: { kind: "binary", bytes: hex("01 02 03") },
        size: 3,
        message: { kind: "undecodable" },
        issues: [{ code: "unknown-protocol", detail: "custom" }],
      },
    ]);
    expect(decoder.protocol).toBeUndefined();
  });

  test("a hub message instead of the response is decoded and said to be in the wrong place", () => {
    const json = createConnectionDecoder();
    json.decode("out", text('{"protocol":"json","version":1}\u001e'));
    const records = json.decode("in", text(`{"type":1,"target":"x","arguments":[]}\u001e${PING}`));
    expect(kinds(records)).toEqual(["invocation", "ping"]);
    expect(codes(records)).toEqual([["handshake-missing"], []]);

    const messagePack = createConnectionDecoder();
    messagePack.decode("out", text('{"protocol":"messagepack","version":1}\u001e'));
    const answer = messagePack.decode("in", binary("02 91 06"));
    expect([kinds(answer), codes(answer)]).toEqual([["ping"], [["handshake-missing"]]]);
  });

  test("what is neither handshake nor message is malformed, and a good handshake may still follow", () => {
    const decoder = createConnectionDecoder();
    const records = decoder.decode("out", text("42\u001e"));
    expect(codes(records)).toEqual([["not-an-object", "handshake-malformed"]]);
    expect(codes(decoder.decode("out", binary("ff 00 01")))).toEqual([["handshake-malformed"]]);
    const request = decoder.decode("out", text('{"protocol":"json","version":1}\u001e'));
    expect(kinds(request)).toEqual(["handshake-request"]);
  });
});

describe("before the handshake is over", () => {
  test("any number of records that are no handshake comes out, without a stack that grows with them", () => {
    const decoder = createConnectionDecoder();
    const records = decoder.decode("in", text("no\u001e".repeat(200_000)));
    expect(records).toHaveLength(200_000);
    expect(records.at(-1)?.issues.at(-1)?.code).toBe("handshake-malformed");
  });

  test("the beginning of a handshake that never comes is kept when the other direction shows MessagePack", () => {
    const decoder = createConnectionDecoder();
    expect(decoder.decode("in", text('{"err'))).toEqual([]);
    decoder.decode("out", binary("02 91 06"));
    const records = decoder.decode("in", binary("02 91 06 05"));
    expect([kinds(records), codes(records)]).toEqual([
      ["undecodable", "ping"],
      [["framing-lost"], []],
    ]);
    expect(decoder.end().map(({ raw }) => raw)).toEqual([{ kind: "binary", bytes: hex("05") }]);
  });
});

describe("payloads and records", () => {
  test("directions never mix", () => {
    const decoder = connected("json");
    expect(decoder.decode("out", text('{"type"'))).toEqual([]);
    expect(kinds(decoder.decode("in", text(PING)))).toEqual(["ping"]);
    expect(kinds(decoder.decode("out", text(":6}\u001e")))).toEqual(["ping"]);
  });

  test("a JSON connection takes UTF-8 bytes as well as text, within one record too", () => {
    const decoder = connected("json");
    const record = '{"type":1,"target":"é","arguments":["😀"]}\u001e';
    const [first] = decoder.decode("out", utf8(record));
    expect(first?.message).toMatchObject({ target: "é", arguments: ["😀"] });
    expect(first?.size).toBe(new TextEncoder().encode(record).length);
    decoder.decode("out", text(record.slice(0, 20)));
    const [second] = decoder.decode("out", utf8(record.slice(20)));
    expect(second?.message).toEqual(first?.message);
  });

  test("text on a MessagePack connection is kept and is fatal", () => {
    const decoder = connected("messagepack");
    const [record] = decoder.decode("in", text("é"));
    expect(record).toMatchObject({
      raw: { kind: "text", text: "é" },
      size: 2,
      message: { kind: "undecodable" },
    });
    expect(codes([record as DecodedRecord])).toEqual([["wrong-payload-type"]]);
    expect(kinds(decoder.decode("in", binary("02 91 06")))).toEqual(["ping"]);
  });

  test("empty payloads carry nothing", () => {
    const decoder = connected("json");
    expect(decoder.decode("in", text(""))).toEqual([]);
    expect(decoder.decode("in", binary(""))).toEqual([]);
  });

  test("what is incomplete at the end is kept, out before in", () => {
    const decoder = connected("json");
    decoder.decode("in", text(`${PING}{"ty`));
    decoder.decode("out", utf8('{"é'));
    const records = decoder.end();
    expect(records.map(({ direction, raw, size }) => ({ direction, raw, size }))).toEqual([
      { direction: "out", raw: { kind: "binary", bytes: new TextEncoder().encode('{"é') }, size: 4 },
      { direction: "in", raw: { kind: "text", text: '{"ty' }, size: 4 },
    ]);
    expect(codes(records)).toEqual([["incomplete-at-close"], ["incomplete-at-close"]]);
    expect(decoder.end()).toEqual([]);
  });

  test("an incomplete MessagePack record keeps its prefix", () => {
    const decoder = connected("messagepack");
    decoder.decode("in", binary("05 91"));
    expect(decoder.end()[0]?.raw).toEqual({ kind: "binary", bytes: hex("05 91") });
  });

  test("a bad length ends the payload, and the next payload is a new beginning", () => {
    const decoder = connected("messagepack");
    const records = decoder.decode("in", binary("02 91 06 ff ff ff ff 08 2a"));
    expect(codes(records)).toEqual([[], ["length-prefix-too-long"]]);
    expect(records[1]?.raw).toEqual({ kind: "binary", bytes: hex("ff ff ff ff 08 2a") });
    expect(kinds(decoder.decode("in", binary("02 91 06")))).toEqual(["ping"]);
  });
});

describe("omitted payloads", () => {
  test("an omitted payload is a record of its own with the size that passed", () => {
    const decoder = connected("json");
    const records = decoder.decode("in", omitted);
    expect(records).toMatchObject([
      {
        direction: "in",
        raw: { kind: "binary", bytes: new Uint8Array() },
        size: 70_000,
        message: { kind: "undecodable" },
        issues: [{ code: "payload-omitted", detail: "too-large" }],
      },
    ]);
    expect(codes(decoder.decode("in", text(PING)))).toEqual([[]]);
  });

  test("the beginning of the record that it completes is kept with it", () => {
    const decoder = connected("messagepack");
    decoder.decode("in", binary("05 91"));
    const [record] = decoder.decode("in", omitted);
    expect(record).toMatchObject({ raw: { bytes: hex("05 91") }, size: 70_002 });
  });

  test("the tail of a record whose beginning is missing is set apart, and what follows is decoded", () => {
    const json = connected("json");
    json.decode("in", omitted);
    const records = json.decode("in", text(`,"x"]}\u001e${PING}`));
    expect([kinds(records), codes(records)]).toEqual([
      ["undecodable", "ping"],
      [["framing-lost"], []],
    ]);

    const messagePack = connected("messagepack");
    messagePack.decode("in", omitted);
    expect(codes(messagePack.decode("in", binary("a1 61 62 63")))).toEqual([["framing-lost"]]);
    expect(kinds(messagePack.decode("in", binary("02 91 06")))).toEqual(["ping"]);
  });

  test("the other direction is not concerned", () => {
    const decoder = connected("messagepack");
    decoder.decode("out", binary("03 92"));
    decoder.decode("in", omitted);
    expect(kinds(decoder.decode("out", binary("07 c0")))).toEqual(["close"]);
  });

  test("a handshake response may be among what is missing", () => {
    const decoder = createConnectionDecoder();
    decoder.decode("out", text('{"protocol":"json","version":1}\u001e'));
    decoder.decode("in", { kind: "omitted", reason: "not-captured", size: 3 });
    const records = decoder.decode("in", text(PING));
    expect([kinds(records), codes(records)]).toEqual([["ping"], [[]]]);
    expect(decoder.phase).toBe("messages");
  });
});

describe("a socket joined late", () => {
  test("JSON is guessed from objects with a numeric type, and said once", () => {
    const decoder = createConnectionDecoder();
    const first = decoder.decode("in", text(PING + PING));
    expect(codes(first)).toEqual([["protocol-guessed"], []]);
    expect(decoder).toMatchObject({ protocol: { name: "json", guessed: true }, phase: "messages" });
    expect(
      codes(decoder.decode("out", text('{"invocationId":"0","target":"a","arguments":[],"type":1}\u001e'))),
    ).toEqual([[]]);
  });

  test("JSON is guessed from bytes and from a record cut in two", () => {
    const decoder = createConnectionDecoder();
    expect(decoder.decode("in", utf8('{"type"'))).toEqual([]);
    const records = decoder.decode("in", utf8(":6}\u001e"));
    expect([kinds(records), codes(records)]).toEqual([["ping"], [["protocol-guessed"]]]);
  });

  test("MessagePack is guessed from lengths that add up and arrays that begin with a type", () => {
    const decoder = createConnectionDecoder();
    const records = decoder.decode("out", binary("02 91 06 04 93 07 c0 c2"));
    expect([kinds(records), codes(records)]).toEqual([
      ["ping", "close"],
      [["protocol-guessed"], []],
    ]);
    expect(decoder.protocol).toEqual({ name: "messagepack", guessed: true });
    expect(codes(decoder.decode("in", binary("02 91 06")))).toEqual([[]]);
  });

  test("MessagePack is guessed although the last record is cut", () => {
    const decoder = createConnectionDecoder();
    expect(kinds(decoder.decode("in", binary("02 91 06 0b 95 03 80")))).toEqual(["ping"]);
    expect(kinds(decoder.decode("in", binary("a1 31 03 a4 62 6f 6f 6d")))).toEqual(["completion"]);
  });

  test("between request and response, the protocol is guessed behind the response", () => {
    const decoder = createConnectionDecoder();
    const records = decoder.decode("in", binary("7b 7d 1e 02 91 06"));
    expect([kinds(records), codes(records)]).toEqual([
      ["handshake-response", "ping"],
      [[], ["protocol-guessed"]],
    ]);
  });

  test("a protocol known from elsewhere is no guess", () => {
    const decoder = createConnectionDecoder({ protocol: "messagepack" });
    expect(decoder.protocol).toEqual({ name: "messagepack", guessed: false });
    expect(codes(decoder.decode("in", binary("02 91 06")))).toEqual([[]]);
  });

  test("bytes that look like nothing are kept, and a later payload may still tell", () => {
    const decoder = createConnectionDecoder();
    expect(kinds(decoder.decode("in", binary("c0 ff ee")))).toEqual(["undecodable"]);
    expect(codes(decoder.decode("in", binary("02 91 06")))).toEqual([["protocol-guessed"]]);
  });
});

describe("a resumed socket", () => {
  test.for([
    ["json", text('{"type":9,"sequenceId":3}\u001e')],
    ["messagepack", binary("03 92 09 03")],
  ] as const)("%s begins with messages, and nothing is said about a handshake", ([protocol, payload]) => {
    const decoder = createConnectionDecoder({ protocol, resumed: true });
    expect(decoder.phase).toBe("messages");
    const [record] = decoder.decode("out", payload);
    expect(record).toMatchObject({ message: { kind: "sequence", sequenceId: 3 }, issues: [] });
  });

  test("without a known protocol it is guessed", () => {
    const decoder = createConnectionDecoder({ resumed: true });
    const [record] = decoder.decode("in", binary("03 92 09 01"));
    expect(record?.message).toEqual({ kind: "sequence", sequenceId: 1 });
    expect(decoder.protocol).toEqual({ name: "messagepack", guessed: true });
  });
});
