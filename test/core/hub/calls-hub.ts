import { createHub } from "../../../core/src/hub/create-hub.ts";
import type { Hub, HubDefinition, HubOptions } from "../../../core/src/hub/hub.ts";
import { HubMethodError } from "../../../core/src/hub/hub-method-error.ts";

/** What the server saw, for tests that must know. */
export interface Seen {
  readonly cancelled: string[];
  readonly disconnected: string[];
  readonly faults: unknown[];
}

/** A hub with every shape of call. */
export function createCallsHub(options: HubOptions = {}): { readonly hub: Hub; readonly seen: Seen } {
  const seen: Seen = { cancelled: [], disconnected: [], faults: [] };
  const definition: HubDefinition = {
    methods: {
      Add: (_call, left, right) => Number(left) + Number(right),
      Echo: (_call, value) => value,
      Nothing: () => undefined,
      WhoAmI: (call) => call.connectionId,
      FailWithText: (_call, text) => {
        throw new HubMethodError(String(text));
      },
      async FailSecretly() {
        throw new RangeError("the password is 1234");
      },
      Unsendable: () => {
        const cycle: unknown[] = [];
        cycle.push(cycle);
        return cycle;
      },
      async *Count(_call, count) {
        for (let item = 0; item < Number(count); item++) yield item;
      },
      CountLater: async (_call, count) => countTo(Number(count)),
      async *FailAfter(_call, count) {
        yield* countTo(Number(count));
        throw new HubMethodError("the stream failed");
      },
      Forever: (call, name) => forever(call.signal, () => seen.cancelled.push(String(name))),
      Sum: async (call) => {
        let sum = 0;
        for await (const item of call.uploads[0] ?? countTo(0)) sum += Number(item);
        return sum;
      },
      SumTwo: async (call) => {
        const sums: number[] = [];
        for (const upload of call.uploads) {
          let sum = 0;
          for await (const item of upload) sum += Number(item);
          sums.push(sum);
        }
        return sums;
      },
      First: async (call) => {
        for await (const item of call.uploads[0] ?? countTo(0)) return item;
        return "nothing";
      },
      async *Doubled(call) {
        for await (const item of call.uploads[0] ?? countTo(0)) yield Number(item) * 2;
      },
      AskSquare: async (call, value) => `the square is ${await call.ask("Square", value)}`,
      JoinRoom: (call, room) => call.join(String(room)),
      LeaveRoom: (call, room) => call.leave(String(room)),
      SayToRoom: (call, room, text) => call.group(String(room)).send("Said", text),
      SayToAll: (call, text) => call.all.send("Said", text),
      SayToOthers: (call, text) => call.others.send("Said", text),
      SayToMe: (call, text) => call.caller.send("Said", text),
      Abort: (call) => call.abort(),
    },
    onDisconnected: (connectionId) => void seen.disconnected.push(connectionId),
  };
  return { hub: createHub(definition, { onFault: (error) => seen.faults.push(error), ...options }), seen };
}

async function* countTo(count: number): AsyncGenerator<number> {
  for (let item = 0; item < count; item++) yield item;
}

/** One item, then silence until the caller leaves. */
async function* forever(signal: AbortSignal, onCancel: () => void): AsyncGenerator<string> {
  signal.addEventListener("abort", onCancel, { once: true });
  yield "started";
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}
