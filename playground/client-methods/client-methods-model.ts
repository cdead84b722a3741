import { type ReadonlySignal, signal } from "@preact/signals";
import type { Milliseconds } from "../../core/src/capture-event.ts";
import type { HubClient } from "../../core/src/client/hub-client.ts";
import type { Clock } from "../../core/src/ports/clock.ts";
import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import { parseReply } from "../../ui/arguments/parse-arguments.ts";
import { createFrameBatch, type NextFrame } from "../frame-batch.ts";

/** A client method that the user listens to. Replaced, never mutated, when it changes. */
export interface ClientMethodSubscription {
  readonly target: string;
  readonly count: number;
  readonly last?: { readonly at: Milliseconds; readonly arguments: readonly WireValue[] };
  /** The value that answers a client result, as typed; "" answers with none. */
  readonly reply: string;
  /** Why the reply cannot be used. */
  readonly fault?: string;
}

export interface ClientMethodsModel {
  readonly subscriptions: ReadonlySignal<readonly ClientMethodSubscription[]>;
  /** Does nothing for a target that is subscribed already: targets are compared without case. */
  subscribe(target: string, reply?: string): void;
  unsubscribe(target: string): void;
  setReply(target: string, reply: string): void;
  /** Every new client listens to what is subscribed. */
  attach(client: HubClient): void;
}

export interface ClientMethodsPorts {
  readonly clock: Clock;
  readonly nextFrame: NextFrame;
  readonly protocol: ReadonlySignal<HubProtocolName>;
}

interface Tally {
  count: number;
  last?: NonNullable<ClientMethodSubscription["last"]>;
}

export function createClientMethodsModel(ports: ClientMethodsPorts): ClientMethodsModel {
  const subscriptions = signal<readonly ClientMethodSubscription[]>([]);
  const aborts = new Map<string, AbortController>();
  const tallies = new Map<string, Tally>();
  let client: HubClient | undefined;

  const showSoon = createFrameBatch(ports.nextFrame, () => {
    subscriptions.value = subscriptions.value.map((one) => ({ ...one, ...tallies.get(keyOf(one.target)) }));
  });

  const received = (target: string, args: readonly WireValue[]): WireValue => {
    const tally = tallies.get(keyOf(target));
    if (tally === undefined) return undefined;
    tally.count += 1;
    tally.last = { at: ports.clock.now(), arguments: args };
    showSoon();
    const typed = subscriptions.peek().find((one) => keyOf(one.target) === keyOf(target))?.reply ?? "";
    const reply = parseReply(typed, ports.protocol.peek());
    if (reply.kind === "parsed") return reply.value;
    throw new Error(`The playground's reply cannot be used: ${reply.message}`);
  };

  const listen = (target: string) => {
    const abort = new AbortController();
    aborts.set(keyOf(target), abort);
    client?.on(target, (...args) => received(target, args), abort.signal);
  };

  const change = (target: string, what: Partial<ClientMethodSubscription>) => {
    subscriptions.value = subscriptions.value.map((one) => {
      if (keyOf(one.target) !== keyOf(target)) return one;
      const { fault: _gone, ...rest } = one;
      return { ...rest, ...what };
    });
  };

  return {
    subscriptions,
    subscribe: (typed, reply = "") => {
      const target = typed.trim();
      if (target === "" || tallies.has(keyOf(target))) return;
      tallies.set(keyOf(target), { count: 0 });
      subscriptions.value = [...subscriptions.value, { target, count: 0, reply }];
      listen(target);
    },
    unsubscribe: (target) => {
      aborts.get(keyOf(target))?.abort();
      aborts.delete(keyOf(target));
      tallies.delete(keyOf(target));
      subscriptions.value = subscriptions.value.filter((one) => keyOf(one.target) !== keyOf(target));
    },
    setReply: (target, reply) => {
      const parsed = parseReply(reply, ports.protocol.peek());
      change(target, { reply, ...(parsed.kind === "faulty" ? { fault: parsed.message } : {}) });
    },
    attach: (fresh) => {
      client = fresh;
      for (const { target } of subscriptions.peek()) {
        aborts.get(keyOf(target))?.abort();
        listen(target);
      }
    },
  };
}

function keyOf(target: string): string {
  return target.trim().toLowerCase();
}
