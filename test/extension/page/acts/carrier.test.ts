import { describe, expect, test } from "vitest";
import { splitLengthPrefixed } from "../../../../core/src/wire/framing/length-prefix.ts";
import type { HubMessage } from "../../../../core/src/wire/hub-message.ts";
import { jsonCodec } from "../../../../core/src/wire/json/codec.ts";
import { messagePackCodec } from "../../../../core/src/wire/messagepack/codec.ts";
import type { ActPayload, PageFault } from "../../../../extension/channel/acts.ts";
import type { CarrierData } from "../../../../extension/page/acts/act-natives.ts";
import { createCarrier } from "../../../../extension/page/acts/carrier.ts";
import { createFaultBook } from "../../../../extension/page/acts/fault-book.ts";
import { createFakeClock } from "../../../support/fake-clock.ts";

const send = (target: string, ...args: unknown[]): HubMessage => ({
  kind: "invocation",
  target,
  arguments: args,
});
const text = (...messages: readonly HubMessage[]) =>
  messages.map((message) => `${jsonCodec.encode(message)}`).join("");

function open({ draws = [] as number[] } = {}) {
  const clock = createFakeClock();
  const strikes = new Map<string, number>();
  const book = createFaultBook({
    random: () => draws.shift() ?? 0,
    struck: (fault, count) => strikes.set(fault, count),
  });
  /** What the page and the server got, and what was recorded: one line each. */
  const page: string[] = [];
  const server: string[] = [];
  const recorded: string[] = [];
  const state = { isOpen: true, hasLeft: false, isRecorded: true };
  const carrier = createCarrier(
    {
      id: "hook-1",
      isOpen: () => state.isOpen,
      send: (data) => server.push(shown(data)),
      post: undefined,
      deliver: (data) => page.push(shown(data)),
      report: (direction, payload, act) =>
        recorded.push(
          `${act ?? "passed"} ${direction} ${payload.kind === "text" ? shown(payload.text) : payload.kind === "binary" ? shown(payload.bytes as Uint8Array<ArrayBuffer>) : payload.kind}`,
        ),
      isRecorded: () => state.isRecorded,
      left: () => {
        state.hasLeft = true;
      },
    },
    {
      book,
      act: {
        after(delay, action) {
          const timer = new AbortController();
          clock.after(delay, action, timer.signal);
          return () => timer.abort();
        },
      },
      natives: {
        bufferSize: (buffer) => buffer.byteLength,
        blobSize: (blob) => blob.size,
        readBlob: (blob) => blob.arrayBuffer(),
      },
    },
  );
  return {
    carrier,
    clock,
    page,
    server,
    recorded,
    strikes,
    state,
    break(...faults: readonly PageFault[]) {
      book.replace(faults);
      carrier.release();
    },
    /** As the watcher does: what is not taken goes to the page as it came. */
    arrive(data: string | ArrayBuffer | Blob) {
      if (!carrier.takesMessage(data))
        page.push(typeof data === "string" ? `native ${shown(data)}` : "native bytes");
    },
    say(data: string) {
      if (!carrier.takesSend(data)) server.push(`native ${shown(data)}`);
    },
  };
}

/** Targets of the messages within, or what else they are. */
function shown(data: CarrierData | string): string {
  if (typeof data === "string")
    return data
      .split("\u001e")
      .filter((record) => record !== "")
      .map((record) => nameOf(jsonCodec.decode({ kind: "text", text: record }).message))
      .join("+");
  if (data instanceof Blob) return "blob";
  return splitLengthPrefixed(data)
    .records.map(({ raw }) => nameOf(messagePackCodec.decode(raw).message))
    .join("+");
}

function nameOf(message: HubMessage): string {
  if ("target" in message) return message.target;
  return "invocationId" in message ? `${message.kind} ${message.invocationId}` : message.kind;
}

const fault = (facts: Partial<Extract<PageFault, { direction: string }>>): PageFault => ({
  id: "f",
  kind: "drop",
  direction: "in",
  share: 1,
  delay: 100,
  ...facts,
});

describe("while nothing is broken", () => {
  test("nothing is taken, and nothing recorded", () => {
    const { arrive, say, page, server, recorded } = open();
    arrive(text(send("A"), send("B")));
    say(text(send("C")));
    expect({ page, server, recorded }).toEqual({ page: ["native A+B"], server: ["native C"], recorded: [] });
  });
});

