import { expect, test } from "vitest";
import type { EventNatives } from "../../../extension/channel/event-natives.ts";
import { MAX_CROSSING_EVENTS } from "../../../extension/channel/limits.ts";
import { offerNode, takeNode } from "../../../extension/channel/node-link.ts";

const natives = {
  listen: (target, type, listener) => target.addEventListener(type, listener),
  unlisten: (target, type, listener) => target.removeEventListener(type, listener),
  dispatch: (target, event) => target.dispatchEvent(event),
  event: (type, init) => new Event(type, init),
  customEvent: (type, init) => new CustomEvent(type, init),
  mouseEvent: (type, init) => Object.assign(new Event(type), { relatedTarget: init.relatedTarget }),
  detail: (event) => (event as CustomEvent<unknown>).detail,
  relatedTarget: (event) => (event as MouseEvent).relatedTarget,
  parse: (text) => JSON.parse(text as string) as unknown,
} satisfies EventNatives;

function createDocument(): Document {
  return Object.assign(new EventTarget(), { createElement: () => new EventTarget() }) as unknown as Document;
}

function offer(host: Document, heard: unknown[]) {
  return offerNode(host, natives, {
    taken: () => heard.push("taken"),
    receive: (message) => heard.push(message),
    pull() {},
  });
}

function take(host: Document, heard: unknown[]) {
  return takeNode(host, natives, { receive: (message) => heard.push(message), waiting() {} });
}

test("hook and relay find each other, whoever is first", () => {
  for (const isHookFirst of [true, false]) {
    const host = createDocument();
    const toHook: unknown[] = [];
    const toRelay: unknown[] = [];
    const early = isHookFirst ? offer(host, toHook) : undefined;
    const relay = take(host, toRelay);
    const hook = early ?? offer(host, toHook);
    expect(hook.isHeard()).toBe(true);
    expect(hook.send("from the hook")).toBe(true);
    relay.send("from the relay");
    expect(toRelay).toEqual(["from the hook"]);
    expect(toHook).toEqual(["taken", "from the relay"]);
  }
});

test("what the relay has said before the hook was there, the hook hears when it comes", () => {
  const host = createDocument();
  const toHook: unknown[] = [];
  const relay = take(host, []);
  relay.send({ type: "other-traffic", body: { wanted: true } });
  relay.send({ type: "stop" });
  offer(host, toHook);
  expect(toHook).toEqual(["taken", { type: "other-traffic", body: { wanted: true } }, { type: "stop" }]);
});

test("a document that never gets a hook keeps no more than a little for it", () => {
  const host = createDocument();
  const toHook: unknown[] = [];
  const relay = take(host, []);
  for (let at = 0; at < 10_000; at++) relay.send(at);
  offer(host, toHook);
  expect(toHook).toHaveLength(21);
});

test("a node that comes second is not taken", () => {
  const host = createDocument();
  const toRelay: unknown[] = [];
  take(host, toRelay);
  offer(host, []);
  const forged: unknown[] = [];
  const other = offer(host, forged);
  expect(other.send("forged")).toBe(false);
  expect(other.isHeard()).toBe(false);
  expect([toRelay, forged]).toEqual([[], []]);
});

test("texts arrive beside the message that they were sent with, in their order, and beside no other", () => {
  const host = createDocument();
  const heard: unknown[] = [];
  takeNode(host, natives, { receive: (message, texts) => heard.push([message, texts]), waiting() {} });
  const hook = offer(host, []);
  hook.send("one", ["a", "\ud800\u0000", ""]);
  hook.send("two");
  hook.send("three", ["b"]);
  expect(heard).toEqual([
    ["one", ["a", "\ud800\u0000", ""]],
    ["two", []],
    ["three", ["b"]],
  ]);
});

test("texts that no message follows are not kept without end", () => {
  const host = createDocument();
  const heard: number[] = [];
  takeNode(host, natives, { receive: (_, texts) => heard.push(texts.length), waiting() {} });
  const hook = offer(host, []);
  hook.send(
    "too many",
    Array.from({ length: 30_000 }, () => "x"),
  );
  expect(heard).toEqual([2 * MAX_CROSSING_EVENTS]);
});

test("without a relay nothing is sent, and a relay that comes later gets no text of it", () => {
  const host = createDocument();
  const hook = offer(host, []);
  expect(hook.send("lost", ["lost"])).toBe(false);
  const heard: unknown[] = [];
  takeNode(host, natives, { receive: (message, texts) => heard.push([message, texts]), waiting() {} });
  hook.send("kept", ["kept"]);
  expect(heard).toEqual([["kept", ["kept"]]]);
});
