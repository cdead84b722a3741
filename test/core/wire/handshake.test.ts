import { describe, expect, test } from "vitest";
import { createConnectionDecoder } from "../../../core/src/wire/connection-decoder.ts";
import { splitFirstRecord } from "../../../core/src/wire/framing/record-separator.ts";
import {
  decodeHandshakeRequest,
  decodeHandshakeResponse,
  encodeHandshakeRequest,
  encodeHandshakeResponse,
} from "../../../core/src/wire/handshake.ts";
import vectors from "../../vectors/handshake.json" with { type: "json" };
import { hex } from "./vector-values.ts";

interface Vector {
  readonly name: string;
  readonly side: string;
  readonly wire: string | { readonly hex: string };
  readonly message?: object;
  readonly issues?: readonly string[];
  readonly incomplete?: boolean;
  readonly behind?: string | { readonly hex: string };
  readonly writes?: { readonly protocol?: string; readonly version?: number; readonly error?: string };
}

const pieceOf = (wire: string | { readonly hex: string }) =>
  typeof wire === "string" ? wire : hex(wire.hex);

describe("handshake vectors", () => {
  test.for(vectors as readonly Vector[])(
    "$name",
    ({ side, wire, message, issues = [], incomplete, behind, writes }) => {
      if (writes !== undefined) {
        const { protocol = "", version = 0, error = "" } = writes;
        const written =
          side === "request"
            ? encodeHandshakeRequest({ protocol, version })
            : encodeHandshakeResponse({ error });
        expect(written).toBe(wire);
      }
      const first = splitFirstRecord(pieceOf(wire));
      if (incomplete === true) return expect(first.record).toBeUndefined();
      if (first.record === undefined) return expect.fail("no record");
      const decode = side === "request" ? decodeHandshakeRequest : decodeHandshakeResponse;
      const decoded = decode(first.record.raw);
      if (writes === undefined)
        expect(decoded.message).toStrictEqual(message ?? { ...decoded.message, kind: "undecodable" });
      expect(decoded.issues.map(({ code }) => code)).toEqual(issues);
      if (behind !== undefined) expect(first.behind).toEqual(pieceOf(behind));
    },
  );
});

describe("handshake", () => {
  test("a success is an empty object", () => {
    expect(encodeHandshakeResponse()).toBe("{}\u001e");
  });

  test("unknown properties are kept", () => {
    const { message } = decodeHandshakeRequest({
      kind: "text",
      text: '{"version":1,"x":[1],"protocol":"json"}',
    });
    expect(message).toEqual({ kind: "handshake-request", protocol: "json", version: 1, extra: { x: [1] } });
  });

  test.for(["1.5", "2147483648", '"1"', "null"])("a version of %s is malformed", (version) => {
    const record = { kind: "text", text: `{"protocol":"json","version":${version}}` } as const;
    const { message, issues } = decodeHandshakeRequest(record);
    expect(message.kind).toBe("undecodable");
    expect(issues.map(({ code }) => code)).toEqual(["wrong-field-type", "handshake-malformed"]);
  });

  test.for([0, -1])("a version of %s is one that servers accept", (version) => {
    const text = `{"protocol":"json","version":${version}}`;
    expect(decodeHandshakeRequest({ kind: "text", text }).issues).toEqual([]);
  });

  test("any type property is refused in a response, as .NET does", () => {
    const { issues } = decodeHandshakeResponse({ kind: "text", text: '{"type":0}' });
    expect(issues).toEqual([{ code: "handshake-missing", field: "type" }]);
  });

  test("an error of null is malformed, as .NET has it", () => {
    const { message, issues } = decodeHandshakeResponse({ kind: "text", text: '{"error":null}' });
    expect(message).toEqual({ kind: "undecodable", value: { error: null } });
    expect(issues.map(({ code }) => code)).toEqual(["null-field", "handshake-malformed"]);
  });

  test("an error leaves the connection in its handshake phase", () => {
    const decoder = createConnectionDecoder();
    decoder.decode("out", { kind: "text", text: '{"protocol":"json","version":1}\u001e' });
    const [record] = decoder.decode("in", { kind: "text", text: '{"error":"no"}\u001e' });
    expect(record?.message).toEqual({ kind: "handshake-response", error: "no" });
    expect(decoder.phase).toBe("handshake");
  });
});