describe("drop", () => {
  test("by target takes one record out of a batch; the page gets the others in one event", () => {
    const { arrive, page, recorded, strikes, ...rest } = open();
    rest.break(fault({ target: "B" }));
    arrive(text(send("A"), send("B"), send("C")));
    expect(page).toEqual(["A+C"]);
    expect(recorded).toEqual(["passed in A", "dropped in B", "passed in C"]);
    expect(strikes.get("f")).toBe(1);
  });

  test("by target takes one record out of a binary batch", () => {
    const { arrive, page, recorded, ...rest } = open();
    rest.break(fault({ target: "B" }));
    const pieces = [send("A"), send("B"), send("C")].map(
      (message) => messagePackCodec.encode(message) as Uint8Array,
    );
    const batch = new Uint8Array(pieces.flatMap((piece) => [...piece]));
    arrive(batch.buffer);
    expect(page).toEqual(["A+C"]);
    expect(recorded).toEqual(["passed in A", "dropped in B", "passed in C"]);
  });

  test("leaves a payload alone that it does not meet", () => {
    const { arrive, say, page, server, recorded, ...rest } = open();
    rest.break(fault({ target: "B" }));
    arrive(text(send("A")));
    say(text(send("B")));
    expect({ page, server, recorded }).toEqual({ page: ["native A"], server: ["native B"], recorded: [] });
  });

  test("without a target meets all but pings and the handshake", () => {
    const { arrive, page, ...rest } = open();
    rest.break(fault({}));
    arrive("{}\u001e");
    arrive(text({ kind: "ping" }));
    arrive(text({ kind: "completion", invocationId: "1", outcome: { kind: "void" } }, { kind: "ping" }));
    expect(page).toEqual(
      ["native handshake-response", "native ping", "ping"].map((line) =>
        line.replace("handshake-response", shown("{}\u001e")),
      ),
    );
  });

  test("meets the share that is asked for, by chance", () => {
    const { say, server, strikes, ...rest } = open({ draws: [0.6, 0.4, 0.5, 0.49] });
    rest.break(fault({ direction: "out", share: 0.5 }));
    for (const target of ["A", "B", "C", "D"]) say(text(send(target)));
    expect(server).toEqual(["native A", "native C"]);
    expect(strikes.get("f")).toBe(2);
  });

  test("of a socket that is not recorded, because nobody knows what it is, is not met", () => {
    const { arrive, say, page, server, state, ...rest } = open();
    state.isRecorded = false;
    rest.break(fault({}), fault({ id: "o", direction: "out" }), { id: "s", kind: "silence" });
    arrive("chat");
    say("chat");
    expect([page.length, server.length]).toEqual([1, 1]);
    expect(page[0]).toMatch(/^native/);
  });

  test("of another carrier is none of this one's business", () => {
    const { arrive, page, ...rest } = open();
    rest.break(fault({ carriers: ["hook-2"] }));
    arrive(text(send("A")));
    expect(page).toEqual(["native A"]);
  });

  test("by target meets what answers such a call, if the call was seen", () => {
    const { arrive, say, page, server, ...rest } = open();
    const call = (invocationId: string, target: string): HubMessage => ({
      kind: "invocation",
      invocationId,
      target,
      arguments: [],
    });
    const reply = (invocationId: string): HubMessage => ({
      kind: "completion",
      invocationId,
      outcome: { kind: "void" },
    });
    say(text(call("1", "Add")));
    rest.break(fault({ target: "Add" }));
    say(text(call("2", "Add")));
    say(text(call("3", "Sub")));
    arrive(text(reply("1")));
    arrive(text({ kind: "stream-item", invocationId: "2", item: 1 }));
    arrive(text(reply("2"), reply("3")));
    arrive(text(reply("2")));
    expect(page).toEqual(["native completion 1", "completion 3", "native completion 2"]);
    expect(server).toHaveLength(3);
    rest.break(fault({ direction: "out", target: "Sub" }));
    say(text(call("4", "Sub")));
    say(text({ kind: "cancel-invocation", invocationId: "4" }));
    expect(server).toHaveLength(3);
  });

  test("without a target meets a Blob, of which nobody knows what it says", () => {
    const { arrive, page, recorded, ...rest } = open();
    rest.break(fault({ target: "A" }));
    arrive(new Blob(["x"]));
    rest.break(fault({}));
    arrive(new Blob(["x"]));
    expect(page).toEqual(["native bytes"]);
    expect(recorded).toEqual(["dropped in later"]);
  });
});

