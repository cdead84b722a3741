import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { createSession } from "../../../../core/src/session/create-session.ts";
import { createActModel } from "../../../../ui/inspector/act/act-model.ts";
import type { Fault } from "../../../../ui/inspector/act/actor.ts";
import type { FaultDraft } from "../../../../ui/inspector/act/fault-draft.ts";
import { cutWords, faultSentence, strikeWords } from "../../../../ui/inspector/act/fault-words.ts";
import { ABLE, fakeActor } from "../../support/fake-actor.ts";
import { speaker } from "../../support/trading-session.ts";

function bench() {
  const session = createSession();
  const talk = speaker(session.apply, "s1", "ws://localhost:5000/hubs/trading", "json");
  talk.open(0);
  talk.say(20, "in", { kind: "invocation", target: "Tick", arguments: [] });
  const revision = signal(session.revision);
  const refresh = (): void => {
    revision.value = session.revision;
  };
  const actor = fakeActor(session, refresh);
  const said: string[] = [];
  const act = createActModel(session, {
    revision,
    actor,
    selected: signal(undefined),
    say: (sentence) => said.push(sentence),
  });
  return { session, talk, refresh, actor, act, breaking: act.breaking, said, id: session.connections[0]?.id };
}

describe("faults", () => {
  test("one that is added takes effect, is counted and announced", () => {
    const { breaking, actor, said } = bench();
    breaking.change({ kind: "drop", target: " Tick ", share: "50" });
    breaking.add();
    expect(actor.faults.value).toEqual([
      { id: "fault-1", kind: "drop", direction: "in", target: "Tick", share: 0.5 },
    ]);
    expect(breaking.items.value).toEqual([
      {
        id: "fault-1",
        sentence: "Drop 50 % of Tick to the page",
        scope: "on every connection",
        strikes: "has not struck yet",
        isOn: true,
        isSpent: false,
      },
    ]);
    expect(breaking.active.value).toBe(1);
    actor.strike("fault-1", 12);
    expect(breaking.items.value[0]?.strikes).toBe("struck 12 times");
    expect(said).toEqual(["1 fault active."]);
  });

  test("one is switched off and on in its place, and removed", () => {
    const { breaking, actor } = bench();
    breaking.add();
    breaking.change({ kind: "delay" });
    breaking.add();
    breaking.toggle("fault-1");
    expect(actor.faults.value.map(({ id }) => id)).toEqual(["fault-2"]);
    expect(breaking.items.value.map(({ id, isOn }) => [id, isOn])).toEqual([
      ["fault-1", false],
      ["fault-2", true],
    ]);
    expect(breaking.active.value).toBe(1);
    breaking.toggle("fault-1");
    expect(breaking.items.value.map(({ id, isOn }) => [id, isOn])).toEqual([
      ["fault-1", true],
      ["fault-2", true],
    ]);
    breaking.remove("fault-1");
    breaking.toggle("fault-2");
    breaking.remove("fault-2");
    expect(actor.faults.value).toEqual([]);
    expect(breaking.items.value).toEqual([]);
  });

  test("all are undone at once, and stay in the list switched off", () => {
    const { breaking, actor, said } = bench();
    breaking.add();
    breaking.change({ kind: "silence" });
    breaking.add();
    breaking.undoAll();
    expect(actor.faults.value).toEqual([]);
    expect(breaking.active.value).toBe(0);
    expect(breaking.items.value.map(({ isOn }) => isOn)).toEqual([false, false]);
    expect(said).toEqual(["1 fault active.", "2 faults active.", "No fault is active."]);
  });

  test("what the host takes away is gone", () => {
    const { breaking, actor } = bench();
    breaking.add();
    actor.faults.value = [];
    expect(breaking.items.value).toEqual([]);
  });

  test("refusals that are used up are no longer active", () => {
    const { breaking, actor } = bench();
    breaking.change({ kind: "refuse", times: "2" });
    breaking.add();
    expect(breaking.active.value).toBe(1);
    actor.strike("fault-1", 2);
    expect(breaking.active.value).toBe(0);
    expect(breaking.items.value[0]).toMatchObject({ isSpent: true, strikes: "2 of 2 refused" });
  });

  test("one on a connection says so, also when that has ended", () => {
    const { breaking, actor, talk, refresh, id } = bench();
    breaking.change({ isEverywhere: false });
    breaking.add();
    expect(actor.faults.value[0]?.connection).toBe(id);
    expect(breaking.items.value[0]?.scope).toBe("on /hubs/trading");
    talk.close(100, 1006);
    refresh();
    expect(breaking.items.value[0]?.scope).toBe("on /hubs/trading, which has ended");
  });

  test.for<[string, Partial<FaultDraft>, string]>([
    ["no share", { share: "" }, "Share: above 0 and at most 100 %."],
    ["a share of nothing", { share: "0" }, "Share: above 0 and at most 100 %."],
    ["too much", { share: "101" }, "Share: above 0 and at most 100 %."],
    ["no number", { share: "half" }, "Share: above 0 and at most 100 %."],
    ["no time", { kind: "delay", delay: "" }, "Time: from 1 to 600,000 ms."],
    ["endless", { kind: "reorder", delay: "Infinity" }, "Time: from 1 to 600,000 ms."],
    ["half an attempt", { kind: "refuse", times: "1.5" }, "Attempts: a whole number from 1 to 1,000."],
  ])("%s is refused with a sentence", ([, draft, sentence]) => {
    const { breaking, actor } = bench();
    breaking.change(draft);
    expect(breaking.obstacle.value).toBe(sentence);
    breaking.add();
    expect(actor.faults.value).toEqual([]);
  });

  test("a connection that cannot have faults says why, and keeps no other from them", () => {
    const { breaking, actor, talk, refresh } = bench();
    actor.can = { ...ABLE, faults: { can: false, reason: "Long polling cannot be broken." } };
    talk.say(30, "in", { kind: "ping" });
    refresh();
    expect(breaking.exception.value).toBe("Long polling cannot be broken.");
    breaking.add();
    expect(actor.faults.value).toHaveLength(1);
    breaking.change({ isEverywhere: false });
    expect(breaking.obstacle.value).toBe("Long polling cannot be broken.");
    breaking.add();
    expect(actor.faults.value).toHaveLength(1);
  });

  test("targets are suggested by direction", () => {
    const { act, breaking } = bench();
    act.open("break");
    expect(breaking.targets.value).toEqual(["Tick"]);
    breaking.change({ direction: "out" });
    expect(breaking.targets.value).toEqual([]);
  });
});

