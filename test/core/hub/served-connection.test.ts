import { describe, expect, test } from "vitest";
import { createHub } from "../../../core/src/hub/create-hub.ts";
import type { AcceptedConnection, Hub, HubDefinition, HubOptions } from "../../../core/src/hub/hub.ts";
import { createFakeClock, type FakeClock, settle } from "../../support/fake-clock.ts";
import { createCallsHub } from "./calls-hub.ts";

const HANDSHAKE = '{"protocol":"json","version":1}\u001e';
const PING = '{"type":6}\u001e';
const CLOSED_WITH_ERROR = '{"type":7,"error":"Connection closed with an error.","allowReconnect":true}\u001e';

/** A client that a test plays by hand. */
interface RawClient {
  readonly connection: AcceptedConnection;
  readonly sent: (string | Uint8Array)[];
  readonly closed: (number | undefined)[];
  say(...payloads: readonly (string | Uint8Array<ArrayBuffer>)[]): Promise<void>;
}

function rawClientOf(hub: Hub): RawClient {
  const sent: (string | Uint8Array)[] = [];
  const closed: (number | undefined)[] = [];
  const connection = hub.accept({
    send: (payload) => void sent.push(payload),
    close: (code) => void closed.push(code),
  });
  return {
    connection,
    sent,
    closed,
    async say(...payloads) {
      for (const payload of payloads) connection.receive({ type: "payload", payload });
      await settle();
    },
  };
}

function hubWithClock(options: HubOptions = {}): {
  readonly clock: FakeClock;
  readonly client: RawClient;
  readonly hub: Hub;
} {
  const clock = createFakeClock();
  const { hub } = createCallsHub({ clock, ...options });
  return { clock, hub, client: rawClientOf(hub) };
}

describe("the handshake of a hub", () => {
  test.for([
    [HANDSHAKE, "{}\u001e"],
    ['{"version":2,"protocol":"JSON","more":[]}\u001e', "{}\u001e"],
    ['{"protocol":"json","version":-7}\u001e', "{}\u001e"],
    [
      '{"protocol":"json","version":3}\u001e',
      `{"error":"The server does not support version 3 of the 'json' protocol."}\u001e`,
    ],
    [
      '{"protocol":"blazorpack","version":1}\u001e',
      `{"error":"The protocol 'blazorpack' is not supported."}\u001e`,
    ],
    [
      '{"protocol":"constructor","version":1}\u001e',
      `{"error":"The protocol 'constructor' is not supported."}\u001e`,
    ],
    [
      '{"protocol":"json"}\u001e',
      '{"error":"An unexpected error occurred during connection handshake."}\u001e',
    ],
    ["hello\u001e", '{"error":"An unexpected error occurred during connection handshake."}\u001e'],
    [PING, '{"error":"An unexpected error occurred during connection handshake."}\u001e'],
  ] as const)("answers %j with %j", async ([request, response]) => {
    const { client, hub } = hubWithClock();
    await client.say(request);
    expect(client.sent).toEqual([response]);
    const succeeded = response === "{}\u001e";
    expect(client.closed).toEqual(succeeded ? [] : [1000]);
    expect(hub.connections).toBe(succeeded ? 1 : 0);
  });

  test("answers MessagePack in binary, and refuses in text", async () => {
    const accepted = hubWithClock().client;
    await accepted.say('{"protocol":"messagepack","version":1}\u001e');
    expect(accepted.sent).toEqual([new Uint8Array([0x7b, 0x7d, 0x1e])]);
    const refused = hubWithClock().client;
    await refused.say('{"protocol":"messagepack","version":9}\u001e');
    expect(refused.sent).toEqual([expect.any(String)]);
  });

  test("is cancelled after 15 seconds, and at once where the request is too large", async () => {
    const late = hubWithClock();
    await late.clock.advance(15_000);
    const large = hubWithClock();
    await large.client.say("x".repeat(40_000));
    for (const { client, clock } of [late, large]) {
      expect(client.sent).toEqual(['{"error":"Handshake was canceled."}\u001e']);
      expect(client.closed).toEqual([1000]);
      expect(clock.pending).toBe(0);
    }
  });

  test("may be cut anywhere, and may have messages behind it", async () => {
    const { client } = hubWithClock();
    const all = `${HANDSHAKE}{"type":1,"invocationId":"1","target":"Add","arguments":[1,2]}\u001e`;
    await client.say(...all);
    expect(client.sent).toEqual(["{}\u001e", '{"type":3,"invocationId":"1","result":3}\u001e']);
  });
});

