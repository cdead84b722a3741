import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { Session } from "../../../core/src/session/session.ts";
import { certaintyOf, choicesOf } from "../../../ui/inspector/connections/decode-model.ts";
import { createInspectorModel } from "../../../ui/inspector/inspector-model.ts";
import { fakePlatform } from "../support/fake-platform.ts";
import { guessedSession } from "../support/guessed-session.ts";

function shownKinds(session: Session, numbers: readonly number[]): readonly string[] {
  return numbers.flatMap((number) => {
    const entry = session.entry(number);
    return entry?.kind === "message" ? [entry.record.message.kind] : [];
  });
}

test("a guessed protocol is offered for correction, a known one only where it is asked for", () => {
  const session = guessedSession();
  const [guessed, known] = session.connections;
  if (guessed === undefined || known === undefined) throw new Error("two connections");
  expect(choicesOf(guessed)).toMatchObject({ isDoubtful: true, current: "messagepack" });
  expect(choicesOf(known)).toMatchObject({ isDoubtful: false, current: "json" });
  expect(choicesOf({ ...known, messagesIn: 0, messagesOut: 0 })).toBeUndefined();
  expect(choicesOf({ ...known, transport: "LongPolling" })?.choices.map(({ protocol }) => protocol)).toEqual([
    "json",
    "messagepack",
    "blazorpack",
  ]);
  const { protocol: _, ...unknown } = guessed;
  expect(choicesOf(unknown)).toMatchObject({ isDoubtful: true, current: undefined });
});

test("where there is nothing to choose it says why", () => {
  const [, known] = guessedSession().connections;
  if (known === undefined) throw new Error("two connections");
  expect(certaintyOf(known)).toBeUndefined();
  expect(certaintyOf({ ...known, messagesIn: 0, messagesOut: 0 })).toBe("Nothing to decode yet");
  const overHttp = { ...known, transport: "ServerSentEvents" } as const;
  const classic = { ...overHttp, protocol: { name: "classic", guessed: false } } as const;
  expect(choicesOf(classic)).toBeUndefined();
  expect(certaintyOf(classic)).toContain("the addresses of its requests say so");
  const plain = { ...overHttp, protocol: { name: "plain", guessed: false } } as const;
  expect(choicesOf(plain)).toBeUndefined();
  expect(certaintyOf(plain)).toContain("no hub's");
  expect(certaintyOf({ ...classic, transport: "WebSockets" })).toBeUndefined();
});

test("choosing decodes anew, keeps the selection on its message and stays offered", () => {
  const session = guessedSession();
  const platform = fakePlatform();
  const model = createInspectorModel(session, { platform });
  const [guessed, known] = session.connections;
  model.connections.select(guessed?.id);
  const ofKnown = session.log.find((entry) => entry.kind === "message" && entry.connection === known?.id);
  model.connections.select(undefined);
  model.log.select(ofKnown?.number);
  model.connections.decode.decodeAs(guessed?.id ?? "", "plain");
  expect(model.log.selected.value).not.toBe(ofKnown?.number);
  expect(model.log.selectedEntry.value).toEqual({ ...ofKnown, number: model.log.selected.value });
  expect(shownKinds(session, model.log.rows.numbers).filter((kind) => kind === "plain-binary")).toHaveLength(
    2,
  );
  model.connections.select(guessed?.id);
  expect(model.connections.decode.selected.value).toMatchObject({ current: "plain", isDoubtful: true });
  expect(model.connections.items.value[0]?.detail).toContain("no protocol");
  expect(model.announcer.answer.value).toBe("Decoded as no protocol.");
  model.connections.decode.decodeAs(guessed?.id ?? "", "messagepack");
  expect(shownKinds(session, model.log.rows.numbers)).toEqual(["invocation"]);
  model.dispose();
});

test("while paused the rows that were shown stay shown", () => {
  const session = guessedSession();
  const platform = fakePlatform();
  const recording = signal(true);
  const model = createInspectorModel(session, { platform, recording });
  recording.value = false;
  const before = shownKinds(session, model.log.rows.numbers);
  model.connections.decode.decodeAs(session.connections[0]?.id ?? "", "blazorpack");
  expect(shownKinds(session, model.log.rows.numbers)).toEqual(before);
  expect(model.log.rows.waiting.value).toBe(0);
  model.dispose();
});
