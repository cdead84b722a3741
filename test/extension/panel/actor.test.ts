import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import { messagePackCodec } from "../../../core/src/wire/messagepack/codec.ts";
import { type ActPayload, fromActPayload, isPageAct } from "../../../extension/channel/acts.ts";
import { createPanelActor } from "../../../extension/panel/actor.ts";
import type { DocumentCommand } from "../../../extension/panel/event-source.ts";
import type { ActOutcome, Fault } from "../../../ui/inspector/act/actor.ts";
import { conversation } from "../../support/conversation.ts";
import { createFakeClock, settle } from "../../support/fake-clock.ts";

const JSON_CONNECTION = `
  0ms negotiate /chat token abc
  0ms open /chat?id=abc
  0ms -> handshake json 1
  0ms <- handshake
`;

function open(drawing = JSON_CONNECTION) {
  const session = createSession();
  const clock = createFakeClock();
  const commands: DocumentCommand[] = [];
  const state = { hasWay: true };
  const actor = createPanelActor({
    session,
    clock,
    act(command) {
      expect(isPageAct(command.act)).toBe(true);
      if (state.hasWay) commands.push(command);
      return state.hasWay;
    },
  });
  let lastNumber = 0;
  const apply = (events: readonly CaptureEvent[], document = "doc-1", hook = "hook") => {
    const named = events.map((event) => namedBy(event, hook));
    actor.listener.connected(document);
    actor.listener.arrived(
      document,
      named.map((event) => ({ number: ++lastNumber, event })),
    );
    for (const event of named) session.apply(event);
    actor.follow();
  };
  apply(conversation(drawing));
  const asked = () => commands.filter(({ act }) => act.kind !== "faults");
  const told = () =>
    commands.flatMap(({ document, act }) =>
      act.kind === "faults" ? [{ document, faults: act.faults }] : [],
    );
  return {
    session,
    clock,
    actor,
    commands,
    state,
    apply,
    asked,
    told,
    id: session.connections[0]?.id ?? "",
    /** Answers the last command. */
    async answer(promise: Promise<ActOutcome>, refusal?: string) {
      const { document, command } = asked().at(-1) ?? { document: "", command: 0 };
      actor.listener.answered({ document, command, ...(refusal === undefined ? {} : { refusal }) });
      return promise;
    },
  };
}

/** Named as a page hook names its sockets and exchanges. */
function namedBy(event: CaptureEvent, hook: string): CaptureEvent {
  if ("socket" in event) return { ...event, socket: `${hook}-${event.socket.replaceAll("-", "")}` };
  return "exchange" in event
    ? { ...event, exchange: `${hook}-${event.exchange.replaceAll("-", "")}` }
    : event;
}

const invocation = (invocationId: string): HubMessage => ({
  kind: "invocation",
  invocationId,
  target: "Add",
  arguments: [1, 2],
});
const message = (of: HubMessage) => ({ kind: "message", message: of }) as const;

