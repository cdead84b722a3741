import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { ConnectionId, MessageEntry } from "../../../core/src/session/model.ts";
import { headOf } from "../../../core/src/session/record-head.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { idText } from "../../../core/src/wire/classic/message.ts";
import type { HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import type { HubMessage, WireValue } from "../../../core/src/wire/hub-message.ts";
import type { ArgumentsFault } from "../../arguments/parse-arguments.ts";
import { recomputed } from "../../recomputed.ts";
import { KIND_WORDS } from "../../texts.ts";
import { safeLine } from "../../value/safe-text.ts";
import { type ActRun, createActRun, type RunSubject } from "./act-run.ts";
import type { Abilities, Ability, ActContent, ActOutcome, Actor } from "./actor.ts";
import type { Again } from "./again.ts";
import { buildMessage } from "./built-message.ts";
import { isSaidClassic } from "./classic-content.ts";
import { EMPTY_CONTENT, type SendContent } from "./send-content.ts";
import { choicesOf, type KindChoice, kindIn, type SendMode } from "./send-kinds.ts";
import { createTrafficWords } from "./traffic-words.ts";

/** The drawer that sends through the page's connection, or delivers to the page as if the server had sent it. */
export interface SendModel {
  readonly mode: ReadonlySignal<SendMode>;
  readonly content: ReadonlySignal<SendContent>;
  readonly kinds: ReadonlySignal<readonly KindChoice[]>;
  readonly ability: ReadonlySignal<Ability>;
  /** Of the connection: says what the arguments may be. */
  readonly protocol: ReadonlySignal<HubProtocolName>;
  /** Classic SignalR: calls and replies alone, with a state in the place of headers. */
  readonly isClassic: ReadonlySignal<boolean>;
  /** In the arguments, the item or the result. */
  readonly fault: ReadonlySignal<ArgumentsFault | undefined>;
  /** Why it cannot be sent, in a sentence; absent where it can, and where `fault` says it. */
  readonly obstacle: ReadonlySignal<string | undefined>;
  readonly targets: ReadonlySignal<readonly string[]>;
  readonly invocationIds: ReadonlySignal<readonly string[]>;
  /** Newest first. */
  readonly runs: ReadonlySignal<readonly ActRun[]>;
  chooseMode(mode: SendMode): void;
  change(part: Partial<SendContent>): void;
  fill(mode: SendMode, content: SendContent): void;
  /** Does nothing while something is in the way. */
  submit(): void;
  /** The captured bytes, unchanged. */
  repeat(again: Again): void;
  cancel(run: ActRun): void;
  forgetRuns(): void;
  dispose(): void;
}

export interface SendContext {
  readonly session: Session;
  readonly revision: ReadonlySignal<number>;
  readonly actor: Actor;
  readonly connection: ReadonlySignal<ConnectionId | undefined>;
  readonly abilities: ReadonlySignal<Abilities | undefined>;
  readonly isShown: ReadonlySignal<boolean>;
  readonly say: (sentence: string) => void;
}

const MOST_RUNS = 20;
const NO_CONNECTION: Ability = { can: false, reason: "No connection yet. Use the page, or reload it." };

export function createSendModel(context: SendContext): SendModel {
  const { session, revision, actor, connection, abilities, say } = context;
  const mode = signal<SendMode>("send");
  const content = signal<SendContent>(EMPTY_CONTENT);
  const runs = signal<readonly ActRun[]>([]);
  const words = createTrafficWords(session);
  let runCount = 0;

  const protocol = recomputed(revision, () => protocolOf(session, connection.value));
  const isClassic = recomputed(revision, () => nameOf(session, connection.value) === "classic");
  const ability = computed<Ability>(() => abilities.value?.[mode.value] ?? NO_CONNECTION);
  const checked = computed(() => buildMessage(content.value, protocol.value, () => "0"));
  const fault = computed(() => (checked.value.kind === "faulty" ? checked.value.fault : undefined));
  const obstacle = computed(() => {
    if (!ability.value.can) return ability.value.reason;
    if (isClassic.value && kindIn(mode.value, content.value.kind, true) !== content.value.kind)
      return "Classic SignalR has no such message: choose another kind.";
    const built = checked.value;
    if (built.kind === "built" && built.uploads.length > 0) {
      if (isClassic.value) return "Classic SignalR has no uploads: it knows no stream().";
      if (mode.value === "simulate") return "Only a client uploads: a server has no stream() to give.";
    }
    return built.kind === "unfinished" ? built.obstacle : undefined;
  });
  /** Looking through the traffic costs something: only while it is of use. */
  const traffic = recomputed(revision, () => {
    if (context.isShown.value) words.refresh();
    return revision.value;
  });

  const act = (how: SendMode, to: ConnectionId, what: ActContent): Promise<ActOutcome> =>
    how === "send" ? actor.send(to, what) : actor.simulate(to, what);

  const upload = async (
    to: ConnectionId,
    message: HubMessage,
    uploads: readonly (readonly WireValue[])[],
  ): Promise<ActOutcome> => {
    let outcome = await act("send", to, { kind: "message", message });
    const streamIds = "streamIds" in message ? (message.streamIds ?? []) : [];
    for (const [index, invocationId] of streamIds.entries()) {
      const items = (uploads[index] ?? []).map(
        (item) => ({ kind: "stream-item", invocationId, item }) as const,
      );
      const end = { kind: "completion", invocationId, outcome: { kind: "void" } } as const;
      for (const part of [...items, end])
        if (outcome.ok) outcome = await act("send", to, { kind: "message", message: part });
    }
    return outcome;
  };

  const follow = (
    how: SendMode,
    to: ConnectionId,
    subject: RunSubject,
    start: () => Promise<ActOutcome>,
  ): void => {
    runCount += 1;
    const started = createActRun({
      session,
      revision,
      number: runCount,
      mode: how,
      connection: to,
      ...subject,
      start,
      onEnd: (sentence) => say(`${subject.title}: ${sentence}`),
    });
    for (const old of runs.value.slice(MOST_RUNS - 1)) old.dispose();
    runs.value = [started, ...runs.value.slice(0, MOST_RUNS - 1)];
  };

  const forgetRuns = (): void => {
    for (const run of runs.value) run.dispose();
    runs.value = [];
  };

  return {
    mode,
    content,
    kinds: computed(() => choicesOf(mode.value, isClassic.value)),
    ability,
    protocol,
    isClassic,
    fault,
    obstacle,
    targets: computed(() => {
      void traffic.value;
      return words.targets(connection.value, mode.value === "send" ? "out" : "in");
    }),
    invocationIds: computed(() => {
      void traffic.value;
      return words.openIds(connection.value, directionOfOpen(mode.value, content.value.kind));
    }),
    runs,
    chooseMode: (wanted) => {
      mode.value = wanted;
      content.value = { ...content.value, kind: kindIn(wanted, content.value.kind, isClassic.value) };
    },
    change: (part) => {
      content.value = { ...content.value, ...part };
    },
    fill: (wanted, filled) => {
      mode.value = wanted;
      content.value = filled;
    },
    submit: () => {
      const to = connection.value;
      if (to === undefined || obstacle.value !== undefined || fault.value !== undefined) return;
      const built = buildMessage(content.value, protocol.value, () => actor.freshInvocationId());
      if (built.kind !== "built") return;
      const { message, uploads } = built;
      const how = mode.value;
      follow(how, to, subjectOf(message), () =>
        how === "send" ? upload(to, message, uploads) : act(how, to, { kind: "message", message }),
      );
    },
    repeat: ({ mode: how, connection: to, payload, entry }) => {
      if (payload !== undefined)
        follow(how, to, repeated(entry), () => act(how, to, { kind: "payload", payload }));
    },
    cancel: ({ invocationId, connection: to }) => {
      if (invocationId === undefined) return;
      const message = { kind: "cancel-invocation", invocationId } as const;
      act("send", to, { kind: "message", message }).then(
        (outcome) => {
          if (!outcome.ok) say(outcome.reason);
        },
        (error: unknown) => say(`This did not work: ${String(error)}`),
      );
    },
    forgetRuns,
    dispose: forgetRuns,
  };
}

/** Where the protocol is not known, what is typed is read as JSON: every protocol can carry that. */
function protocolOf(session: Session, connection: ConnectionId | undefined): HubProtocolName {
  const name = nameOf(session, connection);
  return name === "messagepack" || name === "blazorpack" ? name : "json";
}

function nameOf(session: Session, connection: ConnectionId | undefined): string | undefined {
  return connection === undefined ? undefined : session.connection(connection)?.protocol?.name;
}

/** Whose invocations can be meant by an ID: items and completions go against the call, a cancel with it. */
function directionOfOpen(mode: SendMode, kind: SendContent["kind"]): "out" | "in" {
  const own = mode === "send" ? "out" : "in";
  if (kind === "cancel") return own;
  return own === "out" ? "in" : "out";
}

function subjectOf(message: HubMessage): RunSubject {
  const invocationId = "invocationId" in message ? message.invocationId : undefined;
  const target = "target" in message ? message.target : undefined;
  const isCall =
    (message.kind === "invocation" || message.kind === "stream-invocation") && invocationId !== undefined;
  return {
    title: titleOf(message.kind, target),
    invocationId: isCall ? invocationId : undefined,
    isCall,
    matches: ({ record, target: named }: MessageEntry): boolean => {
      const head = headOf(record);
      if (target !== undefined && named !== target) return false;
      const id = "invocationId" in head ? head.invocationId : undefined;
      return (head.kind === message.kind && id === invocationId) || isSaidClassic(head, message);
    },
  };
}

/** Sent as it was, it has the ID and the target that it had. */
function repeated({ record, target }: MessageEntry): RunSubject {
  const { kind, ...head } = headOf(record);
  const id = "invocationId" in head ? head.invocationId : "id" in head ? idText(head.id) : undefined;
  const isCall =
    (kind === "invocation" || kind === "stream-invocation" || kind === "hub-call") && id !== undefined;
  return {
    title: titleOf(kind, target),
    matches: (other) => headOf(other.record).kind === kind && other.target === target,
    invocationId: isCall ? id : undefined,
    isCall,
  };
}

function titleOf(kind: keyof typeof KIND_WORDS, target: string | undefined): string {
  return target === undefined ? KIND_WORDS[kind] : safeLine(target);
}
