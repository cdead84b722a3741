import { type ReadonlySignal, signal } from "@preact/signals";
import type { HubClient } from "../../core/src/client/hub-client.ts";
import type { Clock } from "../../core/src/ports/clock.ts";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import type { CallKind } from "../composer/composer-model.ts";
import { createFrameBatch, type NextFrame } from "../frame-batch.ts";
import type { Run, RunState } from "./run.ts";
import { createStreamTally } from "./stream-progress.ts";

export interface Call {
  readonly kind: CallKind;
  readonly target: string;
  readonly arguments: readonly WireValue[];
  readonly uploads: readonly (readonly WireValue[])[];
}

export interface RunsModel {
  /** Newest first, bounded. */
  readonly runs: ReadonlySignal<readonly Run[]>;
  /** Never rejects: what fails is shown in the run. Resolves when the run is over. */
  start(client: HubClient, call: Call): Promise<void>;
  /** Cancels a stream; stops waiting for an answer. */
  cancel(number: number): void;
  /** Forgets what is over. */
  clear(): void;
}

export interface RunsPorts {
  readonly clock: Clock;
  readonly nextFrame: NextFrame;
}

const RUNS_KEPT = 50;

export function createRunsModel({ clock, nextFrame }: RunsPorts): RunsModel {
  const runs = signal<readonly Run[]>([]);
  const aborts = new Map<number, AbortController>();
  let lastNumber = 0;

  const change = (number: number, what: Partial<Run>) => {
    runs.value = runs.value.map((run) => (run.number === number ? { ...run, ...what } : run));
  };

  const add = (kind: CallKind, target: string): Run => {
    lastNumber += 1;
    const run: Run = { number: lastNumber, kind, target, startedAt: clock.now(), state: { kind: "waiting" } };
    runs.value = [run, ...runs.value];
    return run;
  };

  const start = async (client: HubClient, call: Call) => {
    const { number, startedAt } = add(call.kind, call.target);
    const abort = new AbortController();
    aborts.set(number, abort);
    const took = () => clock.now() - startedAt;
    try {
      const state = await carryOut(client, call, number, abort.signal);
      change(number, { state: { ...state, took: took() } });
    } catch (error) {
      const cancelled = abort.signal.aborted && error === abort.signal.reason;
      change(number, {
        state: cancelled
          ? { kind: "cancelled", took: took() }
          : { kind: "failed", message: textOf(error), took: took() },
      });
    } finally {
      aborts.delete(number);
      runs.value = bounded(runs.value);
    }
  };

  const carryOut = async (
    client: HubClient,
    call: Call,
    number: number,
    signal: AbortSignal,
  ): Promise<WithoutTook<Exclude<RunState, { kind: "waiting" }>>> => {
    const uploads = call.uploads.map(streamOf);
    switch (call.kind) {
      case "invoke":
        return {
          kind: "answered",
          value: await client.invoke(call.target, call.arguments, { uploads, signal }),
        };
      case "send":
        await client.send(call.target, call.arguments, { uploads });
        return { kind: "sent" };
      case "stream": {
        await follow(client.stream(call.target, call.arguments, { uploads, signal }), number);
        return { kind: signal.aborted ? "cancelled" : "ended" };
      }
      default:
        throw new TypeError(`call ${call.kind satisfies never}`);
    }
  };

  const follow = async (items: AsyncIterable<WireValue>, number: number) => {
    const tally = createStreamTally();
    const show = () => change(number, { stream: tally.progress(clock.now()) });
    const showSoon = createFrameBatch(nextFrame, show);
    try {
      for await (const item of items) {
        tally.add(item, clock.now());
        showSoon();
      }
    } finally {
      show();
    }
  };

  return {
    runs,
    start,
    cancel: (number) => aborts.get(number)?.abort(),
    clear: () => {
      runs.value = runs.value.filter(({ number }) => aborts.has(number));
    },
  };
}

type WithoutTook<T> = T extends unknown ? Omit<T, "took"> : never;

/** What is still under way is never forgotten: it has to stay possible to cancel it. */
function bounded(runs: readonly Run[]): readonly Run[] {
  const over = runs.filter(({ state }) => state.kind !== "waiting");
  const oldestKept = over[RUNS_KEPT - 1]?.number ?? 0;
  return runs.filter(({ number, state }) => state.kind === "waiting" || number >= oldestKept);
}

async function* streamOf(items: readonly WireValue[]): AsyncIterable<WireValue> {
  yield* items;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
