import { describe, expect, test } from "vitest";
import type { CaptureEvent } from "../../../core/src/capture-event.ts";
import { createNegotiatedUrls } from "../../../extension/page/negotiated-urls.ts";
import { createOrderedQueue } from "../../../extension/page/ordered-queue.ts";
import { createSocketRecorder } from "../../../extension/page/socket-recorder.ts";

function record(negotiated: boolean, events: readonly CaptureEvent[], url = "ws://h/hub") {
  const reported: [CaptureEvent, boolean][] = [];
  const learnt: string[] = [];
  let ignored = 0;
  const recorder = createSocketRecorder({
    url,
    isNegotiated: () => negotiated,
    learn: (hub) => learnt.push(hub),
    wantsOthers: () => false,
    report: (event, pinned) => reported.push([event, pinned]),
    ignore: () => ignored++,
  });
  for (const event of events) recorder.record(event);
  return { reported, ignored, learnt };
}

const opening: CaptureEvent = { type: "socket-opening", at: 1, socket: "s", url: "ws://h/hub" };
const opened: CaptureEvent = { type: "socket-opened", at: 2, socket: "s", protocol: "" };
const closed: CaptureEvent = {
  type: "socket-closed",
  at: 9,
  socket: "s",
  code: 1000,
  reason: "",
  wasClean: true,
};
const payload = (direction: "out" | "in", text: string): CaptureEvent => ({
  type: "socket-payload",
  at: 3,
  socket: "s",
  direction,
  payload: { kind: "text", text },
});
const handshake = payload("out", '{"protocol":"json","version":1}\u001e');
const answer = payload("in", "{}\u001e");
const ping = payload("in", '{"type":6}\u001e');

describe("socket recorder", () => {
  test("a handshake makes a socket SignalR's, and what was held is reported in order", () => {
    const { reported } = record(false, [opening, opened, handshake, answer, ping, closed]);
    expect(reported.map(([event]) => event)).toEqual([opening, opened, handshake, answer, ping, closed]);
  });

  test("all but later payloads are pinned", () => {
    const { reported } = record(false, [opening, opened, handshake, answer, ping, ping, closed]);
    expect(reported.map(([, pinned]) => pinned)).toEqual([true, true, true, true, false, false, true]);
  });

  test("a negotiated socket is reported before it says anything, though it fails", () => {
    const { reported } = record(true, [opening, { type: "socket-failed", at: 2, socket: "s" }, closed]);
    expect(reported).toHaveLength(3);
  });

  test("one that never opens is reported where its address speaks of a hub, or where the user had it fail", () => {
    const failed: CaptureEvent = { type: "socket-failed", at: 2, socket: "s" };
    const attempt = [opening, failed, closed];
    const hubs = ["ws://h/hubs/chat", "wss://h/app/ChatHub?id=1", "ws://h/signalr/x", "ws://h/_blazor"];
    for (const url of hubs) expect(record(false, attempt, url).reported, url).toHaveLength(3);
    for (const url of ["ws://h/hmr", "ws://github.example/live", "ws://h/live?from=hub"]) {
      expect(record(false, attempt, url), url).toMatchObject({ reported: [], ignored: 1 });
    }
    const refused: CaptureEvent = { ...closed, type: "socket-closed", act: "refused" } as CaptureEvent;
    expect(record(false, [opening, failed, refused], "ws://h/live").reported).toHaveLength(3);
    expect(record(false, [opening, opened, closed], "ws://h/hub").reported).toEqual([]);
  });

  test("what has turned out to be a hub's socket teaches its address, once; others teach nothing", () => {
    expect(record(false, [opening, opened, handshake, answer, ping]).learnt).toEqual(["ws://h/hub"]);
    expect(record(false, [opening, opened, payload("in", "hello"), closed]).learnt).toEqual([]);
  });

  test("a socket that never speaks SignalR is ignored after ten payloads, and nothing of it is reported", () => {
    const chatter = Array.from({ length: 12 }, (_, at) => payload("in", `chat ${at}`));
    const { reported, ignored } = record(false, [opening, opened, ...chatter, handshake, closed]);
    expect(reported).toEqual([]);
    expect(ignored).toBe(1);
  });

  test("a large payload of an unknown socket is not held", () => {
    const { reported, ignored } = record(false, [opening, payload("in", "x".repeat(300_000)), handshake]);
    expect(reported).toEqual([]);
    expect(ignored).toBe(1);
  });

  test("a socket that closes unrecognised is ignored", () => {
    expect(record(false, [opening, opened, closed])).toEqual({ reported: [], ignored: 1, learnt: [] });
  });

  test("a socket that is met in the middle is recognised by its messages", () => {
    expect(record(false, [opening, ping]).reported).toHaveLength(2);
  });
});

describe("ordered queue", () => {
  test("values wait for a place taken before them", () => {
    const seen: number[] = [];
    const queue = createOrderedQueue<number>((value) => seen.push(value));
    queue.push(1);
    const second = queue.reserve();
    queue.push(3);
    const fourth = queue.reserve();
    queue.push(5);
    fourth(4);
    expect(seen).toEqual([1]);
    second(2);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    queue.push(6);
    expect(seen.at(-1)).toBe(6);
  });

  test("an empty place holds nothing up", () => {
    const seen: number[] = [];
    const queue = createOrderedQueue<number>((value) => seen.push(value));
    const first = queue.reserve();
    queue.push(2);
    first(undefined);
    expect(seen).toEqual([2]);
  });
});

describe("negotiated addresses", () => {
  test("a socket is known by host and path, whatever its scheme, query and last slash", () => {
    const urls = createNegotiatedUrls();
    urls.add("https://example.com/hubs/chat/negotiate?negotiateVersion=1");
    expect(urls.has("wss://example.com/hubs/chat?id=token")).toBe(true);
    expect(urls.has("wss://example.com/hubs/chat/?id=token")).toBe(true);
    expect(urls.has("wss://example.com/hubs/other?id=token")).toBe(false);
    expect(urls.has("wss://example.org/hubs/chat")).toBe(false);
  });
});
