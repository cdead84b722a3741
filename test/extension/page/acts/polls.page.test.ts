import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ActedPage, createActedClient, fault } from "../../../support/acted-client.ts";
import { dotNetSkipReason } from "../../../support/aspnetcore-server.ts";
import { until } from "../../../support/until.ts";

const END = "\u001e";
const LONG_POLLING = 4;
const reason = dotNetSkipReason();
const acted = createActedClient();
const { open, heard, complaints, completed, invoke, send, carrier, perform, breakThings, folded, recorded } =
  acted;

beforeAll(async () => {
  if (reason === undefined) await acted.start();
}, 400_000);
afterAll(acted.end);
afterEach(() => acted.hooked?.close());

describe.skipIf(reason !== undefined).for(["json", "messagepack"] as const)(
  "what the page receives by polls: %s",
  (protocol) => {
    const POLLS = LONG_POLLING;

    test("nothing active: calls and pushes come as ever, and each is recorded once", async () => {
      await open(POLLS, protocol);
      for (const text of ["one", "two", "three"]) expect(await invoke("EchoString", text)).toBe(text);
      await send("SayToCaller", "pushed");
      await until("the push", async () => (await heard()).includes("pushed"));
      await until("the record", () => recorded("Said").length === 1);
      expect(recorded("EchoString")).toEqual(
        Array.from({ length: 3 }, () => ["passed out", "passed in"]).flat(),
      );
      await acted.hooked.page.evaluate(() => (globalThis as unknown as ActedPage).connection.stop());
      await until("the end", () => folded().connections[0]?.state.kind === "ended");
      expect(folded().connections[0]?.state).toMatchObject({ how: "deleted", status: 202 });
      expect(await complaints()).toEqual([]);
    });

    test("drop, delay and reorder meet single records of a poll", async () => {
      await open(POLLS, protocol);
      await breakThings(fault("drop", "in", { target: "Said", carriers: [await carrier()] }));
      await invoke("SayToCaller", "lost");
      expect(await invoke("EchoString", "passes")).toBe("passes");
      expect(await heard()).toEqual([]);
      await breakThings(fault("delay", "in", { target: "Said" }));
      await invoke("SayToCaller", "late");
      expect(await invoke("EchoString", "in time")).toBe("in time");
      expect(await heard()).toEqual([]);
      await until("what was delayed", async () => (await heard()).includes("late"));
      await breakThings(fault("reorder", "in", { target: "Said", delay: 60_000 }));
      await send("SayToCaller", "one");
      await send("SayToCaller", "two");
      await until("both", async () => (await heard()).length === 3);
      expect(await heard()).toEqual(["late", "two", "one"]);
      await breakThings();
      expect(await invoke("EchoString", "as ever")).toBe("as ever");
      expect(recorded("Said")).toEqual(["dropped in", "delayed in", "reordered in", "passed in"]);
      expect(await complaints()).toEqual([]);
    });

    test("silence holds everything, and lets go of it in order", async () => {
      await open(POLLS, protocol);
      await breakThings({ id: "s", kind: "silence" });
      for (const text of ["one", "two", "three"]) await send("SayToCaller", text);
      await until("the record", () => recorded("Said").length === 3);
      expect(await heard()).toEqual([]);
      await acted.hooked.tell({ type: "undo-acts" });
      await until("all three", async () => (await heard()).length === 3);
      expect(await heard()).toEqual(["one", "two", "three"]);
      expect(await invoke("EchoString", "as ever")).toBe("as ever");
      expect(recorded("Said")).toEqual(["delayed in", "delayed in", "delayed in"]);
      expect(await complaints()).toEqual([]);
    });

    test("a page that stops while a message is held stops as ever", async () => {
      await open(POLLS, protocol);
      await breakThings({ id: "s", kind: "silence" });
      await send("SayToCaller", "held");
      await until("the record", () => recorded("Said").length === 1);
      await acted.hooked.page.evaluate(() => (globalThis as unknown as ActedPage).connection.stop());
      expect(await heard()).toEqual(["closed: undefined"]);
      expect(await complaints()).toEqual([]);
      await until("the end", () => folded().connections[0]?.state.kind === "ended");
    });

    test("cut: the waiting poll fails as a network does, the client comes back, and nobody is blamed", async () => {
      await open(POLLS, protocol);
      expect(await invoke("EchoString", "before")).toBe("before");
      const gone = await acted.hooked.page.evaluate(
        () => (globalThis as unknown as ActedPage).connection.connectionId,
      );
      expect(gone).not.toBe("");
      expect(await perform({ kind: "cut", carrier: await carrier() })).toBeUndefined();
      await until("the client is back", async () => (await heard()).includes("reconnected"));
      expect((await heard())[0]).toMatch(/^reconnecting: TypeError Failed to fetch/);
      expect(await invoke("EchoString", "after")).toBe("after");
      const [cut, next] = await until("two connections", () => {
        const { connections } = folded();
        return connections.length === 2 && connections;
      });
      expect(cut?.state).toMatchObject({ kind: "ended", how: "poll-broken", act: "cut" });
      expect(next?.state.kind).toBe("connected");
      expect(await perform({ kind: "close", carrier: await carrier(), code: 1000, reason: "" })).toContain(
        "no close codes",
      );
      await until("the server lets the first one go", async () => {
        const response = await fetch(`${acted.server.url}/control/connections`);
        return !(await response.text()).includes(`${gone}`);
      });
    });
  },
);

