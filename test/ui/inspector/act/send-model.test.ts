import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../../core/src/session/create-session.ts";
import type { MessageEntry } from "../../../../core/src/session/model.ts";
import type { HubProtocolName } from "../../../../core/src/wire/hub-codec.ts";
import { type ActModel, createActModel } from "../../../../ui/inspector/act/act-model.ts";
import { createAnnouncerModel } from "../../../../ui/inspector/status/announcer-model.ts";
import { ABLE, type FakeActor, fakeActor } from "../../support/fake-actor.ts";
import { type Speaker, START, speaker } from "../../support/trading-session.ts";

/** One open connection with a little traffic, and everything to act on it. */
function bench(protocol: HubProtocolName = "json") {
  const session = createSession();
  const talk: Speaker = speaker(session.apply, "s1", "ws://localhost:5000/hubs/trading", protocol);
  talk.open(0);
  talk.say(10, "out", {
    kind: "invocation",
    invocationId: "0",
    target: "PlaceOrder",
    arguments: ["MSFT", 200],
  });
  talk.say(20, "in", { kind: "invocation", target: "Tick", arguments: ["MSFT", 412.3] });
  talk.say(30, "out", { kind: "stream-invocation", invocationId: "1", target: "Prices", arguments: [] });
  let time = START + 1000;
  const revision = signal(session.revision);
  const refresh = (): void => {
    revision.value = session.revision;
  };
  const actor: FakeActor = fakeActor(session, refresh, () => (time += 64));
  const said: string[] = [];
  const announcer = createAnnouncerModel(session);
  const act: ActModel = createActModel(session, {
    revision,
    actor,
    selected: signal(undefined),
    say: (sentence) => {
      announcer.say(sentence);
      said.push(sentence);
    },
  });
  const connection = session.connections[0]?.id ?? "";
  const entryAt = (target: string): MessageEntry => {
    const found = session.log.find((entry) => entry.kind === "message" && entry.target === target);
    if (found?.kind !== "message") throw new Error(`no ${target}`);
    return found;
  };
  return { session, talk, actor, act, send: act.send, said, connection, refresh, entryAt };
}

