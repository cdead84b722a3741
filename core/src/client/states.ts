import type { HubClientState } from "./hub-client.ts";
import type { Isolate } from "./isolate.ts";

/** Which state may follow which. Anything else is a bug of ours. */
export const NEXT_STATES: Readonly<Record<HubClientState["kind"], readonly HubClientState["kind"][]>> = {
  disconnected: ["negotiating", "opening"],
  negotiating: ["opening", "stopping", "disconnected"],
  opening: ["handshaking", "stopping", "disconnected"],
  handshaking: ["connected", "stopping", "disconnected"],
  connected: ["stopping", "disconnected"],
  stopping: ["disconnected"],
};

export interface States {
  readonly current: HubClientState;
  enter(state: HubClientState): void;
  listen(listener: (state: HubClientState) => void, signal?: AbortSignal): void;
}

export function createStates(isolate: Isolate): States {
  let current: HubClientState = { kind: "disconnected" };
  const listeners = new Set<(state: HubClientState) => void>();
  return {
    get current() {
      return current;
    },
    enter(state) {
      if (!NEXT_STATES[current.kind].includes(state.kind)) {
        throw new TypeError(`A client that is ${current.kind} cannot become ${state.kind}.`);
      }
      current = state;
      for (const listener of [...listeners]) isolate(() => listener(state));
    },
    listen(listener, signal) {
      if (signal?.aborted) return;
      // A wrapper, so that the same function can be registered twice and each has its own end.
      const entry = (state: HubClientState) => listener(state);
      listeners.add(entry);
      signal?.addEventListener("abort", () => listeners.delete(entry), { once: true });
    },
  };
}