describe("sending", () => {
  test("asks the document that has the connection, in the connection's own protocol", async () => {
    const { actor, id, asked, session, answer } = open();
    const outcome = actor.send(id, message(invocation(actor.freshInvocationId())));
    const [command] = asked();
    expect(command).toMatchObject({
      document: "doc-1",
      act: { kind: "send", carrier: session.connections[0]?.sockets[0], takesAnswers: true },
    });
    expect(textOf(command)).toBe(
      '{"target":"Add","arguments":[1,2],"invocationId":"hubscope-1","type":1}\u001e',
    );
    expect(await answer(outcome)).toEqual({ ok: true });
  });

  test("over MessagePack sends bytes, and our ID is text there too", () => {
    const { actor, id, asked } = open(JSON_CONNECTION.replace("json 1", "messagepack 1"));
    void actor.send(id, message(invocation(actor.freshInvocationId())));
    const { act } = asked()[0] ?? {};
    const bytes = act?.kind === "send" ? fromActPayload(act.payload) : undefined;
    if (!(bytes instanceof Uint8Array)) return expect.fail("no bytes");
    const { message: decoded } = messagePackCodec.decode({ kind: "binary", bytes: bytes.subarray(1) });
    expect(decoded).toMatchObject({ kind: "invocation", invocationId: "hubscope-1", target: "Add" });
  });

  test("a stream takes with it what cancels it", () => {
    const { actor, id, asked } = open();
    void actor.send(
      id,
      message({ kind: "stream-invocation", invocationId: "hubscope-1", target: "Count", arguments: [] }),
    );
    expect(asked()[0]?.act).toMatchObject({
      cancel: { kind: "text", text: expect.stringContaining('"type":5') },
    });
  });

  test("a captured payload goes as it was", () => {
    const { actor, id, asked } = open();
    void actor.send(id, { kind: "payload", payload: { kind: "text", text: "anything\u001e" } });
    expect(textOf(asked()[0])).toBe("anything\u001e");
  });

  test("what cannot be written or is not there is refused with a sentence", async () => {
    const { actor, id, asked } = open();
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const refused = [
      await actor.send(id, message({ kind: "invocation", target: "T", arguments: cyclic })),
      await actor.send(id, { kind: "payload", payload: { kind: "omitted", reason: "too-large", size: 9 } }),
      await actor.send("c99", message({ kind: "ping" })),
    ];
    expect(refused.map((outcome) => outcome.ok)).toEqual([false, false, false]);
    expect(asked()).toEqual([]);
  });

  test("the hook's refusal is the outcome; silence for 5 seconds is one too", async () => {
    const { actor, id, clock, answer, state } = open();
    const ping = message({ kind: "ping" });
    expect(await answer(actor.send(id, ping), "This connection is gone.")).toEqual({
      ok: false,
      reason: "This connection is gone.",
    });
    const unanswered = actor.send(id, ping);
    await clock.advance(5_000);
    expect(await unanswered).toMatchObject({ ok: false });
    state.hasWay = false;
    expect(await actor.send(id, ping)).toMatchObject({ ok: false });
    expect(clock.pending).toBe(0);
  });

  test("IDs go on after those that a panel before has used", () => {
    const { actor, apply } = open();
    apply(conversation(`${JSON_CONNECTION}  1ms -> invoke hubscope-41 Add(1)\n`));
    expect([actor.freshInvocationId(), actor.freshInvocationId()]).toEqual(["hubscope-42", "hubscope-43"]);
  });
});

describe("what can be done", () => {
  test("everything on a WebSocket that is up, nothing once it has closed", () => {
    const { actor, id, apply, session } = open();
    expect(actor.abilities(id)).toEqual({
      send: { can: true },
      simulate: { can: true },
      cut: { can: true },
      faults: { can: true },
    });
    const socket = session.connections[0]?.sockets[0] ?? "";
    session.apply({ type: "socket-closed", at: 9, socket, code: 1000, reason: "", wasClean: true });
    apply([]);
    expect(actor.abilities(id).send).toEqual({ can: false, reason: "This connection has ended." });
  });

  test("nothing where the document is out of reach, or was never a hook's", () => {
    const { actor, id, session } = open();
    actor.listener.disconnected("doc-1");
    expect(actor.abilities(id).send).toMatchObject({ can: false });
    for (const event of conversation(JSON_CONNECTION.replaceAll("abc", "def"))) session.apply(event);
    const other = session.connections.at(-1)?.id ?? "";
    expect(other).not.toBe(id);
    expect(actor.abilities(other).cut).toMatchObject({ can: false });
  });

  test.for([
    ["ServerSentEvents", "text/event-stream"],
    ["LongPolling", "*/*"],
  ] as const)("over %s the exchanges of the page are its carriers", ([transport, accept]) => {
    const { actor, apply, asked, session } = open("0ms negotiate /chat token abc\n");
    const url = "http://localhost:5000/chat?id=abc";
    const known = session.connections[0]?.url ?? "";
    const at = 1;
    const text = (value: string) => ({ kind: "text", text: value }) as const;
    const framed = (value: string) => (transport === "ServerSentEvents" ? `data: ${value}\n\n` : value);
    const here = url.replace("http://localhost:5000/chat", known);
    apply([
      { type: "http-request", at, exchange: "7", method: "GET", url: here, headers: { accept } },
      { type: "http-response", at, exchange: "7", status: 200 },
      {
        type: "http-request",
        at,
        exchange: "8",
        method: "POST",
        url: here,
        body: text('{"protocol":"json","version":1}\u001e'),
      },
      { type: "http-response", at, exchange: "8", status: 200 },
      { type: "http-response-body", at, exchange: "7", payload: text(framed("{}\u001e")) },
    ]);
    const [connection] = session.connections;
    expect(connection).toMatchObject({ transport, state: { kind: "connected" } });
    const id = connection?.id ?? "";
    expect(actor.abilities(id)).toMatchObject({
      send: { can: true },
      simulate: { can: true },
      cut: { can: true },
      faults: { can: true },
    });
    void actor.send(id, message({ kind: "ping" }));
    expect(asked()[0]).toMatchObject({ document: "doc-1", act: { kind: "send", carrier: "hook-7" } });
  });

  test("stateful reconnect is warned of, and replies are left to the page", () => {
    const { actor, id, asked } = open(
      JSON_CONNECTION.replace("token abc", "token abc stateful").replace("json 1", "json 2"),
    );
    expect(actor.abilities(id).warning).toContain("out of step");
    void actor.send(id, message(invocation("hubscope-1")));
    expect(asked()[0]?.act).toMatchObject({ takesAnswers: false });
  });
});