/** What was promised has been said. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe("sending through the page's connection", () => {
  test("an invocation has an ID of its own, and its answer is paired with its latency", async () => {
    const { send, actor, session, said } = bench();
    send.change({ target: "Echo", text: '{"a": 1}, 2' });
    send.submit();
    await settled();
    expect(actor.asked).toEqual([
      {
        how: "send",
        connection: session.connections[0]?.id,
        what: {
          kind: "message",
          message: {
            kind: "invocation",
            invocationId: "hubscope-1",
            target: "Echo",
            arguments: [{ a: 1 }, 2],
          },
        },
      },
    ]);
    const [run] = send.runs.value;
    expect(run?.state.value).toEqual({ tone: "open", sentence: "Sent. Waiting for the answer." });
    actor.answer();
    expect(run?.state.value).toEqual({ tone: "done", sentence: "Answered in 64 ms." });
    const sent = session.entry(run?.entry.value ?? 0);
    expect(sent?.kind === "message" ? [sent.act, sent.target] : sent).toEqual(["sent", "Echo"]);
    const answer = session.entry(run?.answer.value ?? 0);
    expect(answer?.kind === "message" && answer.record.message.kind).toBe("completion");
    expect(run?.tree.value?.lines.value.map(({ label }) => label)).toEqual(["result", "a"]);
    expect(said).toEqual(["Echo: Answered in 64 ms."]);
  });

  test("a failure says the server's words", async () => {
    const { send, actor } = bench();
    send.change({ target: "Fail" });
    send.submit();
    await settled();
    actor.answer();
    expect(send.runs.value[0]?.state.value).toEqual({
      tone: "failed",
      sentence: "Failed after 64 ms: it failed",
    });
    // Said once.
    expect(send.runs.value[0]?.tree.value).toBeUndefined();
  });

  test("a call without an answer is done when it is sent", async () => {
    const { send, actor } = bench();
    send.change({ kind: "send", target: "Say", text: '"hello"' });
    send.submit();
    await settled();
    expect(send.runs.value[0]?.state.value).toEqual({ tone: "done", sentence: "Sent to the server." });
    expect(actor.asked[0]).toMatchObject({
      what: { message: { kind: "invocation", target: "Say", arguments: ["hello"] } },
    });
    expect(actor.asked[0]).not.toHaveProperty("what.message.invocationId");
  });

  test("a stream counts its items, shows the last one, and can be cancelled while it runs", async () => {
    const { send, actor, session } = bench();
    send.change({ kind: "stream", target: "Count", text: "3" });
    send.submit();
    await settled();
    const [run] = send.runs.value;
    expect(run?.canCancel.value).toBe(true);
    expect(run?.state.value.sentence).toBe("0 items so far.");
    if (run !== undefined) send.cancel(run);
    expect(actor.asked.at(-1)).toMatchObject({
      how: "send",
      what: { message: { kind: "cancel-invocation", invocationId: "hubscope-1" } },
    });
    actor.answer();
    expect(run?.canCancel.value).toBe(false);
    expect(run?.state.value.sentence).toMatch(/^Cancelled after \d+ ms, 3 items\.$/);
    const last = session.entry(run?.answer.value ?? 0);
    expect(last?.kind === "message" && last.record.message).toMatchObject({ kind: "stream-item", item: 2 });
  });

  test("an upload follows its invocation item by item, and ends", async () => {
    const { send, actor } = bench();
    send.change({ target: "Upload", text: "7, stream(1, 2)" });
    send.submit();
    await settled();
    await settled();
    expect(
      actor.asked.map((one) => "what" in one && one.what.kind === "message" && one.what.message),
    ).toEqual([
      {
        kind: "invocation",
        invocationId: "hubscope-2",
        target: "Upload",
        arguments: [7],
        streamIds: ["hubscope-1"],
      },
      { kind: "stream-item", invocationId: "hubscope-1", item: 1 },
      { kind: "stream-item", invocationId: "hubscope-1", item: 2 },
      { kind: "completion", invocationId: "hubscope-1", outcome: { kind: "void" } },
    ]);
  });

  test("what the page refuses is said in its words", async () => {
    const { send, actor } = bench();
    actor.refusal = "The socket is closing.";
    send.change({ target: "Echo", text: "1" });
    send.submit();
    await settled();
    expect(send.runs.value[0]?.state.value).toEqual({ tone: "failed", sentence: "The socket is closing." });
  });

  test("a connection that ends first loses the answer", async () => {
    const { send, talk, refresh } = bench();
    send.change({ target: "Slow" });
    send.submit();
    await settled();
    talk.close(5000, 1006);
    refresh();
    expect(send.runs.value[0]?.state.value).toEqual({
      tone: "failed",
      sentence: "The connection ended before the answer came.",
    });
  });

  test("two calls of one target keep their own answers", async () => {
    const { send, actor } = bench();
    for (const text of ["1", "2"]) {
      send.change({ target: "Echo", text });
      send.submit();
      await settled();
    }
    actor.answer();
    const shown = send.runs.value.map((run) => run.tree.value?.lines.value[0]?.value);
    expect(shown).toEqual([2, 1]);
  });

  test("decoding the connection anew does not lose the answer", async () => {
    const { send, actor, session, connection, refresh } = bench();
    send.change({ target: "Echo", text: "1" });
    send.submit();
    await settled();
    actor.answer();
    const before = send.runs.value[0]?.entry.value ?? 0;
    expect(session.redecode(connection, "json")).toBe(true);
    refresh();
    expect(send.runs.value[0]?.state.value.sentence).toBe("Answered in 64 ms.");
    expect(send.runs.value[0]?.entry.value).toBeGreaterThan(before);
  });
});

describe("what is in the way", () => {
  test("is said in a sentence, and nothing is sent", async () => {
    const { send, actor } = bench();
    const obstacle = (): string | undefined => send.obstacle.value;
    expect(obstacle()).toBe("Name the target first.");
    send.change({ target: "Echo", text: "[1" });
    expect(obstacle()).toBeUndefined();
    expect(send.fault.value).toMatchObject({ line: 1, column: 3 });
    send.change({ text: "", headers: "[]" });
    expect(obstacle()).toBe('Headers are one object: {"name": "value"}.');
    send.change({ headers: "", kind: "completion" });
    expect(obstacle()).toBe("Name the invocation ID first.");
    send.change({ invocationId: "1" });
    expect(obstacle()).toBe("Write the result first, or choose “No result”.");
    send.change({ outcome: "error" });
    expect(obstacle()).toBe("Write the error first.");
    actor.can = { ...ABLE, send: { can: false, reason: "The connection has ended." } };
    send.submit();
    await settled();
    expect(actor.asked).toEqual([]);
  });

  test("an ability that is gone gives its reason", () => {
    const { send, actor, talk, refresh } = bench();
    send.change({ target: "Echo" });
    actor.can = { ...ABLE, send: { can: false, reason: "The connection has ended." } };
    talk.close(100, 1000);
    refresh();
    expect(send.obstacle.value).toBe("The connection has ended.");
    send.chooseMode("simulate");
    expect(send.obstacle.value).toBeUndefined();
  });

  test("without any connection that is said", () => {
    const session = createSession();
    const actor = fakeActor(session, () => undefined);
    const revision = signal(0);
    const { send, breaking } = createActModel(session, {
      revision,
      actor,
      selected: signal(undefined),
      say: () => undefined,
    });
    expect(send.obstacle.value).toBe("No connection yet. Use the page, or reload it.");
    expect(breaking.cutAbility.value.can).toBe(false);
    expect(breaking.ability.value.can).toBe(true);
  });
});

describe("simulating the server", () => {
  test("a call reaches the page marked as simulated", async () => {
    const { send, actor, session } = bench();
    send.chooseMode("simulate");
    expect(send.content.value.kind).toBe("invocation");
    send.change({ kind: "send", target: "Tick", text: '"MSFT", 1' });
    send.submit();
    await settled();
    expect(actor.asked[0]?.how).toBe("simulate");
    const [run] = send.runs.value;
    expect(run?.state.value).toEqual({ tone: "done", sentence: "Delivered to the page." });
    const entry = session.entry(run?.entry.value ?? 0);
    expect(entry?.kind === "message" ? [entry.direction, entry.act] : entry).toEqual(["in", "simulated"]);
  });

  test("a server uploads nothing", async () => {
    const { send, actor } = bench();
    send.change({ target: "Tick", text: "stream(1)" });
    expect(send.obstacle.value).toBeUndefined();
    send.chooseMode("simulate");
    expect(send.obstacle.value).toBe("Only a client uploads: a server has no stream() to give.");
    send.submit();
    await settled();
    expect(actor.asked).toEqual([]);
  });

  test("kinds that one side alone has do not follow to the other", () => {
    const { send } = bench();
    send.change({ kind: "stream" });
    send.chooseMode("simulate");
    expect(send.content.value.kind).toBe("send");
  });

  test("a completion names the page's invocation", async () => {
    const { send, actor } = bench();
    send.chooseMode("simulate");
    send.change({ kind: "completion", invocationId: "0", outcome: "error", error: "HubException: no" });
    send.submit();
    await settled();
    expect(actor.asked[0]).toMatchObject({
      what: { message: { kind: "completion", invocationId: "0", outcome: { kind: "error" } } },
    });
  });
});

describe("suggestions", () => {
  test("targets come from the traffic of the hub in the same direction", () => {
    const { act, send, talk, refresh } = bench();
    act.open("send");
    expect(send.targets.value).toEqual(["Prices", "PlaceOrder"]);
    send.chooseMode("simulate");
    expect(send.targets.value).toEqual(["Tick"]);
    talk.say(500, "in", { kind: "invocation", target: "Alert", arguments: [] });
    refresh();
    expect(send.targets.value).toEqual(["Alert", "Tick"]);
  });

  test("invocation IDs are those that wait on the other side", () => {
    const { act, send } = bench();
    act.open("send");
    send.change({ kind: "cancel" });
    expect(send.invocationIds.value).toEqual(["1", "0"]);
    send.change({ kind: "completion" });
    expect(send.invocationIds.value).toEqual([]);
    send.chooseMode("simulate");
    expect(send.invocationIds.value).toEqual(["1", "0"]);
  });
});

describe("a captured message once more", () => {
  test.for(["json", "messagepack"] as const)("as it was: the bytes of the wire (%s)", async (protocol) => {
    const { act, send, actor, session, entryAt } = bench(protocol);
    const entry = entryAt("PlaceOrder");
    const again = act.againOf(entry);
    if (again === undefined) throw new Error("nothing can be done");
    act.repeat(again);
    await settled();
    expect(act.drawer.value).toBe("send");
    const [asked] = actor.asked;
    const payload = asked?.how === "send" && asked.what.kind === "payload" ? asked.what.payload : undefined;
    const raw = entry.record.raw;
    if (raw.kind === "text") expect(payload).toEqual({ kind: "text", text: `${raw.text}\u001e` });
    else
      expect(payload).toEqual({
        kind: "binary",
        bytes: Uint8Array.of(raw.bytes.length, ...raw.bytes),
      });
    const sent = session.entry(send.runs.value[0]?.entry.value ?? 0);
    expect(sent?.kind === "message" ? [sent.act, sent.target] : sent).toEqual(["sent", "PlaceOrder"]);
  });

  test("edited: the form has what the message had, and gives it an ID of its own", async () => {
    const { act, send, actor, entryAt } = bench("messagepack");
    const again = act.againOf(entryAt("PlaceOrder"));
    if (again === undefined) throw new Error("nothing can be done");
    act.edit(again);
    expect(send.content.value).toMatchObject({
      kind: "invocation",
      target: "PlaceOrder",
      text: '"MSFT",\n200',
    });
    send.change({ text: '"MSFT",\n300' });
    send.submit();
    await settled();
    expect(actor.asked[0]).toMatchObject({
      what: { message: { invocationId: "hubscope-1", target: "PlaceOrder", arguments: ["MSFT", 300] } },
    });
  });

  test("what came from the server is simulated", () => {
    const { act, send, entryAt } = bench();
    const again = act.againOf(entryAt("Tick"));
    if (again === undefined) throw new Error("nothing can be done");
    act.edit(again);
    expect(send.mode.value).toBe("simulate");
    expect(send.content.value).toMatchObject({ kind: "send", target: "Tick" });
  });

  test("a secret is sent without being shown", async () => {
    const { act, send, actor, talk, refresh, entryAt } = bench();
    const secret = "Bearer abcdefghijklmnop1234567890";
    talk.say(500, "out", {
      kind: "invocation",
      target: "SignIn",
      arguments: [secret],
      headers: { authorization: secret },
    });
    refresh();
    const again = act.againOf(entryAt("SignIn"));
    if (again === undefined) throw new Error("nothing can be done");
    act.edit(again);
    expect(send.content.value.text).toBe("secret(2)");
    expect(send.content.value.headers).toBe('{"authorization": secret(1)}');
    send.submit();
    await settled();
    expect(actor.asked[0]).toMatchObject({
      what: { message: { arguments: [secret], headers: { authorization: secret } } },
    });
  });

  test("a handshake cannot be said twice", () => {
    const { act, session } = bench();
    const handshake = session.log.find(
      (entry) => entry.kind === "message" && entry.record.message.kind === "handshake-request",
    );
    expect(handshake).toBeDefined();
    expect(act.againOf(handshake)).toBeUndefined();
  });
});

describe("the connection that is acted on", () => {
  test("is the one of the list until another is chosen, and again when the list selects another", () => {
    const session = createSession();
    const first = speaker(session.apply, "a", "ws://localhost/a", "json");
    const second = speaker(session.apply, "b", "ws://localhost/b", "json");
    first.open(0);
    second.open(10);
    second.close(20, 1000);
    const [a, b] = session.connections.map(({ id }) => id);
    if (a === undefined || b === undefined) throw new Error("two connections");
    const selected = signal<string | undefined>(undefined);
    const act = createActModel(session, {
      revision: signal(session.revision),
      actor: fakeActor(session, () => undefined),
      selected,
      say: () => undefined,
    });
    expect(act.connection.value, "the newest that is alive").toBe(a);
    act.chooseConnection(b);
    expect(act.connection.value).toBe(b);
    selected.value = a;
    expect(act.connection.value).toBe(a);
    act.chooseConnection(b);
    expect(act.connection.value).toBe(b);
  });
});