describe("ending the connection", () => {
  test("what the page hears of a cut depends on the transport", () => {
    expect(cutWords({ transport: "WebSockets" })).toContain("1006");
    expect(cutWords(undefined)).toContain("1006");
    expect(cutWords({ transport: "LongPolling" })).toBe("Cut. The page sees a network error.");
    expect(cutWords({ transport: "ServerSentEvents" })).toBe("Cut. The page sees a network error.");
  });

  test("it is cut as if the network had gone", async () => {
    const { breaking, actor, session, id } = bench();
    breaking.cut();
    await expect.poll(() => breaking.cutSaid.value).toBe("Cut. The page sees close code 1006.");
    expect(actor.asked).toEqual([{ how: "cut", connection: id, cut: { kind: "abnormal" } }]);
    expect(session.connections[0]?.state.kind).toBe("closed");
  });

  test("it is closed with a code and a reason", async () => {
    const { breaking, actor, id } = bench();
    breaking.changeClose({ code: "4001", reason: "because" });
    breaking.close();
    await expect.poll(() => breaking.cutSaid.value).toBe("Closed with code 4001.");
    expect(actor.asked).toEqual([
      { how: "cut", connection: id, cut: { kind: "close", code: 4001, reason: "because" } },
    ]);
  });

  test.for(["", "1006", "999", "3000.5", "5000", "x"])("code %j is refused", (code) => {
    const { breaking, actor } = bench();
    breaking.changeClose({ code });
    expect(breaking.closeObstacle.value).toBe("A page may close with 1000, or 3000 to 4999.");
    breaking.close();
    expect(actor.asked).toEqual([]);
  });

  test("a reason longer than a close frame is refused", () => {
    const { breaking } = bench();
    breaking.changeClose({ code: "1000", reason: "é".repeat(62) });
    expect(breaking.closeObstacle.value).toBe("The reason is longer than 123 bytes.");
  });

  test("what the page answers is said", async () => {
    const { breaking, actor, said } = bench();
    actor.refusal = "The page is gone.";
    breaking.cut();
    await expect.poll(() => breaking.cutSaid.value).toBe("The page is gone.");
    expect(said).toEqual(["The page is gone."]);
  });
});

describe("words", () => {
  const scope = { id: "f" };
  test.for<[Fault, string]>([
    [{ ...scope, kind: "drop", direction: "out", share: 1 }, "Drop all messages to the server"],
    [
      { ...scope, kind: "drop", direction: "in", share: 0.125, target: "Tick" },
      "Drop 12.5 % of Tick to the page",
    ],
    [
      { ...scope, kind: "delay", direction: "in", share: 1, target: "Tick", delay: 1500 },
      "Delay Tick to the page by 1.5 s",
    ],
    [
      { ...scope, kind: "reorder", direction: "in", share: 0.5, delay: 200 },
      "Reorder 50 % of messages to the page, waiting at most 200 ms",
    ],
    [{ ...scope, kind: "refuse", times: 1 }, "Refuse the next attempt to connect"],
    [{ ...scope, kind: "refuse", times: 3 }, "Refuse the next 3 attempts to connect"],
    [{ ...scope, kind: "silence" }, "Hold everything from the server"],
    [
      { ...scope, kind: "drop", direction: "in", share: 1, target: "\u202egnp" },
      "Drop \\u202egnp to the page",
    ],
  ])("%j", ([fault, sentence]) => {
    expect(faultSentence(fault)).toBe(sentence);
  });

  test("strikes are counted in the fault's own words", () => {
    expect(strikeWords({ id: "f", kind: "silence" }, 1)).toBe("1 payload held");
    expect(strikeWords({ id: "f", kind: "drop", direction: "in", share: 1 }, 1)).toBe("struck 1 time");
  });
});