describe("cutting", () => {
  test("by a code takes those that a page may use", async () => {
    const { actor, id, asked } = open();
    expect(await actor.cut(id, { kind: "close", code: 1006, reason: "" })).toMatchObject({ ok: false });
    expect(await actor.cut(id, { kind: "close", code: 3000, reason: "é".repeat(62) })).toMatchObject({
      ok: false,
    });
    void actor.cut(id, { kind: "close", code: 3000, reason: "bye" });
    void actor.cut(id, { kind: "abnormal" });
    expect(asked().map(({ act }) => act)).toMatchObject([
      { kind: "close", code: 3000, reason: "bye" },
      { kind: "cut" },
    ]);
  });
});

describe("faults", () => {
  const drop: Fault = { id: "d", kind: "drop", direction: "in", share: 1 };
  const refuse = (connection: string): Fault => ({ id: "r", kind: "refuse", times: 3, connection });

  test("are told to every document at once, and to those that come later", () => {
    const { actor, told, apply } = open();
    actor.changeFaults([drop]);
    expect(told().at(-1)).toMatchObject({ document: "doc-1", faults: [{ id: "d", kind: "drop" }] });
    apply(conversation(JSON_CONNECTION.replaceAll("abc", "def")), "doc-2", "hook2");
    expect(told().at(-1)).toMatchObject({ document: "doc-2", faults: [{ id: "d" }] });
  });

  test("a document is told that there are none, in case a panel before has left some", () => {
    const { told } = open();
    expect(told()).toEqual([{ document: "doc-1", faults: [] }]);
  });

  test("a document that is gone is told nothing", () => {
    const { actor, told } = open();
    const before = told().length;
    actor.listener.disconnected("doc-1");
    actor.changeFaults([drop]);
    expect(told()).toHaveLength(before);
  });

  test("of one connection name its socket, and the next one when it goes over to that", async () => {
    const { actor, told, id, session, apply, clock } = open(
      JSON_CONNECTION.replace("token abc", "token abc stateful").replace("json 1", "json 2"),
    );
    actor.changeFaults([{ ...drop, connection: id }]);
    const [first = ""] = session.connections[0]?.sockets ?? [];
    expect(told().at(-1)?.faults).toMatchObject([{ carriers: [first] }]);
    const count = told().length;
    apply([
      {
        type: "socket-opening",
        at: 5,
        socket: "again",
        url: session.connections[0]?.url.replace("http", "ws").concat("?id=abc") ?? "",
      },
    ]);
    await clock.advance(50);
    await settle();
    expect(told().length).toBeGreaterThan(count);
    expect(told().at(-1)?.faults).toMatchObject([{ carriers: [first, "hook-again"] }]);
  });

  test("refuse by the hub's address, and count what other documents have refused", () => {
    const { actor, told, id, apply } = open();
    actor.changeFaults([refuse(id)]);
    expect(told().at(-1)?.faults).toEqual([
      { id: "r", kind: "refuse", hub: expect.stringMatching(/\/chat$/), known: [], times: 3, elsewhere: 0 },
    ]);
    actor.listener.struck({ document: "doc-1", fault: "r", count: 2 });
    expect(actor.strikes.value).toEqual(new Map([["r", 2]]));
    apply([], "doc-2");
    expect(told().at(-1)).toMatchObject({ document: "doc-2", faults: [{ elsewhere: 2 }] });
    actor.listener.struck({ document: "doc-2", fault: "r", count: 1 });
    expect(actor.strikes.value).toEqual(new Map([["r", 3]]));
  });

  test("lose their strikes when they go, and strikes of others count for nothing", () => {
    const { actor } = open();
    actor.changeFaults([drop]);
    actor.listener.struck({ document: "doc-1", fault: "d", count: 2 });
    actor.listener.struck({ document: "doc-1", fault: "unknown", count: 2 });
    expect([...actor.strikes.value]).toEqual([["d", 2]]);
    actor.changeFaults([]);
    expect([...actor.strikes.value]).toEqual([]);
  });
});

