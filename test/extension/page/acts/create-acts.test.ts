import { expect, test } from "vitest";
import type { ActAnswer, ActStrikes, PageAct } from "../../../../extension/channel/acts.ts";
import type { ActNatives, CarrierData } from "../../../../extension/page/acts/act-natives.ts";
import { createActs } from "../../../../extension/page/acts/create-acts.ts";
import type { PageNatives } from "../../../../extension/page/page-natives.ts";
import { createFakeClock } from "../../../support/fake-clock.ts";

const OPEN = 1;
const PING = '{"type":6}\u001e';

/** A document with one open socket, which is told apart from nothing but by its identity. */
function open() {
  const clock = createFakeClock();
  const answers: ActAnswer[] = [];
  const strikes: ActStrikes[] = [];
  const page: unknown[] = [];
  const state = { isHeard: true, timesHeard: 0, socket: OPEN };
  const socket = {} as WebSocket;
  const act = {
    after(delay: number, action: () => void) {
      const timer = new AbortController();
      clock.after(delay, action, timer.signal);
      return () => timer.abort();
    },
    random: () => 0,
    socketState: () => state.socket,
    socketMessage: (_socket: WebSocket, data: CarrierData) => ({ data }) as unknown as Event,
    close: () => {
      throw new Error("the platform refuses");
    },
  } as Partial<ActNatives> as ActNatives;
  const natives = {
    now: () => 0,
    randomId: () => "r",
    dispatch: (_target: EventTarget, event: Event) =>
      page.push((event as unknown as { data: unknown }).data) > 0,
  } as Partial<PageNatives> as PageNatives;
  const acts = createActs({
    natives,
    act,
    report() {},
    answer: (answer) => answers.push(answer),
    strikes: (told) => strikes.push(told),
    isHeard() {
      state.timesHeard++;
      return state.isHeard;
    },
  });
  const tap = acts.tapSocket("hook-1", socket, { report() {}, isRecorded: () => true });
  let command = 0;
  return {
    acts,
    clock,
    answers,
    strikes,
    page,
    state,
    tap,
    perform: (asked: PageAct) => acts.perform({ command: ++command, act: asked }),
  };
}

const SILENCE: PageAct = { kind: "faults", faults: [{ id: "s", kind: "silence" }] };

test("a relay that is gone without a word is missed within 5 seconds, and all is undone", async () => {
  const { perform, tap, page, clock, state } = open();
  perform(SILENCE);
  expect(tap.takesMessage(PING)).toBe(true);
  await clock.advance(20_000);
  expect(page).toEqual([]);
  state.isHeard = false;
  await clock.advance(5_000);
  expect(page).toEqual([PING]);
  expect(tap.takesMessage(PING)).toBe(false);
});

test("no timer runs where nothing is broken, before and after", async () => {
  const { acts, perform, clock, state } = open();
  expect(clock.pending).toBe(0);
  perform(SILENCE);
  expect(clock.pending).toBe(1);
  acts.undo();
  expect(clock.pending).toBe(0);
  perform(SILENCE);
  perform({ kind: "faults", faults: [] });
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
  expect(state.timesHeard).toBe(0);
});

test("a flood of strikes is told as sums, ten times a second", async () => {
  const { perform, tap, strikes, clock } = open();
  perform(SILENCE);
  for (let count = 0; count < 1_000; count++) tap.takesMessage(PING);
  expect(strikes).toEqual([]);
  await clock.advance(100);
  expect(strikes).toEqual([{ fault: "s", count: 1_000 }]);
  tap.takesMessage(PING);
  await clock.advance(100);
  expect(strikes.at(-1)).toEqual({ fault: "s", count: 1_001 });
});

test("every command is answered, also one that the platform refuses", () => {
  const { perform, answers, state } = open();
  const payload = { kind: "text", text: PING } as const;
  perform({ kind: "simulate", carrier: "hook-1", payload });
  perform({ kind: "simulate", carrier: "hook-2", payload });
  perform({ kind: "simulate", carrier: "hook-1", payload: { kind: "base64", base64: "*" } });
  perform({ kind: "cut", carrier: "hook-1" });
  state.socket = 3;
  perform({ kind: "simulate", carrier: "hook-1", payload });
  expect(answers).toEqual([
    { command: 1 },
    { command: 2, refusal: "This connection is gone." },
    { command: 3, refusal: "The payload could not be read." },
    { command: 4, refusal: "the platform refuses" },
    { command: 5, refusal: "This connection is not open." },
  ]);
});
