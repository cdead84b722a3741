import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import type { HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import { createClientMethodsModel } from "../../../playground/client-methods/client-methods-model.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { createFakeHubClient } from "../fake-hub-client.ts";

function setUp() {
  const frames: (() => void)[] = [];
  const client = createFakeHubClient();
  const model = createClientMethodsModel({
    clock: createFakeClock(5_000),
    nextFrame: (action) => frames.push(action),
    protocol: signal<HubProtocolName>("json"),
  });
  const frame = () => {
    for (const action of frames.splice(0)) action();
  };
  return { model, client, frame, frames };
}

describe("what the server calls on the client", () => {
  test("is counted, and the last arguments are kept", () => {
    const { model, client, frame } = setUp();
    model.attach(client);
    model.subscribe("Tick");
    client.receive("tick", 1);
    client.receive("TICK", 2, "b");
    frame();
    expect(model.subscriptions.value).toEqual([
      { target: "Tick", count: 2, reply: "", last: { at: 5_000, arguments: [2, "b"] } },
    ]);
  });

  test("is shown once a frame, however much comes", () => {
    const { model, client, frames } = setUp();
    model.attach(client);
    model.subscribe("Tick");
    for (let tick = 0; tick < 1000; tick++) client.receive("Tick", tick);
    expect(frames).toHaveLength(1);
  });

  test("is answered with the reply as typed", () => {
    const { model, client } = setUp();
    model.attach(client);
    model.subscribe("WhatIsYourName", '"Grace"');
    expect(client.receive("WhatIsYourName")).toBe("Grace");
    model.setReply("whatisyourname", '{"first": "Ada"}');
    expect(client.receive("WhatIsYourName")).toEqual({ first: "Ada" });
    model.setReply("WhatIsYourName", "");
    expect(client.receive("WhatIsYourName")).toBeUndefined();
  });

  test("a reply that cannot be read is said, and fails the answer rather than sending something else", () => {
    const { model, client } = setUp();
    model.attach(client);
    model.subscribe("Ask");
    model.setReply("Ask", "{");
    expect(model.subscriptions.value[0]?.fault).toMatch(/never closed/);
    expect(() => client.receive("Ask")).toThrow(/reply cannot be used/);
    model.setReply("Ask", "1");
    expect(model.subscriptions.value[0]).not.toHaveProperty("fault");
  });

  test("subscribing twice, or to nothing, changes nothing", () => {
    const { model } = setUp();
    model.subscribe("Tick");
    model.subscribe(" TICK ");
    model.subscribe("  ");
    expect(model.subscriptions.value.map(({ target }) => target)).toEqual(["Tick"]);
  });

  test("is not heard after unsubscribing", () => {
    const { model, client, frame } = setUp();
    model.attach(client);
    model.subscribe("Tick", "1");
    model.unsubscribe("tick");
    expect(client.receive("Tick")).toBeUndefined();
    frame();
    expect(model.subscriptions.value).toEqual([]);
  });

  test("subscriptions outlive the client", () => {
    const { model, client, frame } = setUp();
    model.subscribe("Tick");
    model.attach(createFakeHubClient());
    model.attach(client);
    client.receive("Tick", 1);
    frame();
    expect(model.subscriptions.value[0]?.count).toBe(1);
  });
});