describe("the liveness of a hub", () => {
  test("it pings every 15 seconds, whatever else it sends", async () => {
    const { client, clock } = hubWithClock();
    await client.say(HANDSHAKE);
    await clock.advance(45_000);
    expect(client.sent.filter((payload) => payload === PING)).toHaveLength(3);
  });

  test("a client that has pinged once is given up after 30 silent seconds, one that never pings is not", async () => {
    const silent = hubWithClock();
    await silent.client.say(HANDSHAKE);
    await silent.clock.advance(600_000);
    expect(silent.client.closed).toEqual([]);

    const { client, clock } = hubWithClock();
    await client.say(HANDSHAKE, PING);
    await clock.advance(29_000);
    await client.say('{"type":1,"target":"Nothing","arguments":[]}\u001e');
    await clock.advance(29_999);
    expect(client.closed).toEqual([]);
    await clock.advance(1);
    expect(client.sent.at(-1)).toBe(CLOSED_WITH_ERROR);
    expect(client.closed).toEqual([1000]);
    expect(clock.pending).toBe(0);
  });
});

describe("a hub and a client that misbehaves", () => {
  test.for([
    ["what is no message", "nonsense\u001e"],
    [
      "a null where ASP.NET Core takes none",
      '{"type":1,"invocationId":null,"target":"Add","arguments":[]}\u001e',
    ],
    ["a record over 32 KB", `{"type":1,"target":"Echo","arguments":["${"x".repeat(32_768)}"]}\u001e`],
    ["a record over 32 KB that has no end", "x".repeat(32_769)],
  ] as const)("%s ends the connection with an error", async ([, payload]) => {
    const { client, hub } = hubWithClock();
    await client.say(HANDSHAKE, payload);
    expect(client.sent.at(-1)).toBe(CLOSED_WITH_ERROR);
    expect(client.closed).toEqual([1000]);
    expect(hub.connections).toBe(0);
  });

  test("a record of exactly 32,768 bytes passes", async () => {
    const { client } = hubWithClock();
    const start = '{"type":1,"target":"Echo","arguments":["';
    await client.say(HANDSHAKE, `${start}${"x".repeat(32_768 - start.length - 4)}"]}\u001e`);
    expect(client.closed).toEqual([]);
  });

  test("detailed errors say more", async () => {
    const { client } = hubWithClock({ detailedErrors: true });
    await client.say(HANDSHAKE, '{"type":1,"invocationId":"1","target":"FailSecretly","arguments":[]}\u001e');
    await client.say("x\u001e");
    expect(client.sent[1]).toContain(
      "invoking 'FailSecretly' on the server. RangeError: the password is 1234",
    );
    expect(client.sent[2]).toContain("Connection closed with an error. InvalidDataException: ");
  });

  test("ids that nobody knows are ignored", async () => {
    const { client } = hubWithClock();
    await client.say(
      HANDSHAKE,
      '{"type":2,"invocationId":"9","item":1}\u001e{"type":3,"invocationId":"9"}\u001e{"type":5,"invocationId":"9"}\u001e',
      '{"type":8,"sequenceId":1}\u001e{"type":9,"sequenceId":1}\u001e',
    );
    expect(client.sent).toEqual(["{}\u001e"]);
    expect(client.closed).toEqual([]);
  });

  test("a second stream with a live ID is refused, and the first goes on", async () => {
    const { client } = hubWithClock();
    const open = '{"type":4,"invocationId":"1","target":"Forever","arguments":["x"]}\u001e';
    await client.say(HANDSHAKE, open, open);
    await client.say('{"type":5,"invocationId":"1"}\u001e');
    expect(client.sent.slice(1)).toEqual([
      `{"type":3,"invocationId":"1","error":"Invocation ID '1' is already in use."}\u001e`,
      '{"type":2,"invocationId":"1","item":"started"}\u001e',
      '{"type":3,"invocationId":"1"}\u001e',
    ]);
  });

  test("a socket that throws on every send hurts nobody else", async () => {
    const { hub } = createCallsHub();
    const broken = hub.accept({
      send() {
        throw new Error("broken pipe");
      },
      close() {
        throw new Error("broken pipe");
      },
    });
    broken.receive({ type: "payload", payload: HANDSHAKE });
    const client = rawClientOf(hub);
    await client.say(HANDSHAKE, '{"type":1,"target":"SayToAll","arguments":["hello"]}\u001e');
    expect(client.sent.at(-1)).toBe('{"type":1,"target":"Said","arguments":["hello"]}\u001e');
  });

  test("a client that does not read is let go once 64 MiB wait for it", async () => {
    const { hub } = createCallsHub();
    const closed: unknown[] = [];
    const slow = hub.accept({
      send: () => undefined,
      close: (code) => closed.push(code),
      bufferedAmount: 65 * 1024 * 1024,
    });
    slow.receive({ type: "payload", payload: HANDSHAKE });
    await settle();
    expect(closed).toEqual([1000]);
    expect(hub.connections).toBe(0);
  });

  test("random bytes neither throw nor leave anything behind", async () => {
    const { hub } = createCallsHub();
    let state = 7;
    const next = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    };
    for (let round = 0; round < 300; round++) {
      const client = rawClientOf(hub);
      const start = [HANDSHAKE, '{"protocol":"messagepack","version":1}\u001e', ""][round % 3] ?? "";
      const noise = Array.from({ length: 8 }, () => Uint8Array.from({ length: next() % 40 }, next));
      await client.say(start, ...noise);
      client.connection.receive({ type: "closed", code: 1006, reason: "", wasClean: false });
    }
    expect(hub.connections).toBe(0);
  });
});

