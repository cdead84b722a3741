import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../../core/src/capture-event.ts";
import { createSession } from "../../../../core/src/session/create-session.ts";
import type { HubMessage } from "../../../../core/src/wire/hub-message.ts";
import { encodeContent } from "../../../../extension/panel/actor-encode.ts";
import { createActModel } from "../../../../ui/inspector/act/act-model.ts";
import type { ActContent, ActOutcome, Actor } from "../../../../ui/inspector/act/actor.ts";
import { ABLE } from "../../support/fake-actor.ts";

const QUERY = `transport=serverSentEvents&connectionToken=abc&connectionData=${encodeURIComponent('[{"name":"chat"}]')}`;

/** A connection of classic SignalR over Server-Sent Events, and an actor that sends as the page hook does. */
function bench() {
  const session = createSession();
  const revision = signal(session.revision);
  const apply = (...events: readonly CaptureEvent[]): void => {
    for (const event of events) session.apply(event);
    revision.value = session.revision;
  };
  let at = 1_000;
  const say = (data: string): void =>
    apply({
      type: "http-response-body",
      at: ++at,
      exchange: "stream",
      payload: { kind: "text", text: `data: ${data}\n\n` },
    });
  apply(
    {
      type: "http-request",
      at,
      exchange: "stream",
      method: "GET",
      url: `https://h/signalr/connect?${QUERY}`,
    },
    { type: "http-response", at, exchange: "stream", status: 200 },
  );
  say('{"C":"d-1","S":1,"M":[]}');
  let posts = 0;
  const state = { answer: undefined as string | undefined, status: 200 };
  const sent: string[] = [];
  const post = (text: string, act?: "sent"): void => {
    const exchange = `post-${++posts}`;
    sent.push(text);
    apply({
      type: "http-request",
      at: ++at,
      exchange,
      method: "POST",
      url: `https://h/signalr/send?${QUERY}`,
      body: { kind: "text", text: `data=${encodeURIComponent(text)}` },
      ...(act && { act }),
    });
  };
  const end = (): void => {
    const exchange = `post-${posts}`;
    const text = state.answer;
    apply(
      { type: "http-response", at: ++at, exchange, status: state.status },
      ...(text === undefined
        ? []
        : [{ type: "http-response-body", at, exchange, payload: { kind: "text", text } } as const]),
      { type: "http-ended", at, exchange },
    );
  };
  const told: string[] = [];
  const write = (what: ActContent, direction: "in" | "out"): string => {
    const [connection] = session.connections;
    if (connection === undefined) throw new Error("no connection");
    const encoded = encodeContent(connection, what, direction);
    if (encoded.kind === "refused" || encoded.payload.kind !== "text") throw new Error("refused");
    return encoded.payload.text;
  };
  let ids = 0;
  const actor: Actor = {
    abilities: () => ABLE,
    async send(_connection, what): Promise<ActOutcome> {
      post(write(what, "out"), "sent");
      return { ok: true };
    },
    async simulate(_connection, what): Promise<ActOutcome> {
      told.push(write(what, "in"));
      return { ok: true };
    },
    cut: async () => ({ ok: true }),
    faults: signal([]),
    changeFaults() {},
    strikes: signal(new Map()),
    freshInvocationId: () => `hubscope-${++ids}`,
  };
  const act = createActModel(session, { revision, actor, selected: signal(undefined), say() {} });
  return { session, act, send: act.send, say, post, end, state, sent, told };
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe("a call from the form", () => {
  test("is found in the log, and so is its reply", async () => {
    const { send, end, state, sent } = bench();
    send.change({ target: "chat.Add", text: '1, "b"' });
    send.submit();
    await settled();
    expect(sent).toEqual(['{"H":"chat","M":"Add","A":[1,"b"],"I":"hubscope-1"}']);
    const [run] = send.runs.value;
    expect(run?.state.value).toEqual({ tone: "open", sentence: "Sent. Waiting for the answer." });
    state.answer = '{"R":7,"I":"hubscope-1"}';
    end();
    expect(run?.state.value.sentence).toMatch(/^Answered in/);
    expect(run?.tree.value?.lines.value.map(({ label }) => label)).toEqual(["result"]);
  });

  test("has a state in the place of headers", async () => {
    const { send, sent } = bench();
    send.change({ target: "chat.Add", headers: '{"counter": 1}' });
    send.submit();
    await settled();
    expect(sent).toEqual(['{"H":"chat","M":"Add","A":[],"I":"hubscope-1","S":{"counter":1}}']);
  });

  test("that the server refuses later says so", async () => {
    const { send, end, state } = bench();
    send.change({ target: "chat.Add" });
    send.submit();
    await settled();
    state.status = 500;
    end();
    expect(send.runs.value[0]?.state.value).toEqual({
      tone: "failed",
      sentence: "The server refused the request that carried it.",
    });
  });

  test("has the targets that were called, each way", () => {
    const { act, send, say, post } = bench();
    post('{"H":"chat","M":"Add","A":[],"I":0}');
    say(
      '{"C":"d-1,2","M":[{"H":"Chat","M":"a","A":[]},{"I":"P|0","P":{"I":"0","D":1}},{"H":"Chat","M":"b","A":[]}]}',
    );
    say('{"C":"d-1,3","M":[]}');
    act.open("send");
    expect(send.targets.value).toEqual(["chat.Add"]);
    send.chooseMode("simulate");
    expect(send.targets.value).toEqual(["Chat.b", "Chat.a"]);
  });

  test("has no kind that classic SignalR has not", () => {
    const { send } = bench();
    expect(send.kinds.value.map(({ kind }) => kind)).toEqual(["invocation", "send"]);
    send.chooseMode("simulate");
    expect(send.content.value.kind).toBe("send");
    expect(send.kinds.value.map(({ kind }) => kind)).toEqual(["send", "completion"]);
    send.change({ kind: "stream", target: "chat.Add" });
    expect(send.obstacle.value).toBe("Classic SignalR has no such message: choose another kind.");
    send.chooseMode("send");
    send.change({ kind: "invocation", target: "chat.Add", text: "stream(1)" });
    expect(send.obstacle.value).toBe("Classic SignalR has no uploads: it knows no stream().");
  });
});

describe("a captured message", () => {
  const PAGE_CALL = '{"H":"chat","M":"Add","A":[1,{"b":null}],"I":3,"S":{"counter":1}}';

  test("of the page goes again as it was, and its reply is the run's", async () => {
    const { session, act, send, post, end, state, sent } = bench();
    post(PAGE_CALL);
    state.answer = '{"R":1,"I":"3"}';
    end();
    const again = act.againOf(
      session.log.find((entry) => entry.kind === "message" && entry.direction === "out"),
    );
    if (again === undefined) return expect.fail("nothing can be done");
    act.repeat(again);
    await settled();
    expect(sent).toEqual([PAGE_CALL, PAGE_CALL]);
    end();
    expect(send.runs.value[0]?.state.value.sentence).toMatch(/^Answered in/);
  });

  test("of the page is in the form as it was, but for its ID", async () => {
    const { session, act, send, post, sent } = bench();
    post(PAGE_CALL);
    const again = act.againOf(
      session.log.find((entry) => entry.kind === "message" && entry.direction === "out"),
    );
    if (again === undefined) return expect.fail("nothing can be done");
    act.edit(again);
    expect(send.content.value).toMatchObject({ kind: "invocation", target: "chat.Add" });
    send.submit();
    await settled();
    expect(sent.at(-1)).toBe('{"H":"chat","M":"Add","A":[1,{"b":null}],"I":"hubscope-1","S":{"counter":1}}');
  });

  test.for([
    ['{"C":"d-1,2","M":[{"H":"Chat","M":"said","A":["x"]}]}', '{"M":[{"H":"Chat","M":"said","A":["x"]}]}'],
    ['{"R":null,"I":"3"}', '{"R":null,"I":"3"}'],
    ['{"I":"3"}', '{"I":"3"}'],
    ['{"S":{"a":1},"I":"3","E":"no"}', '{"S":{"a":1},"I":"3","E":"no"}'],
  ] as const)("of the server is in the form, and is simulated as it was: %s", async ([said, written]) => {
    const { session, act, send, say, told } = bench();
    say(said);
    const again = act.againOf(session.log.at(-1));
    if (again?.content === undefined) return expect.fail("nothing can be done");
    act.edit(again);
    send.submit();
    await settled();
    expect(told).toEqual([written]);
  });

  test.for([
    '{"C":"d-1,2","M":[{"H":"A","M":"a","A":[]},{"H":"A","M":"b","A":[]}]}',
    '{"C":"d-1,2","M":[{"I":"P|1","P":{"I":"1","D":33}}]}',
    '{"C":"d-1,2","M":[{"H":"a.b","M":"c","A":[]}]}',
    "{}",
  ])("that the form has no words for can be simulated as it was alone: %s", (said) => {
    const { session, act, say } = bench();
    say(said);
    const again = act.againOf(session.log.at(-1));
    expect(again).toMatchObject({ mode: "simulate", payload: { kind: "text", text: said } });
    expect(again).not.toHaveProperty("content");
  });
});

test("the messages of the form are written as classic SignalR has them", () => {
  const { session } = bench();
  const [connection] = session.connections;
  if (connection === undefined) return expect.fail("no connection");
  const written = (message: HubMessage, direction: "in" | "out") =>
    encodeContent(connection, { kind: "message", message }, direction);
  expect(written({ kind: "ping" }, "out")).toMatchObject({ kind: "refused" });
  expect(written({ kind: "invocation", target: "nohub", arguments: [] }, "out")).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("hub and method"),
  });
});