describe("delay", () => {
  test("holds what it meets, in both directions, and nothing else waits for it", async () => {
    const { arrive, say, page, server, clock, recorded, ...rest } = open();
    rest.break(
      fault({ id: "i", kind: "delay", target: "A" }),
      fault({ id: "o", kind: "delay", direction: "out" }),
    );
    arrive(text(send("A"), send("B")));
    say(text(send("C")));
    expect({ page, server }).toEqual({ page: ["B"], server: [] });
    await clock.advance(100);
    expect({ page, server }).toEqual({ page: ["B", "A"], server: ["C"] });
    expect(recorded).toEqual(["delayed in A", "passed in B", "delayed out C"]);
  });

  test("is over when the page closes: what it had sent goes out first, what was on its way in is lost", async () => {
    const { arrive, say, page, server, clock, carrier, ...rest } = open();
    rest.break(fault({ kind: "delay" }), fault({ id: "o", kind: "delay", direction: "out" }));
    arrive(text(send("A")));
    say(text(send("B")));
    carrier.pageCloses();
    carrier.pageClosed();
    expect(server).toEqual(["B"]);
    carrier.takesClose();
    await clock.advance(1_000);
    expect(page).toEqual([]);
  });

  test("goes on where the page's close is refused", async () => {
    const { arrive, page, clock, carrier, ...rest } = open();
    rest.break(fault({ kind: "delay" }));
    arrive(text(send("A")));
    carrier.pageCloses();
    await clock.advance(100);
    expect(page).toEqual(["A"]);
  });

  test("is over when the server closes: the page gets everything, then the close", () => {
    const { arrive, page, carrier, state, ...rest } = open();
    rest.break(fault({ kind: "delay" }));
    arrive(text(send("A")));
    arrive(text(send("B")));
    state.isOpen = false;
    expect(carrier.takesClose()).toBeUndefined();
    expect(page).toEqual(["A", "B"]);
    expect(state.hasLeft).toBe(true);
  });

  test("what was to go out is not sent on a socket that has closed meanwhile", async () => {
    const { say, server, clock, state, ...rest } = open();
    rest.break(fault({ kind: "delay", direction: "out" }));
    say(text(send("A")));
    state.isOpen = false;
    await clock.advance(1_000);
    expect(server).toEqual([]);
  });
});

describe("reorder", () => {
  test("lets the next message overtake, whatever it is but a ping", () => {
    const { arrive, page, recorded, ...rest } = open();
    rest.break(fault({ kind: "reorder", target: "A" }));
    arrive(text(send("A")));
    arrive(text({ kind: "ping" }));
    arrive(text(send("B")));
    arrive(text(send("C")));
    expect(page).toEqual(["native ping", "B+A", "native C"]);
    expect(recorded).toEqual(["reordered in A", "passed in B"]);
  });

  test("of everything swaps neighbours, within a batch too", () => {
    const { arrive, page, ...rest } = open();
    rest.break(fault({ kind: "reorder" }));
    arrive(text(send("A"), send("B"), send("C")));
    arrive(text(send("D")));
    expect(page).toEqual(["B+A", "D+C"]);
  });

  test("waits no longer than it may", async () => {
    const { arrive, page, clock, ...rest } = open();
    rest.break(fault({ kind: "reorder", delay: 200 }));
    arrive(text(send("A")));
    await clock.advance(200);
    expect(page).toEqual(["A"]);
  });
});

describe("silence", () => {
  test("holds everything from the server, pings too, and nothing from the page", () => {
    const { arrive, say, page, server, recorded, strikes, ...rest } = open();
    rest.break({ id: "s", kind: "silence" });
    arrive(text({ kind: "ping" }));
    arrive(text(send("A")));
    say(text(send("B")));
    expect({ page, server }).toEqual({ page: [], server: ["native B"] });
    expect(recorded).toEqual(["delayed in ping", "delayed in A"]);
    expect(strikes.get("s")).toBe(2);
  });

  test("ends with everything in order, also by taking this carrier out of it", () => {
    const { arrive, page, ...rest } = open();
    rest.break({ id: "s", kind: "silence", carriers: ["hook-1"] });
    arrive(text(send("A")));
    arrive(text(send("B")));
    rest.break({ id: "s", kind: "silence", carriers: ["hook-2"] });
    arrive(text(send("C")));
    expect(page).toEqual(["A", "B", "native C"]);
  });
});

