import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isBlazorCall, isBlazorUrl } from "../../../../core/src/wire/blazorpack/detect.ts";
import { BLAZOR_METHODS } from "../../../../core/src/wire/blazorpack/hub-signatures.ts";
import { createConnectionDecoder } from "../../../../core/src/wire/connection-decoder.ts";
import { messagePackCodec } from "../../../../core/src/wire/messagepack/codec.ts";
import type { Direction, Payload } from "../../../../core/src/wire/payload.ts";
import { blazorMessages } from "../../../support/blazor-recording.ts";

const call = (target: string) => ({ kind: "invocation", target, arguments: [] }) as const;
const wire = (target: string): Payload => {
  const written = messagePackCodec.encode(call(target));
  return typeof written === "string" ? { kind: "text", text: written } : { kind: "binary", bytes: written };
};
const PING: Payload = { kind: "binary", bytes: new Uint8Array([0x02, 0x91, 0x06]) };

/** Any hub may have these. */
const COMMON = ["OnLocationChanged", "OnLocationChanging", "ReceiveByteArray"];

describe("calls", () => {
  test("every method of the table is known by its name in its own direction, but for names that any hub may have", () => {
    for (const { target, sender } of BLAZOR_METHODS) {
      const own: Direction = sender === "client" ? "out" : "in";
      const other: Direction = sender === "client" ? "in" : "out";
      expect(isBlazorCall(own, call(target)), target).toBe(!COMMON.includes(target));
      expect(isBlazorCall(own, call(target.toLowerCase())), target).toBe(!COMMON.includes(target));
      expect(isBlazorCall(other, call(target)), target).toBe(false);
    }
  });

  test("nothing else is", () => {
    for (const target of ["StartCircuitBreaker", "RenderBatch", "JS.Anything", "js", "Send", ""]) {
      expect(isBlazorCall("out", call(target))).toBe(false);
      expect(isBlazorCall("in", call(target))).toBe(false);
    }
    expect(isBlazorCall("in", { kind: "ping" })).toBe(false);
  });
});

test("the address of Blazor's hub ends in /_blazor, at any base and in any case", () => {
  for (const url of ["ws://a/_blazor", "wss://a/base/_Blazor?id=1", "https://a/_blazor/#x"]) {
    expect(isBlazorUrl(url), url).toBe(true);
  }
  for (const url of ["ws://a/_blazor/negotiate", "ws://a/x_blazor", "ws://a/?x=/_blazor", ""]) {
    expect(isBlazorUrl(url), url).toBe(false);
  }
});

describe("a socket without handshake", () => {
  test.for<readonly [Direction, string]>([
    ["in", "JS.RenderBatch"],
    ["in", "JS.BeginInvokeJS"],
    ["out", "OnRenderCompleted"],
    ["out", "BeginInvokeDotNetFromJS"],
    ["out", "EndInvokeJSFromDotNet"],
    ["out", "UpdateRootComponents"],
  ])("is Blazor's from the first %s %s on, and says so there", ([direction, target]) => {
    const decoder = createConnectionDecoder();
    expect(decoder.decode("in", PING)[0]?.issues).toEqual([
      { code: "protocol-guessed", detail: "messagepack" },
    ]);
    expect(decoder.protocol?.name).toBe("messagepack");
    expect(decoder.decode(direction, wire(target))[0]?.issues).toEqual([
      { code: "protocol-guessed", detail: "blazorpack" },
    ]);
    expect(decoder.protocol).toEqual({ name: "blazorpack", guessed: true });
    expect(decoder.decode(direction, wire(target))[0]?.issues).toEqual([]);
  });

  test("says it once where the telling call is in the first payload, behind a ping", () => {
    const decoder = createConnectionDecoder();
    const batch = wire("JS.RenderBatch");
    if (batch.kind !== "binary") throw new Error("MessagePack is binary.");
    const bytes = new Uint8Array([0x02, 0x91, 0x06, ...batch.bytes]);
    const records = decoder.decode("in", { kind: "binary", bytes });
    expect(records.map(({ issues }) => issues)).toEqual([
      [{ code: "protocol-guessed", detail: "blazorpack" }],
      [],
    ]);
  });

  test("is Blazor's from the first byte at Blazor's address, unless it speaks JSON", () => {
    const binary = createConnectionDecoder({ isBlazorAddress: true });
    binary.decode("in", PING);
    expect(binary.protocol).toEqual({ name: "blazorpack", guessed: true });
    const text = createConnectionDecoder({ isBlazorAddress: true });
    text.decode("in", { kind: "text", text: '{"type":6}\u001e' });
    expect(text.protocol).toEqual({ name: "json", guessed: true });
  });

  test("stays MessagePack where another hub has methods of the same names", () => {
    const decoder = createConnectionDecoder();
    decoder.decode("out", wire("OnLocationChanged"));
    decoder.decode("in", wire("StartCircuit"));
    expect(decoder.protocol).toEqual({ name: "messagepack", guessed: true });
  });

  test("stays what the user or the handshake says", () => {
    const chosen = createConnectionDecoder({ protocol: "messagepack", isChosen: true, resumed: true });
    chosen.decode("in", wire("JS.RenderBatch"));
    expect(chosen.protocol?.name).toBe("messagepack");
    const told = createConnectionDecoder({ isBlazorAddress: true });
    told.decode("out", { kind: "text", text: '{"protocol":"messagepack","version":1}\u001e' });
    told.decode("in", { kind: "text", text: "{}\u001e" });
    told.decode("in", wire("JS.RenderBatch"));
    expect(told.protocol).toEqual({ name: "messagepack", version: 1, guessed: false });
  });
});

const FOLDER = new URL("../../../captures/blazor/", import.meta.url);

describe.for(readdirSync(FOLDER).filter((file) => file.endsWith(".ndjson")))("%s joined late", (name) => {
  const messages = blazorMessages(readFileSync(new URL(name, FOLDER), "utf8"));

  test("in either direction alone it is known to be Blazor's, with the same messages", () => {
    for (const only of ["in", "out"] as const) {
      const late = messages.filter(
        ({ direction, message }) => direction === only && !message.kind.startsWith("handshake"),
      );
      const decoder = createConnectionDecoder();
      const read = late.flatMap(({ record }) => {
        const { raw } = record;
        if (raw.kind !== "binary") return [];
        const bytes = new Uint8Array([...lengthPrefix(raw.bytes.length), ...raw.bytes]);
        return decoder.decode(only, { kind: "binary", bytes });
      });
      expect(decoder.protocol, only).toEqual({ name: "blazorpack", guessed: true });
      expect(read.map(({ message }) => message)).toEqual(late.map(({ message }) => message));
    }
  });
});

function lengthPrefix(length: number): readonly number[] {
  const prefix: number[] = [];
  let left = length;
  for (; left >= 0x80; left = Math.floor(left / 128)) prefix.push((left % 128) | 0x80);
  return [...prefix, left];
}