describe("the life of a connection", () => {
  test("messages wait until onConnected has returned", async () => {
    const order: string[] = [];
    let admit: () => void = () => undefined;
    const definition: HubDefinition = {
      methods: { Call: () => void order.push("call") },
      async onConnected() {
        order.push("connecting");
        await new Promise<void>((resolve) => (admit = resolve));
        order.push("connected");
      },
    };
    const client = rawClientOf(createHub(definition));
    await client.say(HANDSHAKE, '{"type":1,"target":"call","arguments":[]}\u001e');
    expect(order).toEqual(["connecting"]);
    admit();
    await settle();
    expect(order).toEqual(["connecting", "connected", "call"]);
  });

  test("onConnected may ask the client", async () => {
    const answers: unknown[] = [];
    const client = rawClientOf(
      createHub({ methods: {}, onConnected: async (call) => void answers.push(await call.ask("Name")) }),
    );
    await client.say(HANDSHAKE);
    expect(client.sent.at(-1)).toBe('{"type":1,"invocationId":"s1","target":"Name","arguments":[]}\u001e');
    await client.say('{"type":3,"invocationId":"s1","result":"Ada"}\u001e');
    expect(answers).toEqual(["Ada"]);
  });

  test("a failing onConnected ends the connection after a good handshake, without leave to reconnect", async () => {
    const faults: unknown[] = [];
    const definition: HubDefinition = {
      methods: {},
      onConnected() {
        throw new Error("closed on Sundays");
      },
    };
    const client = rawClientOf(createHub(definition, { onFault: (error) => faults.push(error) }));
    await client.say(HANDSHAKE);
    expect(client.sent).toEqual(["{}\u001e", '{"type":7,"error":"Connection closed with an error."}\u001e']);
    expect(faults).toEqual([new Error("closed on Sundays")]);
  });

  test("a Close of the client is answered by one", async () => {
    const { client, hub } = hubWithClock();
    await client.say(HANDSHAKE, '{"type":7}\u001e');
    expect(client.sent).toEqual(["{}\u001e", '{"type":7}\u001e']);
    expect(client.closed).toEqual([1000]);
    expect(hub.connections).toBe(0);
  });

  test("when the client goes, streams, uploads and asks of its methods end", async () => {
    const ended: string[] = [];
    const definition: HubDefinition = {
      methods: {
        async *Stream(call) {
          await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
          ended.push("stream");
        },
        async Upload(call) {
          for await (const _ of call.uploads[0] ?? []);
        },
        Ask: (call) => call.ask("Never"),
      },
    };
    const faults: string[] = [];
    const client = rawClientOf(createHub(definition, { onFault: (error) => faults.push(String(error)) }));
    await client.say(
      HANDSHAKE,
      '{"type":4,"invocationId":"1","target":"Stream","arguments":[]}\u001e',
      '{"type":1,"invocationId":"2","target":"Upload","arguments":[],"streamIds":["u"]}\u001e',
      '{"type":1,"invocationId":"3","target":"Ask","arguments":[]}\u001e',
    );
    const before = client.sent.length;
    client.connection.receive({ type: "closed", code: 1006, reason: "", wasClean: false });
    await settle();
    expect(ended).toEqual(["stream"]);
    expect(faults).toEqual(["Error: The client has gone.", "Error: The client has gone."]);
    expect(client.sent).toHaveLength(before);
  });

  test("an upload ends with its method, for whoever still reads it", async () => {
    const reading: Promise<unknown>[] = [];
    const definition: HubDefinition = {
      methods: {
        Leave(call) {
          const iterator = call.uploads[0]?.[Symbol.asyncIterator]();
          if (iterator !== undefined) reading.push(iterator.next());
        },
      },
    };
    const client = rawClientOf(createHub(definition));
    await client.say(HANDSHAKE, '{"type":1,"target":"Leave","arguments":[],"streamIds":["u"]}\u001e');
    await client.say('{"type":2,"invocationId":"u","item":1}\u001e');
    expect(await Promise.all(reading)).toEqual([{ done: true, value: undefined }]);
  });
});
