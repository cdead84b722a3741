import { describe, expect, test } from "vitest";
import type { HubClient, InvokeOptions } from "../../../core/src/client/hub-client.ts";
import { HubscopeError } from "../../../core/src/errors.ts";
import type { WireValue } from "../../../core/src/wire/hub-message.ts";
import { type Call, createRunsModel } from "../../../playground/runs/runs-model.ts";
import { createFakeClock, settle } from "../../support/fake-clock.ts";
import { createFakeHubClient } from "../fake-hub-client.ts";

const call = (what: Partial<Call>): Call => ({
  kind: "invoke",
  target: "Echo",
  arguments: [],
  uploads: [],
  ...what,
});

function setUp() {
  const clock = createFakeClock();
  const frames: (() => void)[] = [];
  const model = createRunsModel({ clock, nextFrame: (action) => frames.push(action) });
  const frame = () => {
    for (const action of frames.splice(0)) action();
  };
  const client = (what: Partial<HubClient>): HubClient => ({ ...createFakeHubClient(), ...what });
  return { clock, model, frame, frames, client };
}

/** Never settles by itself, but minds its signal as the contract says. */
function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}

describe("the results of calls", () => {
  test("an answer has its value and its time", async () => {
    const { clock, model, client } = setUp();
    let answer: (value: WireValue) => void = () => undefined;
    const slow = client({
      invoke: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const done = model.start(slow, call({}));
    expect(model.runs.value[0]?.state).toEqual({ kind: "waiting" });
    await clock.advance(64);
    answer({ id: 1 });
    await done;
    expect(model.runs.value[0]?.state).toEqual({ kind: "answered", value: { id: 1 }, took: 64 });
  });

  test("an error has the server's text", async () => {
    const { model, client } = setUp();
    const failing = client({
      invoke: () => Promise.reject(new HubscopeError("invocation-failed", "Order is filled.")),
    });
    await model.start(failing, call({}));
    expect(model.runs.value[0]?.state).toMatchObject({ kind: "failed", message: "Order is filled." });
  });

  test("a send is over when it was handed over", async () => {
    const { model, client } = setUp();
    await model.start(client({}), call({ kind: "send" }));
    expect(model.runs.value[0]?.state.kind).toBe("sent");
  });

  test("uploads are given to the client as streams", async () => {
    const { model, client } = setUp();
    const received: WireValue[][] = [];
    const uploading = client({
      invoke: async (_target, _args, options) => {
        for (const upload of options?.uploads ?? []) {
          const items: WireValue[] = [];
          for await (const item of upload) items.push(item);
          received.push(items);
        }
      },
    });
    await model.start(uploading, call({ uploads: [[1, 2], []] }));
    expect(received).toEqual([[1, 2], []]);
  });

  test("cancelling an invoke stops waiting", async () => {
    const { model, client } = setUp();
    const waiting = client({
      invoke: (_target, _args, options?: InvokeOptions) => untilAborted(options?.signal),
    });
    const done = model.start(waiting, call({}));
    model.cancel(1);
    await done;
    expect(model.runs.value[0]?.state.kind).toBe("cancelled");
  });

  test("results are bounded, and what is under way is kept", async () => {
    const { model, client } = setUp();
    const waiting = client({
      invoke: (_target, _args, options?: InvokeOptions) => untilAborted(options?.signal),
    });
    const done = model.start(waiting, call({ target: "Forever" }));
    for (let count = 0; count < 80; count++) await model.start(client({}), call({}));
    expect(model.runs.value).toHaveLength(51);
    expect(model.runs.value[0]?.number).toBe(81);
    expect(model.runs.value.at(-1)?.target).toBe("Forever");
    model.clear();
    expect(model.runs.value.map(({ target }) => target)).toEqual(["Forever"]);
    model.cancel(1);
    await done;
  });
});

describe("streams", () => {
  test("several run at once, each with its own items", async () => {
    const { model, frame } = setUp();
    const client = createFakeHubClient();
    await Promise.all([
      model.start(client, call({ kind: "stream", target: "A", arguments: [1, 2, 3] })),
      model.start(client, call({ kind: "stream", target: "B", arguments: [4] })),
    ]);
    frame();
    expect(model.runs.value.map(({ target, stream, state }) => [target, stream?.count, state.kind])).toEqual([
      ["B", 1, "ended"],
      ["A", 3, "ended"],
    ]);
  });

  test("a fast stream is shown once a frame", async () => {
    const { model, client, frames, frame } = setUp();
    let finish: () => void = () => undefined;
    const fast = client({
      async *stream() {
        for (let item = 0; item < 10_000; item++) yield item;
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
    });
    const done = model.start(fast, call({ kind: "stream" }));
    await settle();
    expect(frames).toHaveLength(1);
    expect(model.runs.value[0]?.stream).toBeUndefined();
    frame();
    expect(model.runs.value[0]?.stream?.count).toBe(10_000);
    finish();
    await done;
    expect(model.runs.value[0]?.state.kind).toBe("ended");
  });

  test("cancelling keeps the items", async () => {
    const { model, client } = setUp();
    const endless = client({
      async *stream(_target, _args, options) {
        yield 1;
        await untilAborted(options?.signal);
      },
    });
    const done = model.start(endless, call({ kind: "stream" }));
    await settle();
    model.cancel(1);
    await done;
    expect(model.runs.value[0]).toMatchObject({ state: { kind: "cancelled" }, stream: { count: 1 } });
  });

  test("a stream that fails midway has its items and its error", async () => {
    const { model, client } = setUp();
    const failing = client({
      async *stream() {
        yield 1;
        throw new HubscopeError("invocation-failed", "It broke.");
      },
    });
    await model.start(failing, call({ kind: "stream" }));
    expect(model.runs.value[0]).toMatchObject({
      state: { kind: "failed", message: "It broke." },
      stream: { count: 1 },
    });
  });
});
