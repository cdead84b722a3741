import { afterEach, describe, expect, test } from "vitest";
import { browserPorts } from "../../../core/src/client/browser-ports.ts";
import { createHubClient } from "../../../core/src/client/create-hub-client.ts";
import type { HubClient } from "../../../core/src/client/hub-client.ts";
import { createHub } from "../../../core/src/hub/create-hub.ts";
import { openSocketTo } from "../../../core/src/hub/memory-socket.ts";
import type { HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import { JsonNumber, type WireValue } from "../../../core/src/wire/hub-message.ts";
import { clientMethods, hubMethods } from "../../../playground/demo-hub/catalogue.ts";
import { createDemoHub } from "../../../playground/demo-hub/create-demo-hub.ts";
import { parseArguments } from "../../../ui/arguments/parse-arguments.ts";
import { createFakeClock, settle } from "../../support/fake-clock.ts";

const clients: HubClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
});

function setUp(protocol: HubProtocolName = "json") {
  const clock = createFakeClock();
  const openSocket = openSocketTo(createHub(createDemoHub({ clock, random: () => 0.9 }), { clock }));
  const connect = async () => {
    const client = createHubClient({
      url: "http://demo.invalid/demo",
      protocol,
      skipNegotiation: true,
      ports: { ...browserPorts, clock, openSocket },
    });
    clients.push(client);
    const heard: WireValue[][] = [];
    for (const { target } of clientMethods) {
      client.on(target, (...args) => {
        heard.push([target, ...args]);
        return target === "WhatIsYourName" ? "Grace" : undefined;
      });
    }
    await client.start();
    return { client, heard };
  };
  return { clock, connect };
}

async function* uploadOf(...items: readonly WireValue[]): AsyncIterable<WireValue> {
  yield* items;
}

