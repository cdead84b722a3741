import type * as signalR from "@microsoft/signalr";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ActedPage, createActedClient, fault } from "../../../support/acted-client.ts";
import { dotNetSkipReason } from "../../../support/aspnetcore-server.ts";
import { until } from "../../../support/until.ts";

const SSE = 2;
const LONG_POLLING = 4;
const reason = dotNetSkipReason();
const acted = createActedClient();
const { open, heard, complaints, invoke, send, carrier, breakThings, folded, recorded, perform } = acted;

beforeAll(async () => {
  if (reason === undefined) await acted.start();
}, 400_000);
afterAll(acted.end);
afterEach(() => acted.hooked?.close());

const TRANSPORTS = [
  ["Server-Sent Events", SSE, "json"],
  ["long polling", LONG_POLLING, "json"],
  ["long polling", LONG_POLLING, "messagepack"],
] as const;

describe.skipIf(reason !== undefined).for(TRANSPORTS)(
  "what the page sends over %s, %i, %s",
  ([, transport, protocol]) => {
    test("drop: the page's send is done, the server never gets it, and what passes goes through", async () => {
      await open(transport, protocol);
      await breakThings(fault("drop", "out", { target: "SayToCaller", carriers: [await carrier()] }));
      await send("SayToCaller", "lost");
      expect(await invoke("EchoString", "a round trip later")).toBe("a round trip later");
      await breakThings();
      await send("SayToCaller", "found");
      await until("what is not dropped", async () => (await heard()).includes("found"));
      expect(await heard()).toEqual(["found"]);
      expect(await complaints()).toEqual([]);
      const calls = await until("the record", () => {
        const lines = recorded("SayToCaller");
        return lines.length === 2 && lines;
      });
      expect(calls).toEqual(["dropped out", "passed out"]);
      const [connection] = folded().connections;
      expect(connection?.state.kind).toBe("connected");
    });

    test("drop: of several messages in one body the others pass", async () => {
      await open(transport, protocol);
      await breakThings(fault("drop", "out", { target: "SayToCaller" }));
      // The official client has one POST under way, and puts what comes meanwhile into the next.
      const echoed = acted.hooked.page.evaluate(() => {
        const { connection } = globalThis as unknown as ActedPage;
        const first = connection.invoke("EchoString", "first");
        void connection.send("SayToCaller", "lost");
        const second = connection.invoke("EchoInt", 2);
        void connection.send("SayToCaller", "lost too");
        return Promise.all([first, second]);
      });
      expect(await echoed).toEqual(["first", 2]);
      const lines = await until("the record", () => {
        const entries = folded().log.flatMap((entry) =>
          entry.kind === "message" && entry.direction === "out" && entry.target !== undefined
            ? [`${entry.act ?? "passed"} ${entry.target}`]
            : [],
        );
        return entries.length === 4 && entries;
      });
      expect(lines).toEqual([
        "passed EchoString",
        "dropped SayToCaller",
        "passed EchoInt",
        "dropped SayToCaller",
      ]);
      expect(await heard()).toEqual([]);
      expect(await complaints()).toEqual([]);
    });

    test("delay: what is met goes out later, in order, and what is not overtakes it", async () => {
      await open(transport, protocol);
      await breakThings(fault("delay", "out", { target: "SayToCaller" }));
      for (const text of ["one", "two", "three"]) await send("SayToCaller", text);
      expect(await invoke("EchoString", "in time")).toBe("in time");
      expect(await heard()).toEqual([]);
      await until("all three", async () => (await heard()).length === 3);
      expect(await heard()).toEqual(["one", "two", "three"]);
      expect(recorded("SayToCaller")).toEqual(["delayed out", "delayed out", "delayed out"]);
      expect(await complaints()).toEqual([]);
    });

    test("reorder: a message goes out behind the next one", async () => {
      await open(transport, protocol);
      await breakThings(fault("reorder", "out", { delay: 60_000 }));
      await send("SayToCaller", "one");
      await send("SayToCaller", "two");
      await until("both", async () => (await heard()).length === 2);
      expect(await heard()).toEqual(["two", "one"]);
      expect(await complaints()).toEqual([]);
    });

    test("undone, everything held goes out at once, before what the page sends then", async () => {
      await open(transport, protocol);
      await breakThings(fault("delay", "out", { target: "SayToCaller", delay: 600_000 }));
      for (const text of ["one", "two"]) await send("SayToCaller", text);
      await acted.hooked.tell({ type: "undo-acts" });
      await send("SayToCaller", "three");
      await until("all three", async () => (await heard()).length === 3);
      expect(await heard()).toEqual(["one", "two", "three"]);
      expect(await complaints()).toEqual([]);
    });

    // Over SSE the client closes its stream as it stops: the server may forget the connection before what was held comes.
    if (transport === SSE) return;
    test("a page that stops has everything sent that it had sent", async () => {
      await open(transport, protocol);
      const other = await acted.chromium.open({ hook: "none" });
      await other.page.goto(`${acted.server.url}/calls.html`);
      const listening = other.page.evaluate(async () => {
        const page = globalThis as unknown as { connection: signalR.HubConnection; connected: Promise<void> };
        await page.connected;
        return new Promise((resolve) =>
          page.connection.on("Said", (_from: string, text: string) => resolve(text)),
        );
      });
      await until("the other page", () =>
        other.page.evaluate(() => (globalThis as unknown as ActedPage).connection.state === "Connected"),
      );
      await breakThings(fault("delay", "out", { target: "Say", delay: 600_000 }));
      await send("Say", "said before the stop");
      await acted.hooked.page.evaluate(() => (globalThis as unknown as ActedPage).connection.stop());
      expect(await listening).toBe("said before the stop");
      await other.close();
      expect(await complaints()).toEqual([]);
    });
  },
);

