import type { Port } from "../../extension/channel/port.ts";

/** Two connected ports: what one posts the other hears, as a copy, when `deliver` is called. */
export interface PortPair {
  readonly near: Port;
  readonly far: Port;
  /** Breaks the pair as the browser does: messages on the way are lost, each end hears of it. */
  cut(): void;
  /** The same, but the near end is not told: its document is gone, or cached. */
  cutFar(): void;
}

export interface PortWorld {
  open(name: string): PortPair;
  /** Delivers what was posted, and what is posted meanwhile. Answers how many messages that was. */
  deliver(most?: number): number;
}

interface End {
  readonly messages: ((message: unknown) => void)[];
  readonly disconnects: (() => void)[];
}

/** What ports do to a message: clone it (Firefox, Chromium from 148), or make JSON of it (Chromium before). */
export const PORT_COPIES = {
  clone: (message: unknown): unknown => structuredClone(message),
  json: (message: unknown): unknown => JSON.parse(JSON.stringify(message)),
} as const;

export function createPortWorld(copy: (message: unknown) => unknown = PORT_COPIES.clone): PortWorld {
  let posted: { readonly to: End; readonly message: unknown; readonly pair: object }[] = [];

  function open(name: string): PortPair {
    const pair = {};
    const ends: readonly [End, End] = [
      { messages: [], disconnects: [] },
      { messages: [], disconnects: [] },
    ];
    let isOpen = true;
    const close = (tell: readonly End[]) => {
      if (!isOpen) return;
      isOpen = false;
      posted = posted.filter((message) => message.pair !== pair);
      for (const end of tell) for (const listener of end.disconnects) listener();
    };
    const port = (own: End, other: End): Port => ({
      name,
      post(message) {
        if (!isOpen) throw new Error("Attempting to use a disconnected port object");
        posted.push({ to: other, message: copy(message), pair });
      },
      onMessage: (listener) => own.messages.push(listener),
      onDisconnect: (listener) => own.disconnects.push(listener),
      disconnect: () => close([other]),
    });
    return {
      near: port(ends[0], ends[1]),
      far: port(ends[1], ends[0]),
      cut: () => close(ends),
      cutFar: () => close([ends[1]]),
    };
  }

  return {
    open,
    deliver(most = Number.POSITIVE_INFINITY) {
      let delivered = 0;
      for (; delivered < most; delivered++) {
        const next = posted.shift();
        if (next === undefined) break;
        for (const listener of next.to.messages) listener(next.message);
      }
      return delivered;
    },
  };
}
