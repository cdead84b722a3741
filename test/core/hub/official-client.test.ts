import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type HubConnection,
  HubConnectionBuilder,
  JsonHubProtocol,
  LogLevel,
  Subject,
} from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { browserPorts } from "../../../core/src/client/browser-ports.ts";
import type { Hub } from "../../../core/src/hub/hub.ts";
import { negotiateAnswer } from "../../../core/src/hub/negotiate-answer.ts";
import type { Clock } from "../../../core/src/ports/clock.ts";
import { settle } from "../../support/fake-clock.ts";
import { rejection } from "../client/client-under-test.ts";
import { createCallsHub } from "./calls-hub.ts";

const clock: Clock = browserPorts.clock;

/** The hub behind real negotiate and real WebSockets on loopback. */
async function host(hub: Hub): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://host");
    const ids = {
      connectionId: randomBytes(16).toString("base64url"),
      connectionToken: randomBytes(16).toString("base64url"),
    };
    response.setHeader("content-type", "application/json");
    response.end(negotiateAnswer(searchParams, ids));
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (socket) => serve(hub, socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hub` };
}

function serve(hub: Hub, socket: WebSocket): void {
  const connection = hub.accept({
    send: (payload) => socket.send(payload),
    close: (code, reason) => socket.close(code, reason),
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
  });
  socket.on("message", (data: Buffer, isBinary) => {
    connection.receive({ type: "payload", payload: isBinary ? new Uint8Array(data) : data.toString("utf8") });
  });
  socket.on("close", (code, reason) => {
    connection.receive({ type: "closed", code, reason: reason.toString(), wasClean: code !== 1006 });
  });
}

describe.each(["json", "messagepack"] as const)(
  "the official client and our hub over loopback (%s)",
  (protocol) => {
    const { hub, seen } = createCallsHub({ clock, keepAliveInterval: 100 });
    let server: Server;
    let url: string;
    let client: HubConnection;
    let other: HubConnection;

    beforeAll(async () => {
      ({ server, url } = await host(hub));
      client = connectionTo(url);
      other = connectionTo(url);
      await Promise.all([client.start(), other.start()]);
    });
    afterAll(async () => {
      await Promise.all([client.stop(), other.stop()]);
      hub.stop();
      await new Promise((resolve) => server.close(resolve));
    });

    function connectionTo(address: string): HubConnection {
      const codec = protocol === "json" ? new JsonHubProtocol() : new MessagePackHubProtocol();
      return new HubConnectionBuilder()
        .withUrl(address)
        .withHubProtocol(codec)
        .configureLogging(LogLevel.None)
        .build();
    }

    test("connects over WebSockets and has a connection ID", () => {
      expect(client.connectionId).toMatch(/^[\w-]{22}$/);
      expect(hub.connections).toBe(2);
    });

    test("invokes, whatever the case, and gets null for no result", async () => {
      expect(await client.invoke("Add", 40, 2)).toBe(42);
      expect(await client.invoke("ADD", 1, 1)).toBe(2);
      expect(await client.invoke("Nothing")).toBeNull();
      expect(await client.invoke("Echo", { text: "é😀", list: [1, null, true] })).toEqual({
        text: "é😀",
        list: [1, null, true],
      });
    });

    test("is told errors in the words of ASP.NET Core", async () => {
      const texts = await Promise.all(
        [
          client.invoke("FailWithText", "no such room"),
          client.invoke("FailSecretly"),
          client.invoke("Missing"),
          client.invoke("Count", 1),
          collect(client, "Add", 1, 2),
          collect(client, "FailAfter", 1),
        ].map(async (call) => String(await rejection(call))),
      );
      expect(texts).toEqual([
        "Error: An unexpected error occurred invoking 'FailWithText' on the server. HubException: no such room",
        "Error: An unexpected error occurred invoking 'FailSecretly' on the server.",
        "Error: Failed to invoke 'Missing' due to an error on the server. HubException: Method does not exist.",
        "Error: The client attempted to invoke the streaming 'Count' method with a non-streaming invocation.",
        "Error: The client attempted to invoke the non-streaming 'Add' method with a streaming invocation.",
        "Error: An error occurred on the server while streaming results. HubException: the stream failed",
      ]);
    });

    test("reads streams to their end", async () => {
      expect(await collect(client, "Count", 200)).toEqual(Array.from({ length: 200 }, (_, item) => item));
    });

    test("cancels a stream that it does not want any more", async () => {
      await new Promise<void>((resolve) => {
        const subscription = client.stream("Forever", `official ${protocol}`).subscribe({
          next() {
            subscription.dispose();
            resolve();
          },
          error: () => undefined,
          complete: () => undefined,
        });
      });
      // The answer to a later call comes after the cancel was received.
      await settle();
      await client.invoke("Nothing");
      expect(seen.cancelled).toContain(`official ${protocol}`);
    });

    test("uploads one stream, and a stream that fails", async () => {
      const numbers = new Subject<number>();
      const sum = client.invoke("Sum", numbers);
      for (const number of [1, 2, 3]) numbers.next(number);
      numbers.complete();
      expect(await sum).toBe(6);

      const failing = new Subject<number>();
      const failed = rejection(client.invoke("Sum", failing));
      failing.next(1);
      failing.error(new Error("file unreadable"));
      expect(String(await failed)).toContain("HubException: file unreadable");
    });

    test("uploads two streams at once", async () => {
      // With an argument between them: the official client overlooks the second of two adjacent streams.
      const [left, right] = [new Subject<number>(), new Subject<number>()];
      const sums = client.invoke("SumTwo", left, "between", right);
      left.next(1);
      right.next(10);
      left.next(2);
      left.complete();
      right.next(20);
      right.complete();
      expect(await sums).toEqual([3, 30]);
    });

    test("uploads and reads a stream at the same time", async () => {
      const numbers = new Subject<number>();
      const doubled = collect(client, "Doubled", numbers);
      for (const number of [1, 2, 3]) numbers.next(number);
      numbers.complete();
      expect(await doubled).toEqual([2, 4, 6]);
    });

    test("answers when the hub asks it", async () => {
      client.on("Square", (value: number) => value ** 2);
      expect(await client.invoke("AskSquare", 12)).toBe("the square is 144");
      client.off("Square");
      expect(String(await rejection(client.invoke("AskSquare", 12)))).toContain(
        "HubException: Client didn't provide a result.",
      );
    });

    test("hears messages to all, to others and to its group", async () => {
      const heard: string[] = [];
      client.on("Said", (text: string) => void heard.push(`client: ${text}`));
      other.on("Said", (text: string) => void heard.push(`other: ${text}`));
      await client.invoke("SayToOthers", "others");
      await client.invoke("JoinRoom", "tea");
      await other.invoke("SayToRoom", "tea", "room");
      await client.send("SayToAll", "all");
      await client.invoke("Nothing");
      await other.invoke("Nothing");
      expect(heard.toSorted()).toEqual(["client: all", "client: room", "other: all", "other: others"]);
    });

    test("stays connected on the pings of the hub alone", async () => {
      const quiet = connectionTo(url);
      // Fifteen pings: a machine that stands still for a while must not pass for a hub that says nothing.
      quiet.serverTimeoutInMilliseconds = 1_500;
      const closed: unknown[] = [];
      quiet.onclose((error) => closed.push(error));
      await quiet.start();
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect(closed).toEqual([]);
      await quiet.stop();
    });

    test("is told why the hub ends its connection", async () => {
      const doomed = connectionTo(url);
      const closed = new Promise<unknown>((resolve) => doomed.onclose(resolve));
      await doomed.start();
      const call = rejection(doomed.invoke("Echo", "x".repeat(40_000)));
      expect(String(await closed)).toBe(
        "Error: Server returned an error on close: Connection closed with an error.",
      );
      await call;
      expect(await client.invoke("Add", 1, 1)).toBe(2);
    });
  },
);

function collect(client: HubConnection, target: string, ...args: readonly unknown[]): Promise<unknown[]> {
  const items: unknown[] = [];
  return new Promise((resolve, reject) => {
    client.stream(target, ...args).subscribe({
      next: (item) => items.push(item),
      error: reject,
      complete: () => resolve(items),
    });
  });
}