describe.skipIf(reason !== undefined)("what the page sends by XMLHttpRequest", () => {
  /** A connection of the page's own making, as clients before 5.0 have it: returns what its POSTs say. */
  const sends = (bodies: readonly string[]) =>
    acted.hooked.page.evaluate(async (texts) => {
      const ask = (method: string, url: string, body?: string) =>
        new Promise<string>((resolve) => {
          const xhr = new XMLHttpRequest();
          xhr.open(method, url);
          xhr.setRequestHeader("Content-Type", "text/plain;charset=UTF-8");
          xhr.onloadend = () => resolve(`${xhr.status} ${xhr.responseText}`);
          xhr.send(body ?? null);
        });
      const page = globalThis as unknown as { address?: string };
      if (page.address === undefined) {
        const negotiated = await ask("POST", "/hubs/calls/negotiate?negotiateVersion=1");
        const { connectionToken } = JSON.parse(negotiated.slice(4)) as { connectionToken: string };
        page.address = `/hubs/calls?id=${connectionToken}`;
        await ask("GET", page.address);
        await ask("POST", page.address, '{"protocol":"json","version":1}\u001e');
        await ask("GET", page.address);
      }
      const said: string[] = [];
      for (const text of texts) said.push(await ask("POST", page.address, text));
      said.push(await ask("GET", page.address));
      return said;
    }, bodies);

  test("is dropped and delayed by records, and the page gets its server's answers", async () => {
    await open(LONG_POLLING);
    await acted.hooked.page.evaluate(() => (globalThis as unknown as ActedPage).connection.stop());
    const call = (id: string, text: string) =>
      `{"type":1,"invocationId":"${id}","target":"EchoString","arguments":["${text}"]}\u001e`;
    const push = `{"type":1,"target":"SayToCaller","arguments":["met"]}\u001e`;
    const reply = (id: string, text: string) => `{"type":3,"invocationId":"${id}","result":"${text}"}\u001e`;
    await breakThings(fault("drop", "out", { target: "SayToCaller" }));
    expect(await sends([push, `${push}${call("1", "passes")}`])).toEqual([
      "200 ",
      "200 ",
      `200 ${reply("1", "passes")}`,
    ]);
    await breakThings(fault("reorder", "out", { target: "SayToCaller", delay: 600_000 }));
    const [first, second, poll] = await sends([push, call("2", "overtakes")]);
    expect([first, second]).toEqual(["200 ", "200 "]);
    expect(poll).toContain(reply("2", "overtakes"));
    await until("the record", () => recorded("SayToCaller").length === 3);
    expect(recorded("SayToCaller")).toEqual(["dropped out", "dropped out", "reordered out"]);
    const carrierOfPolls = acted.hooked.events.findLast(
      (one) => one.type === "http-request" && one.method === "GET",
    );
    const exchange = carrierOfPolls?.type === "http-request" ? carrierOfPolls.exchange : "";
    expect(await perform({ kind: "cut", carrier: exchange })).toContain("does not poll by fetch");
  });
});
