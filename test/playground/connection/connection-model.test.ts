import { describe, expect, test } from "vitest";
import type { HubClient } from "../../../core/src/client/hub-client.ts";
import { HubscopeError } from "../../../core/src/errors.ts";
import {
  type ConnectionTarget,
  createConnectionModel,
} from "../../../playground/connection/connection-model.ts";
import { createFakeClock, settle } from "../../support/fake-clock.ts";
import { createFakeHubClient, type FakeHubClient } from "../fake-hub-client.ts";

const target: ConnectionTarget = {
  url: "http://hub.test/hub",
  protocol: "json",
  skipNegotiation: false,
  withCredentials: true,
};

function setUp() {
  const clock = createFakeClock();
  const clients: FakeHubClient[] = [];
  const attached: HubClient[] = [];
  const model = createConnectionModel({
    clock,
    createClient: () => {
      const client = createFakeHubClient();
      clients.push(client);
      return client;
    },
    explain: async (_target, error) => ({ what: error instanceof Error ? error.message : "", next: "" }),
    onClient: (client) => attached.push(client),
    transport: "WebSockets",
  });
  const connect = async () => {
    void model.connect(target);
    await settle();
    const client = clients.at(-1);
    if (client === undefined) throw new Error("no client was created");
    return client;
  };
  return { clock, clients, attached, model, connect };
}

describe("a connection of the playground", () => {
  test("its phases are those of the client, with their times", async () => {
    const { clock, model, connect } = setUp();
    const client = await connect();
    client.enter({ kind: "negotiating" });
    await clock.advance(9);
    client.enter({ kind: "opening" });
    await clock.advance(4);
    client.enter({ kind: "handshaking" });
    await clock.advance(3);
    client.enter({ kind: "connected" });
    client.started();
    expect(model.steps.value.map(({ took }) => took)).toEqual([9, 4, 3]);
    expect(model.connectedAt.value).toBe(clock.now());
    expect(model.isConnected.value).toBe(true);
  });

  test("a start that fails is explained", async () => {
    const { model, connect } = setUp();
    const client = await connect();
    client.enter({ kind: "negotiating" });
    client.enter({ kind: "disconnected" });
    client.started(new Error("Nothing answered."));
    await settle();
    expect(model.failure.value?.what).toBe("Nothing answered.");
    expect(model.steps.value.at(-1)?.outcome).toBe("failed");
    expect(model.isInUse.value).toBe(false);
  });

  test("a connection that ends by itself is explained", async () => {
    const { model, connect } = setUp();
    const client = await connect();
    client.enter({ kind: "connected" });
    client.started();
    await settle();
    client.enter({ kind: "disconnected", error: new HubscopeError("connection-lost", "Lost.") });
    await settle();
    expect(model.failure.value?.what).toBe("Lost.");
  });

  test("disconnecting is no failure, even while connecting", async () => {
    const { model, connect } = setUp();
    const client = await connect();
    client.enter({ kind: "negotiating" });
    await model.disconnect();
    await settle();
    expect(model.failure.value).toBeUndefined();
    expect(model.isInUse.value).toBe(false);
    expect(client.calls).toEqual(["start", "stop"]);
  });

  test("a new connection takes the place of the old, and hears nothing of it", async () => {
    const { model, clients, attached, connect } = setUp();
    const old = await connect();
    old.enter({ kind: "connected" });
    const fresh = await connect();
    expect(old.calls).toContain("stop");
    fresh.enter({ kind: "negotiating" });
    old.enter({ kind: "disconnected", error: new HubscopeError("connection-lost", "Late.") });
    await settle();
    expect(model.state.value.kind).toBe("negotiating");
    expect(model.failure.value).toBeUndefined();
    expect(attached).toEqual(clients);
  });

  test("a failure is forgotten with the next attempt", async () => {
    const { model, connect } = setUp();
    const client = await connect();
    client.started(new Error("Nothing answered."));
    await settle();
    await connect();
    expect(model.failure.value).toBeUndefined();
  });
});