function textOf(command: DocumentCommand | undefined): string {
  const payload: ActPayload | undefined =
    command?.act.kind === "send" || command?.act.kind === "simulate" ? command.act.payload : undefined;
  return payload?.kind === "text" ? payload.text : "";
}

describe("over the HTTP transports of classic SignalR", () => {
  const QUERY = `connectionToken=abc&connectionData=${encodeURIComponent('[{"name":"chat"}]')}`;
  const requested = (exchange: string, url: string, body?: string): readonly CaptureEvent[] => [
    {
      type: "http-request",
      at: 1,
      exchange,
      method: body === undefined ? "GET" : "POST",
      url,
      ...(body === undefined ? {} : { body: { kind: "text", text: body } as const }),
    },
    { type: "http-response", at: 1, exchange, status: 200 },
  ];
  const said = (exchange: string, text: string): CaptureEvent => ({
    type: "http-response-body",
    at: 2,
    exchange,
    payload: { kind: "text", text },
  });
  const ended = (exchange: string): CaptureEvent => ({ type: "http-ended", at: 3, exchange });
  const called = (transport: string): readonly CaptureEvent[] => [
    ...requested(
      "call",
      `https://host/signalr/send?transport=${transport}&${QUERY}`,
      `data=${encodeURIComponent('{"H":"chat","M":"Add","A":[],"I":0}')}`,
    ),
    said("call", '{"R":1,"I":"0"}'),
    ended("call"),
  ];
  const add: HubMessage = {
    kind: "invocation",
    invocationId: "hubscope-1",
    target: "chat.Add",
    arguments: [],
  };
  const connect = (transport: string) => `https://host/signalr/connect?transport=${transport}&${QUERY}`;
  const start = (transport: string): readonly CaptureEvent[] => [
    ...requested("start", `https://host/signalr/start?transport=${transport}&${QUERY}`),
    said("start", '{ "Response": "started" }'),
    ended("start"),
  ];

  test("the stream is what receives, also when the page's call was answered last", async () => {
    const { actor, session, apply, asked } = open("");
    apply([
      ...requested("stream", connect("serverSentEvents")),
      said("stream", 'data: {"C":"d-1","S":1,"M":[]}\n\n'),
      ...called("serverSentEvents"),
    ]);
    const id = session.connections[0]?.id ?? "";
    expect(actor.abilities(id)).toMatchObject({ send: { can: true }, simulate: { can: true } });
    void actor.simulate(id, message({ kind: "invocation", target: "Chat.said", arguments: [1] }));
    void actor.send(id, message(add));
    expect(asked().map(({ act }) => "carrier" in act && act.carrier)).toEqual(["hook-stream", "hook-stream"]);
    expect(asked().map(textOf)).toEqual([
      '{"M":[{"H":"Chat","M":"said","A":[1]}]}',
      '{"H":"chat","M":"Add","A":[],"I":"hubscope-1"}',
    ]);
  });

  test("polls have no warning: the answer of our own request brings the reply", () => {
    const { actor, session, apply, asked } = open("");
    apply([
      ...requested("poll", connect("longPolling")),
      said("poll", '{"C":"d-1","S":1,"M":[]}'),
      ended("poll"),
    ]);
    const id = session.connections[0]?.id ?? "";
    expect(actor.abilities(id)).toMatchObject({ send: { can: true }, simulate: { can: false } });
    expect(actor.abilities(id)).not.toHaveProperty("warning");
    void actor.send(id, message(add));
    expect(asked()[0]?.act).toMatchObject({ kind: "send", carrier: "hook-poll" });
  });

  test("a forever frame is read in its own document, and sent beside by its page", () => {
    const { actor, session, apply, asked } = open("");
    apply(
      [
        ...requested("frame", connect("foreverFrame")),
        said("frame", '<script>r(c, {"C":"d-1","S":1,"M":[]});</script>\r\n'),
      ],
      "doc-2",
      "framehook",
    );
    const id = session.connections[0]?.id ?? "";
    void actor.send(id, message(add));
    expect(asked().at(-1)).toMatchObject({ document: "doc-2", act: { carrier: "framehook-frame" } });
    apply(start("foreverFrame"));
    void actor.send(id, message(add));
    expect(asked().at(-1)).toMatchObject({ document: "doc-1", act: { carrier: "hook-start" } });
    apply(called("foreverFrame"));
    void actor.send(id, message(add));
    expect(asked().at(-1)).toMatchObject({ document: "doc-1", act: { carrier: "hook-call" } });
    const no = { can: false, reason: "What a forever frame brings can be read, not acted on." };
    expect(actor.abilities(id)).toEqual({ send: { can: true }, simulate: no, cut: no, faults: no });
  });
});
