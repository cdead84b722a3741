import { describe, expect, test } from "vitest";
import { decodePlainRecord } from "../../../../core/src/wire/plain/decode.ts";
import { looksLikeJson } from "../../../../core/src/wire/plain/detect.ts";
import { encodePlain } from "../../../../core/src/wire/plain/encode.ts";
import { isMacaronOriginAllowed, macaronClose } from "../../../../core/src/wire/plain/macaron.ts";

const text = (content: string) => decodePlainRecord({ kind: "text", text: content });
const binary = (...bytes: readonly number[]) =>
  decodePlainRecord({ kind: "binary", bytes: new Uint8Array(bytes) });

describe("plain messages", () => {
  test("text that is JSON is JSON, all other text is text", () => {
    expect(text("5").message).toEqual({ kind: "plain-json", value: 5, endsWithNewline: false });
    for (const content of ["hello", "{a:1}", '{"a":1}{"b":2}', "", "{"]) {
      expect(text(content)).toEqual({ message: { kind: "plain-text", text: content }, issues: [] });
    }
  });

  test("a repeated name is said", () => {
    expect(text('{"a":1,"a":2}')).toMatchObject({
      message: { value: { a: 2 } },
      issues: [{ code: "duplicate-key", field: "a" }],
    });
  });

  test("bytes are JSON only where they are an object or an array in UTF-8", () => {
    expect(binary(0x5b, 0x31, 0x5d).message).toEqual({
      kind: "plain-json",
      value: [1],
      endsWithNewline: false,
    });
    expect(binary(0x35).message).toEqual({ kind: "plain-binary", bytes: new Uint8Array([0x35]) });
    expect(binary(0x5b, 0x22, 0xff, 0x22, 0x5d).message.kind).toBe("plain-binary");
    expect(binary().message.kind).toBe("plain-binary");
  });

  test("encode to what they were", () => {
    const bytes = new Uint8Array([0, 255]);
    expect(encodePlain({ kind: "plain-binary", bytes })).toEqual(bytes);
    expect(encodePlain({ kind: "plain-json", value: { a: "<" }, endsWithNewline: true })).toBe('{"a":"<"}\n');
    expect(encodePlain(text('{"n":12345678901234567890}').message)).toBe('{"n":12345678901234567890}');
  });

  test("a glance sees objects and arrays", () => {
    expect([' {"a":1}\n', "[1]", "5", "{", "hello"].map(looksLikeJson)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("macaron and martini sockets", () => {
  test("the origin's expression is neither anchored nor are its dots escaped, but nothing else of it is open", () => {
    expect(isMacaronOriginAllowed("http://xhttp://a.b", "a.b")).toBe(true);
    expect(isMacaronOriginAllowed("http://axb", "a.b")).toBe(true);
    expect(isMacaronOriginAllowed("http://a.bc", "a.b")).toBe(false);
    expect(isMacaronOriginAllowed("", "a.b")).toBe(false);
    expect(isMacaronOriginAllowed("http://aaaa", "(a+)+b")).toBe(false);
    expect(isMacaronOriginAllowed("http://[::1]:80", "[::1]:80")).toBe(true);
  });

  test("a close says what went wrong", () => {
    expect([1009, 1006, 1005, 4000].map(macaronClose)).toEqual([
      "message-too-big",
      "server-error",
      "asked-for",
      "asked-for",
    ]);
  });
});
