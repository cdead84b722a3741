import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type {
  ConnectionId,
  EntryNumber,
  Invocation,
  LogEntry,
  MessageEntry,
} from "../../../core/src/session/model.ts";
import { headOf } from "../../../core/src/session/record-head.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { formatCountOf } from "../../format/format-count.ts";
import { formatDuration } from "../../format/format-duration.ts";
import { recomputed } from "../../recomputed.ts";
import { safeLine } from "../../value/safe-text.ts";
import { createValueTreeModel, type ValueTreeModel } from "../../value/value-tree-model.ts";
import { messageParts } from "../detail/message-parts.ts";
import type { ActOutcome } from "./actor.ts";
import type { SendMode } from "./send-kinds.ts";

/** How a run looks: it goes on, it went well, it failed. */
export type RunTone = "open" | "done" | "failed";

export interface RunState {
  readonly tone: RunTone;
  readonly sentence: string;
}

/** One message that the user sent or simulated, and what came of it. */
export interface ActRun {
  readonly number: number;
  readonly mode: SendMode;
  readonly title: string;
  readonly state: ReadonlySignal<RunState>;
  /** The row of the message itself, once the session has it. */
  readonly entry: ReadonlySignal<EntryNumber | undefined>;
  /** The row of the answer, or of the newest item of a stream. */
  readonly answer: ReadonlySignal<EntryNumber | undefined>;
  /** What the answer carries; of a failure the state says it. */
  readonly tree: ReadonlySignal<ValueTreeModel | undefined>;
  readonly canCancel: ReadonlySignal<boolean>;
  /** Absent where the message opens nothing that is answered under an ID. */
  readonly invocationId: string | undefined;
  readonly connection: ConnectionId;
  dispose(): void;
}

/** The message of a run. */
export interface RunSubject {
  readonly title: string;
  /** How the message is known when the session has it. */
  readonly matches: (entry: MessageEntry) => boolean;
  readonly invocationId: string | undefined;
  /** The message waits for an answer. */
  readonly isCall: boolean;
}

export interface ActRunOptions extends RunSubject {
  readonly session: Session;
  readonly revision: ReadonlySignal<number>;
  readonly number: number;
  readonly mode: SendMode;
  readonly connection: ConnectionId;
  readonly start: () => Promise<ActOutcome>;
  /** Called once with the last sentence. */
  readonly onEnd: (sentence: string) => void;
}

export function createActRun(options: ActRunOptions): ActRun {
  const { session, revision, mode, connection, invocationId } = options;
  const outcome = signal<ActOutcome | undefined>(undefined);
  // Before the start: the message may be recorded before its outcome is known.
  let next: EntryNumber = session.firstNumber + session.log.length;
  options.start().then(
    (said) => {
      outcome.value = said;
    },
    (error: unknown) => {
      outcome.value = { ok: false, reason: `This did not work: ${String(error)}` };
    },
  );

  let found: EntryNumber | undefined;
  const isOwn = (entry: LogEntry | undefined): entry is MessageEntry =>
    entry?.kind === "message" &&
    entry.connection === connection &&
    entry.act === (mode === "send" ? "sent" : "simulated") &&
    options.matches(entry);

  const entry = recomputed(revision, () => {
    if (found !== undefined && isOwn(session.entry(found))) return found;
    // Numbers change when a connection is decoded anew: only a message with an ID can be told again then.
    if (found !== undefined && invocationId !== undefined) next = session.firstNumber;
    const end = session.firstNumber + session.log.length;
    found = undefined;
    for (next = Math.max(next, session.firstNumber); next < end && found === undefined; next += 1)
      if (isOwn(session.entry(next))) found = next;
    return found;
  });

  const invocation = recomputed(revision, () => {
    const own = entry.value === undefined ? undefined : session.entry(entry.value);
    return own?.kind === "message" && own.invocation !== undefined && opens(own)
      ? session.invocation(own.invocation)
      : undefined;
  });
  const answer = computed(() =>
    invocation.value === undefined ? undefined : answerOf(invocation.value, session),
  );
  const isRefused = recomputed(revision, () => {
    const own = entry.value === undefined ? undefined : session.entry(entry.value);
    return own?.kind === "message" && own.undelivered === "refused";
  });
  const state = computed(() => stateOf(outcome.value, invocation.value, options, isRefused.value));

  const stop = effect(() => {
    const { tone, sentence } = state.value;
    if (tone === "open") return;
    untracked(() => options.onEnd(sentence));
    queueMicrotask(() => stop());
  });

  return {
    number: options.number,
    mode,
    title: options.title,
    invocationId,
    connection,
    state,
    entry,
    answer,
    tree: computed(() => {
      if (state.value.tone === "failed") return undefined;
      const shown = answer.value === undefined ? undefined : session.entry(answer.value);
      const parts = shown?.kind === "message" ? messageParts(shown.record.message) : [];
      return parts.length === 0 ? undefined : createValueTreeModel(parts);
    }),
    canCancel: computed(
      () => mode === "send" && invocation.value?.kind === "stream" && invocation.value.state.kind === "open",
    ),
    dispose: stop,
  };
}

function opens({ record }: MessageEntry): boolean {
  const { kind } = headOf(record);
  return kind === "invocation" || kind === "stream-invocation" || kind === "hub-call";
}

function answerOf({ state, entries, kind }: Invocation, session: Session): EntryNumber | undefined {
  if ("completion" in state && state.completion !== undefined) {
    // A stream ends with nothing to show: its last item is the answer. A failure is one itself.
    if (kind !== "stream" || state.kind === "failed") return state.completion;
  }
  for (let at = entries.length - 1; at > 0; at -= 1) {
    const entry = session.entry(entries[at] ?? 0);
    if (entry?.kind === "message" && headOf(entry.record).kind === "stream-item") return entry.number;
  }
  return undefined;
}

function stateOf(
  outcome: ActOutcome | undefined,
  invocation: Invocation | undefined,
  { mode, isCall }: ActRunOptions,
  isRefused: boolean,
): RunState {
  if (outcome?.ok === false) return { tone: "failed", sentence: outcome.reason };
  if (invocation === undefined || invocation.state.kind === "sent") {
    if (outcome === undefined) return { tone: "open", sentence: "On its way…" };
    if (isCall && invocation === undefined) return { tone: "open", sentence: waitingSentence(mode) };
    return { tone: "done", sentence: mode === "send" ? "Sent to the server." : "Delivered to the page." };
  }
  const { state, items, latency, kind } = invocation;
  const after = latency === undefined ? "" : ` ${formatDuration(latency)}`;
  const counted = kind === "stream" ? `, ${formatCountOf(items, "item")}` : "";
  switch (state.kind) {
    case "open":
      return {
        tone: "open",
        sentence: kind === "stream" ? `${formatCountOf(items, "item")} so far.` : waitingSentence(mode),
      };
    case "completed":
      return {
        tone: "done",
        sentence: kind === "stream" ? `Finished after${after}${counted}.` : `Answered in${after}.`,
      };
    case "failed":
      return { tone: "failed", sentence: `Failed after${after}${counted}: ${safeLine(state.error)}` };
    case "cancelled":
      return { tone: "done", sentence: `Cancelled${after === "" ? "" : ` after${after}`}${counted}.` };
    case "lost":
      return {
        tone: "failed",
        sentence: isRefused
          ? "The server refused the request that carried it."
          : "The connection ended before the answer came.",
      };
    default:
      return state satisfies never;
  }
}

function waitingSentence(mode: SendMode): string {
  return mode === "send" ? "Sent. Waiting for the answer." : "Delivered to the page. Waiting for its answer.";
}