describe.skipIf(reason !== undefined)("what the user says over long polling", () => {
  const said = (text: string) => `{"type":1,"target":"Said","arguments":["me","${text}"]}${END}`;
  const simulate = async (text: string) =>
    perform({ kind: "simulate", carrier: await carrier(), payload: { kind: "text", text: said(text) } });

  test("simulate: the waiting poll is answered, and what the server answers it is the next one's", async () => {
    await open(LONG_POLLING);
    expect(await simulate("never said")).toBeUndefined();
    await until("the message", async () => (await heard()).includes("never said"));
    for (const text of ["one", "two"]) expect(await invoke("EchoString", text)).toBe(text);
    for (let at = 0; at < 20; at++) await simulate(`flood ${at}`);
    expect(await invoke("EchoString", "three")).toBe("three");
    await until("all of them", async () => (await heard()).length === 21);
    expect((await heard()).slice(1)).toEqual(Array.from({ length: 20 }, (_, at) => `flood ${at}`));
    expect(await complaints()).toEqual([]);
    await until("the record", () => recorded("Said").length === 21);
    expect(new Set(recorded("Said"))).toEqual(new Set(["simulated in"]));
    expect(recorded("EchoString")).toEqual(
      Array.from({ length: 3 }, () => ["passed out", "passed in"]).flat(),
    );
    expect(folded().connections[0]?.state.kind).toBe("connected");
  });

  test("simulate, then stop: the request that was left over is forgotten", async () => {
    await open(LONG_POLLING);
    await simulate("never said");
    await until("the message", async () => (await heard()).includes("never said"));
    await acted.hooked.page.evaluate(() => (globalThis as unknown as ActedPage).connection.stop());
    expect(await heard()).toEqual(["never said", "closed: undefined"]);
    await until("the end", () => folded().connections[0]?.state.kind === "ended");
    expect(folded().connections[0]?.state).toMatchObject({ how: "deleted" });
    expect(await simulate("too late")).toBeDefined();
    expect(await complaints()).toEqual([]);
  });

  test("send: the reply is recorded and kept from the page, alone in a poll or with others", async () => {
    await open(LONG_POLLING);
    const call = `{"type":1,"invocationId":"hubscope-1","target":"EchoString","arguments":["ours"]}${END}`;
    const push = `{"type":1,"target":"SayToCaller","arguments":["with it"]}${END}`;
    const payload = { kind: "text", text: `${call}${push}` } as const;
    expect(
      await perform({ kind: "send", carrier: await carrier(), payload, takesAnswers: true }),
    ).toBeUndefined();
    await until("what came with it", async () => (await heard()).includes("with it"));
    expect(await invoke("EchoString", "the page's own")).toBe("the page's own");
    expect(await completed()).toEqual(["0"]);
    expect(await complaints()).toEqual([]);
    await until("the record", () => recorded("EchoString").length === 4);
    expect(recorded("EchoString")).toEqual(["sent out", "passed in", "passed out", "passed in"]);
  });

  test("a poll that the page gives up while it waits behind one of ours ends at once, and nothing is lost", async () => {
    await open(LONG_POLLING);
    await simulate("never said");
    await until("the message", async () => (await heard()).includes("never said"));
    // A poll of the page's own making, at the address that the client polls: it takes the request over.
    await acted.hooked.page.evaluate(() => (globalThis as unknown as ActedPage).connection.stop());
    const address = await acted.hooked.page.evaluate(async () => {
      const answer = await fetch("/hubs/calls/negotiate?negotiateVersion=1", { method: "POST" });
      const { connectionToken } = (await answer.json()) as { connectionToken: string };
      const url = `/hubs/calls?id=${connectionToken}`;
      await (await fetch(url)).text();
      await fetch(url, { method: "POST", body: '{"protocol":"json","version":1}\u001e' });
      await (await fetch(url)).text();
      Object.assign(globalThis, { first: fetch(url).then((response) => response.text()) });
      return url;
    });
    await until("the poll", () =>
      acted.hooked.events.some((one) => one.type === "http-request" && one.url.endsWith(address)),
    );
    await simulate("first");
    const ended = await acted.hooked.page.evaluate(async (url) => {
      const first = await (globalThis as unknown as { first: Promise<string> }).first;
      const controller = new AbortController();
      const second = fetch(url, { signal: controller.signal }).then(
        () => "answered",
        (error: Error) => error.message,
      );
      controller.abort(new Error("given up"));
      const third = fetch(url).then((response) => response.text());
      const why = await second;
      await fetch(url, {
        method: "POST",
        body: '{"type":1,"invocationId":"7","target":"EchoString","arguments":["kept"]}\u001e',
      });
      return [first, why, await third];
    }, address);
    expect(ended).toEqual([said("first"), "given up", `{"type":3,"invocationId":"7","result":"kept"}${END}`]);
  });
});