describe.for(["json", "messagepack"] as const)("the demo hub over %s", (protocol) => {
  test("chat reaches the members of a group and nobody else", async () => {
    const { clock, connect } = setUp(protocol);
    const [one, two, outsider] = [await connect(), await connect(), await connect()];
    expect(await one.client.invoke("Join", ["lobby"])).toEqual({
      group: "lobby",
      you: "guest 1",
      members: 2,
    });
    expect(await two.client.invoke("Join", ["lobby"])).toMatchObject({ you: "guest 2", members: 3 });
    await one.client.invoke("Say", ["lobby", "Hello you"]);
    await settle();
    const said = expect.stringMatching(/^\d{4}-.*Z$/);
    for (const { heard } of [one, two])
      expect(heard).toContainEqual(["Said", "lobby", "guest 1", "Hello you", said]);
    await clock.advance(1000);
    expect(two.heard).toContainEqual(["Said", "lobby", "Ada", "I have counted 2 words.", said]);
    await two.client.invoke("Leave", ["lobby"]);
    await one.client.invoke("Say", ["lobby", "Anyone?"]);
    await clock.advance(1000);
    expect(two.heard.flat()).not.toContain("Anyone?");
    expect(one.heard).toContainEqual(["Left", "lobby", "guest 2"]);
    expect(outsider.heard).toEqual([]);
  });

  test("a client that goes away is no member any more", async () => {
    const { connect } = setUp(protocol);
    const [one, two] = [await connect(), await connect()];
    await one.client.invoke("Join", ["lobby"]);
    await one.client.stop();
    await settle();
    expect(await two.client.invoke("Join", ["lobby"])).toMatchObject({ members: 2 });
  });

  test("a broadcast reaches everybody", async () => {
    const { connect } = setUp(protocol);
    const [one, two] = [await connect(), await connect()];
    await one.client.invoke("Broadcast", ["Lunch is ready"]);
    await settle();
    for (const { heard } of [one, two]) expect(heard).toEqual([["Announced", "guest 1", "Lunch is ready"]]);
  });

  test("prices come at the asked interval and end at the asked count", async () => {
    const { clock, connect } = setUp(protocol);
    const { client } = await connect();
    const prices: WireValue[] = [];
    const done = (async () => {
      for await (const price of client.stream("Prices", ["msft", 250, 3])) prices.push(price);
    })();
    await settle();
    expect(prices).toHaveLength(1);
    await clock.advance(250);
    expect(prices).toHaveLength(2);
    await clock.advance(250);
    await done;
    expect(prices).toHaveLength(3);
    expect(prices[2]).toMatchObject({
      symbol: "MSFT",
      price: expect.any(Number),
      change: expect.any(Number),
    });
  });

  test("prices end when the caller has enough", async () => {
    const { clock, connect } = setUp(protocol);
    const { client } = await connect();
    const before = clock.pending;
    for await (const _ of client.stream("Prices", ["MSFT", 50, 0])) break;
    await settle();
    expect(clock.pending).toBe(before);
  });

  test("an upload is summed", async () => {
    const { connect } = setUp(protocol);
    const { client } = await connect();
    const sum = client.invoke("Sum", [], { uploads: [uploadOf(1, 2, 3.5)] });
    expect(await sum).toEqual({ sum: 6.5, count: 3, mean: 6.5 / 3 });
    expect(await client.invoke("Sum", [], { uploads: [uploadOf()] })).toEqual({
      sum: 0,
      count: 0,
      mean: null,
    });
    await expect(client.invoke("Sum", [], { uploads: [uploadOf(1, "x")] })).rejects.toThrow(
      "Item 2 is not a number.",
    );
  });

  test("an error of the hub's own reaches the caller, any other keeps its text", async () => {
    const { connect } = setUp(protocol);
    const { client } = await connect();
    await expect(client.invoke("Fail", ["No such order."])).rejects.toThrow("HubException: No such order.");
    await expect(client.invoke("Crash", [])).rejects.toThrow("An unexpected error occurred invoking 'Crash'");
    await expect(client.invoke("Crash", [])).rejects.not.toThrow("secret");
  });

  test("a stream can break midway", async () => {
    const { clock, connect } = setUp(protocol);
    const { client } = await connect();
    const items: WireValue[] = [];
    const reading = (async () => {
      for await (const item of client.stream("Flaky", [2])) items.push(item);
    })();
    const broken = expect(reading).rejects.toThrow("The stream broke after 2 items");
    await clock.advance(2000);
    await broken;
    expect(items).toEqual([1, 2]);
  });

  test("the hub asks the client for a result", async () => {
    const { connect } = setUp(protocol);
    const { client } = await connect();
    expect(await client.invoke("AskMyName", [])).toBe("Hello, Grace.");
  });

  test("a slow answer comes when its time has come", async () => {
    const { clock, connect } = setUp(protocol);
    const { client } = await connect();
    const answer = client.invoke("Slow", [1500]);
    await clock.advance(1500);
    expect(await answer).toBe("waited 1500 ms");
    await expect(client.invoke("Slow", [-1])).rejects.toThrow("milliseconds is a number from 0 to 60000.");
  });

  test("integers keep every digit", async () => {
    const { connect } = setUp(protocol);
    const { client } = await connect();
    const typed = parseArguments("9007199254740993, 2", protocol);
    if (typed.kind === "faulty") throw new Error(typed.message);
    const exact = (digits: string) => (protocol === "json" ? new JsonNumber(digits) : BigInt(digits));
    expect(await client.invoke("Echo", typed.arguments)).toEqual(exact("9007199254740993"));
    expect(await client.invoke("Add", typed.arguments)).toEqual(exact("9007199254740995"));
    expect(await client.invoke("Add", [0.5, 1])).toBe(1.5);
    await expect(client.invoke("Add", ["a", 1])).rejects.toThrow("Add takes two numbers.");
  });
});

describe("the catalogue of the demo hub", () => {
  test("names every method, and no other", () => {
    const methods = Object.keys(createDemoHub({ clock: createFakeClock() }).methods);
    expect(hubMethods.map(({ target }) => target).sort()).toEqual(methods.sort());
  });

  test.for(hubMethods.map((method) => [method.target, method] as const))(
    "the example of %s does what is said of it",
    async ([, { target, kind, example }]) => {
      const { clock, connect } = setUp();
      const { client } = await connect();
      const typed = parseArguments(example, "json");
      if (typed.kind === "faulty") throw new Error(typed.message);
      const options = { uploads: typed.uploads.map((items) => uploadOf(...items)) };
      if (kind === "stream") {
        for await (const item of client.stream(target, typed.arguments, options)) {
          expect(item).toBeDefined();
          break;
        }
        return;
      }
      const outcome = client.invoke(target, typed.arguments, options);
      if (target === "Fail" || target === "Crash") return void (await expect(outcome).rejects.toThrow());
      await clock.advance(2000);
      await outcome;
    },
  );
});