describe("what the user sends", () => {
  const call = text({ kind: "invocation", invocationId: "hubscope-1", target: "Add", arguments: [1, 2] });
  const cancel: ActPayload = {
    kind: "text",
    text: text({ kind: "cancel-invocation", invocationId: "hubscope-2" }),
  };
  const reply = (invocationId: string): HubMessage => ({
    kind: "completion",
    invocationId,
    outcome: { kind: "result", value: 3 },
  });

  test("goes out past all faults, and its reply is recorded but not the page's", () => {
    const { arrive, carrier, page, server, recorded, ...rest } = open();
    rest.break(fault({}), fault({ id: "o", direction: "out" }));
    expect(carrier.send(call, { takesAnswers: true })).toBe(true);
    rest.break();
    arrive(text(send("A"), reply("hubscope-1"), reply("1")));
    arrive(text(reply("hubscope-1")));
    expect(server).toEqual(["Add"]);
    expect(page).toEqual(["A+completion 1", "native completion hubscope-1"]);
    expect(recorded).toEqual(["sent out Add", "passed in A+completion hubscope-1+completion 1"]);
  });

  test("has all items of a stream kept from the page, up to its completion", () => {
    const { arrive, carrier, page } = open();
    const stream = text({
      kind: "stream-invocation",
      invocationId: "hubscope-2",
      target: "Count",
      arguments: [],
    });
    carrier.send(stream, { takesAnswers: true });
    arrive(text({ kind: "stream-item", invocationId: "hubscope-2", item: 1 }));
    arrive(text({ kind: "stream-item", invocationId: "hubscope-2", item: 2 }, reply("hubscope-2")));
    expect(page).toEqual([]);
    arrive(text(send("A")));
    expect(page).toEqual(["native A"]);
  });

  test("has its replies left to the page where they are counted", () => {
    const { arrive, carrier, page } = open();
    carrier.send(call, { takesAnswers: false });
    arrive(text(reply("hubscope-1")));
    expect(page).toEqual(["native completion hubscope-1"]);
  });

  test("is not sent where the socket is not open", () => {
    const { carrier, server, recorded, state } = open();
    state.isOpen = false;
    expect(carrier.send(call, { takesAnswers: true })).toBe(false);
    expect(carrier.simulate(call)).toBe(false);
    expect({ server, recorded }).toEqual({ server: [], recorded: [] });
  });

  test("is cancelled when all is undone, and what still comes is kept from the page", () => {
    const { arrive, carrier, page, server } = open();
    const stream = text({
      kind: "stream-invocation",
      invocationId: "hubscope-2",
      target: "Count",
      arguments: [],
    });
    carrier.send(stream, { takesAnswers: true, cancel });
    const decode = (payload: ActPayload) => (payload.kind === "text" ? payload.text : undefined);
    carrier.undo(decode);
    carrier.undo(decode);
    arrive(text({ kind: "stream-item", invocationId: "hubscope-2", item: 1 }));
    arrive(text(reply("hubscope-2")));
    expect(server).toEqual(["Count", "cancel-invocation hubscope-2"]);
    expect(page).toEqual([]);
  });

  test("can be a simulation, which passes all faults too", () => {
    const { carrier, page, recorded, ...rest } = open();
    rest.break(fault({}), { id: "s", kind: "silence" });
    expect(carrier.simulate(text(send("A")))).toBe(true);
    expect({ page, recorded }).toEqual({ page: ["A"], recorded: ["simulated in A"] });
  });
});

describe("undo", () => {
  test("delivers what was held in the order of the wire, each payload by itself, and loses nothing", () => {
    const { arrive, say, page, server, carrier, ...rest } = open();
    rest.break(
      fault({ id: "d", kind: "delay", target: "A" }),
      fault({ id: "r", kind: "reorder", target: "B" }),
      fault({ id: "o", kind: "delay", direction: "out" }),
    );
    arrive(text(send("A")));
    arrive(text(send("B")));
    say(text(send("C")));
    rest.break({ id: "s", kind: "silence" }, fault({ id: "d", kind: "delay", target: "A" }));
    arrive(text(send("D")));
    carrier.undo(() => undefined);
    expect({ page, server }).toEqual({ page: ["A", "B", "D"], server: ["C"] });
  });
});
