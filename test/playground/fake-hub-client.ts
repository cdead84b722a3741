import type { ClientMethod, HubClient, HubClientState } from "../../core/src/client/hub-client.ts";
import type { WireValue } from "../../core/src/wire/hub-message.ts";

/** A client whose connection the test leads by hand: it behaves as the contract says, without a wire. */
export interface FakeHubClient extends HubClient {
  enter(state: HubClientState): void;
  /** Settles the start() under way. */
  started(error?: Error): void;
  /** What the server would call: the reply of the subscribed method; undefined where there is none. */
  receive(target: string, ...args: readonly WireValue[]): WireValue;
  readonly calls: readonly string[];
}

export function createFakeHubClient(): FakeHubClient {
  const calls: string[] = [];
  const methods = new Map<string, ClientMethod>();
  const listeners = new Set<(state: HubClientState) => void>();
  let state: HubClientState = { kind: "disconnected" };
  let settle: ((error?: Error) => void) | undefined;
  const enter = (next: HubClientState) => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  return {
    calls,
    enter,
    get state() {
      return state;
    },
    start: () => {
      calls.push("start");
      return new Promise((resolve, reject) => {
        settle = (error) => (error === undefined ? resolve() : reject(error));
      });
    },
    started: (error) => settle?.(error),
    stop: async () => {
      calls.push("stop");
      settle?.(new Error("The client was stopped."));
      enter({ kind: "disconnected" });
    },
    invoke: async (target, args) => {
      calls.push(`invoke ${target}`);
      return args[0];
    },
    send: async (target) => {
      calls.push(`send ${target}`);
    },
    async *stream(target, args) {
      calls.push(`stream ${target}`);
      yield* args;
    },
    on: (target, method, signal) => {
      methods.set(target.toLowerCase(), method);
      signal?.addEventListener("abort", () => {
        if (methods.get(target.toLowerCase()) === method) methods.delete(target.toLowerCase());
      });
    },
    onState: (listener, signal) => {
      listeners.add(listener);
      signal?.addEventListener("abort", () => listeners.delete(listener));
    },
    receive: (target, ...args) => methods.get(target.toLowerCase())?.(...args),
  };
}
