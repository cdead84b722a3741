import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  type AspNetCoreServer,
  dotNetSkipReason,
  startAspNetCoreServer,
} from "../support/aspnetcore-server.ts";

interface Vector {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  /** Hex of the array of arguments. */
  readonly arguments: string;
  /** Hex of the result's value. */
  readonly wire: string;
}

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/aspnetcore-messagepack-values.json", import.meta.url), "utf8"),
) as readonly Vector[];
const BUILD_AND_START_MS = 400_000;

describe.skipIf(dotNetSkipReason() !== undefined)("the MessagePack of the ASP.NET Core server", () => {
  let server: AspNetCoreServer;
  let socket: WebSocket;
  const arrived: Buffer[] = [];
  const waiting: ((frame: Buffer) => void)[] = [];

  beforeAll(async () => {
    server = await startAspNetCoreServer();
    socket = new WebSocket(`${server.url.replace("http", "ws")}/hubs/calls`);
    socket.on("message", (data: Buffer) => {
      for (const frame of framesOf(data)) {
        const taker = waiting.shift();
        if (taker === undefined) arrived.push(frame);
        else taker(frame);
      }
    });
    await new Promise((resolve) => socket.once("open", resolve));
    socket.send('{"protocol":"messagepack","version":1}\u001e');
    // The handshake's answer, {} and a record separator, is taken for a frame here: its first byte is 123.
    await new Promise((resolve) => socket.once("message", resolve));
    arrived.length = 0;
  }, BUILD_AND_START_MS);
  afterAll(async () => {
    socket?.terminate();
    await server?.stop();
  });

  function nextFrame(): Promise<Buffer> {
    const frame = arrived.shift();
    return frame === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(frame);
  }

  /** Sends the hex body as one frame and returns the hex body of the next frame. */
  async function exchange(...hex: string[]): Promise<string> {
    const body = Buffer.from(hex.join("").replaceAll(" ", ""), "hex");
    socket.send(Buffer.concat([prefixOf(body.length), body]));
    return (await nextFrame()).toString("hex");
  }

  test.for(vectors.map((vector) => [vector.name, vector] as const))(
    "%s gives the bytes that Microsoft's implementation gave",
    async ([, { target, arguments: args, wire }]) => {
      expect(await exchange("95 01 80 a178", str(target), args)).toBe(`950380a17803${wire}`);
    },
  );

  test("a value that is declared as object keeps the width of its type", async () => {
    const numbers = ["cc03", "d200000001", "d30000000000000002", "cf0000000000000003", "d1ffff"];
    const others = ["a474657874", "cb3ff8000000000000", "ca40200000", "c3", "c0", "91d200000001"];
    expect(await exchange("95 01 80 a178", str("EdgeDeclaredAsObject"), "90")).toBe(
      `950380a178039b${[...numbers, ...others].join("")}`,
    );
  });

  test("an invocation may carry headers, a sixth item, wide integers and further items", async () => {
    const headers = ["82", str("traceparent"), str("00-1"), str("k"), str("v")].join("");
    const args = "92 d30000000000000028 ce00000002";
    expect(await exchange("98 01", headers, "a178", str("Add"), args, "90", str("extra"), "c0")).toBe(
      "950380a178032a",
    );
  });

  test("an enum is a name: a number is refused, and the call is answered", async () => {
    const answer = await exchange("95 01 80 a178", str("EchoEnum"), "9107");
    expect(answer.startsWith("950380a17801")).toBe(true);
    expect(Buffer.from(answer, "hex").toString("latin1")).toContain(
      "InvalidDataException: Error binding arguments.",
    );
    expect(await exchange("95 01 80 a178", str("EchoEnum"), "91", str("Monday"))).toBe(
      `950380a17803${str("Monday")}`,
    );
  });

  test("a member in the wrong case is skipped", async () => {
    const answer = await exchange("95 01 80 a178", str("EchoOrder"), "91 81", str("id"), "09");
    expect(answer).toContain(`${str("Id")}00${str("Customer")}a0`);
  });

  test("nesting without end is refused, and the connection lives on", async () => {
    const answer = await exchange("95 01 80 a178", str("EchoAny"), "91", "91".repeat(200), "c0");
    expect(answer.startsWith("950380a17801")).toBe(true);
    expect(await exchange("95 01 80 a178", str("EchoInt"), "9105")).toBe("950380a1780305");
  });

  test("a length that the frame cannot hold is refused, and the connection lives on", async () => {
    const answer = await exchange("95 01 80 a178", str("EchoList"), "91 dd ffffffff");
    expect(answer.startsWith("950380a17801")).toBe(true);
    expect(await exchange("95 01 80 a178", str("EchoInt"), "9105")).toBe("950380a1780305");
  });

  test("a stream item and a cancel of nobody's id change nothing", async () => {
    socket.send(Buffer.concat([frame(`940280${str("nobody")}01`), frame(`930580${str("nobody")}`)]));
    expect(await exchange("95 01 80 a178", str("EchoInt"), "9106")).toBe("950380a1780306");
  });

  test("a frame may be cut anywhere, and several may share a message", async () => {
    const one = frame(`950180a178${str("EchoInt")}9107`);
    for (const byte of one) socket.send(Buffer.of(byte));
    expect((await nextFrame()).toString("hex")).toBe("950380a1780307");
    socket.send(Buffer.concat([one, frame("9106"), one]));
    expect((await nextFrame()).toString("hex")).toBe("950380a1780307");
    expect((await nextFrame()).toString("hex")).toBe("950380a1780307");
  });

  // The last test: it ends the connection.
  test("an envelope that cannot be read ends the connection with the framework's Close", async () => {
    const answer = await exchange("95 01 c0 a178", str("EchoInt"), "9101");
    const text =
      "Connection closed with an error. InvalidDataException: Reading map length for 'headers' failed.";
    expect(answer).toBe(`9307${str(text)}c3`);
  });
});

function str(text: string): string {
  const bytes = Buffer.from(text);
  const head = bytes.length < 32 ? Buffer.of(0xa0 | bytes.length) : Buffer.of(0xd9, bytes.length);
  return Buffer.concat([head, bytes]).toString("hex");
}

function frame(hex: string): Buffer {
  const body = Buffer.from(hex, "hex");
  return Buffer.concat([prefixOf(body.length), body]);
}

function prefixOf(length: number): Buffer {
  return length < 128 ? Buffer.of(length) : Buffer.of((length & 0x7f) | 0x80, length >> 7);
}

function framesOf(data: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < data.length; ) {
    const low = data[at] ?? 0;
    const [length, used] = low < 0x80 ? [low, 1] : [(low & 0x7f) | ((data[at + 1] ?? 0) << 7), 2];
    frames.push(data.subarray(at + used, at + used + length));
    at += used + length;
  }
  return frames;
}
