/**
 * What a consumer does with every entry, in JavaScript, run as it stands in Node, in workers and in pages: a client and
 * a hub talk in memory, the session follows, bytes are decoded, an operation fails.
 */
import { HubscopeError } from "hubscope";
import { createHubClient } from "hubscope/client";
import { createHub, openSocketTo } from "hubscope/hub";
import { createSession, totals } from "hubscope/session";
import { createConnectionDecoder } from "hubscope/wire";

export async function converse(protocol) {
  const session = createSession();
  const hub = createHub({
    methods: {
      Add: (_call, a, b) => a + b,
      async *Count(_call, to) {
        for (let n = 1; n <= to; n++) yield n;
      },
      AskMyName: async (call) => `Hello, ${await call.ask("WhatIsYourName")}.`,
    },
  });
  const client = createHubClient({
    url: "https://demo.invalid/hubs/demo",
    protocol,
    skipNegotiation: true,
    report: (event) => session.apply(event),
    ports: { openSocket: openSocketTo(hub) },
  });
  client.on("WhatIsYourName", () => "Ada");
  await client.start();
  const sum = await client.invoke("Add", [2, 3]);
  const items = [];
  for await (const item of client.stream("Count", [3])) items.push(item);
  const greeting = await client.invoke("AskMyName", []);
  const missing = await client.invoke("Missing", []).catch((error) => error);
  await client.stop();

  const bytes = new Uint8Array([
    0x0d, 0x96, 1, 0x80, 0xc0, 0xa3, 0x41, 0x64, 0x64, 0x92, 42, 0xa1, 0x78, 0x90,
  ]);
  const [record] = createConnectionDecoder({ protocol: "messagepack", resumed: true }).decode("out", {
    kind: "binary",
    bytes,
  });
  return {
    protocol: session.connections[0].protocol.name,
    state: session.connections[0].state.kind,
    messages: totals(session).messages > 10,
    sum,
    items,
    greeting,
    failure: missing instanceof HubscopeError ? missing.code : String(missing),
    decoded: { target: record.message.target, arguments: record.message.arguments },
  };
}
