import type { Milliseconds } from "../capture-event.ts";
import type { CancelInvocation, MessageHead } from "../wire/hub-message.ts";
import type { Direction } from "../wire/payload.ts";
import type { BlazorLink } from "./blazor-calls.ts";
import { type InvocationList, isOpen, type OpenedInvocation } from "./invocation-list.ts";
import type { ConnectionId, EntryNumber, Invocation, InvocationNumber, InvocationState } from "./model.ts";

type StreamItem = Extract<MessageHead, { kind: "stream-item" }>;
type Completion = Extract<MessageHead, { kind: "completion" }>;

/** A message with its place in the log. */
export interface PlacedMessage {
  readonly message: MessageHead;
  readonly direction: Direction;
  readonly entry: EntryNumber;
  readonly at: Milliseconds;
  /** The other side never got it: it opens an invocation, whose caller waits, and changes none. */
  readonly isDropped?: boolean;
  /** Blazor's own: a call that answers a call. */
  readonly link?: BlazorLink | undefined;
}

/**
 * Says which invocation each message of a connection opens, feeds, cancels or completes. Caller and callee have
 * id spaces of their own; a stream id belongs to the invocation that named it. HubProtocol.md, "Invocations".
 */
export interface Pairing {
  pair(placed: PlacedMessage): InvocationNumber | undefined;
  /** The connection ended: what is open is lost. `mayResume`: an answer may still come over another socket. */
  end(mayResume: boolean): void;
}

/** What one side has asked for. */
interface Caller {
  /** Oldest first. More than one where the caller reused an id that was still open. */
  readonly open: Map<string, InvocationNumber[]>;
  /** Stream IDs of its uploads. */
  readonly uploads: Map<string, InvocationNumber>;
}

const NONE: readonly Invocation[] = [];

/** A bound against a peer that asks without end and is never answered. */
const MOST_OPEN = 50_000;

/** The same for one that uses one id for all. */
const MOST_SHARING = 99;

export function createPairing(connection: ConnectionId, invocations: InvocationList): Pairing {
  const callers: Readonly<Record<Direction, Caller>> = { out: createCaller(), in: createCaller() };

  const openOf = (direction: Direction, id: string): readonly Invocation[] => {
    const numbers = callers[direction].open.get(id);
    if (numbers === undefined) return NONE;
    return numbers.flatMap((number) => invocations.find(number) ?? []);
  };

  const settle = (direction: Direction, id: string, number: InvocationNumber): void => {
    const { open } = callers[direction];
    const numbers = open.get(id);
    if (numbers === undefined || numbers.length === 1) open.delete(id);
    else
      open.set(
        id,
        numbers.filter((other) => other !== number),
      );
  };

  const start = (facts: OpenedInvocation, entry: EntryNumber, name?: string): InvocationNumber => {
    const { number, direction, invocationId, streamIds } = invocations.open(facts, entry);
    const { open, uploads } = callers[direction];
    const id = name === undefined ? invocationId : keyOf(name);
    if (id !== undefined) {
      const others = open.get(id);
      open.set(id, others === undefined ? [number] : [...others.slice(-MOST_SHARING), number]);
      trim(open);
    }
    for (const id of streamIds ?? []) uploads.set(id, number);
    trim(uploads);
    return number;
  };

  /** IDs of the hub protocol never begin so. */
  const keyOf = (name: string): string => `\0${name}`;

  /** What the other side was asked for with the same name is answered by this call. */
  const answer = (
    { answers, error }: BlazorLink,
    { direction, entry, at }: PlacedMessage,
  ): InvocationNumber | undefined => {
    if (answers === undefined) return undefined;
    const caller = opposite(direction);
    const [answered] = openOf(caller, keyOf(answers));
    if (answered === undefined) return undefined;
    settle(caller, keyOf(answers), answered.number);
    const state: InvocationState =
      error === undefined
        ? { kind: "completed", completion: entry }
        : { kind: "failed", completion: entry, error };
    invocations.extend(answered.number, entry, { state, latency: at - answered.startedAt });
    return answered.number;
  };

  const openedBy = ({ message, direction, at, link }: PlacedMessage): OpenedInvocation | undefined => {
    if (message.kind !== "invocation" && message.kind !== "stream-invocation") return undefined;
    const { invocationId, target, streamIds } = message;
    const kind = message.kind === "invocation" ? "call" : "stream";
    const shared = { connection, direction, target, startedAt: at } as const;
    if (link?.opens !== undefined) return { ...shared, kind: "call", state: { kind: "open" } };
    const facts: OpenedInvocation =
      invocationId === undefined || invocationId === ""
        ? { ...shared, kind: "send", state: { kind: "sent" } }
        : { ...shared, kind, invocationId, state: { kind: "open" } };
    return streamIds === undefined ? facts : { ...facts, streamIds };
  };

  const feed = (
    message: StreamItem,
    { direction, entry, at }: PlacedMessage,
  ): InvocationNumber | undefined => {
    const upload = callers[direction].uploads.get(message.invocationId);
    if (upload !== undefined) {
      invocations.extend(upload, entry);
      return upload;
    }
    const open = openOf(opposite(direction), message.invocationId);
    const fed = open.find(({ kind }) => kind === "stream") ?? open[0];
    if (fed === undefined) return undefined;
    const first = fed.items === 0 && fed.kind === "stream" ? { firstItemAfter: at - fed.startedAt } : {};
    invocations.extend(fed.number, entry, { items: fed.items + 1, ...first });
    return fed.number;
  };

  const cancel = (
    message: CancelInvocation,
    { direction, entry }: PlacedMessage,
  ): InvocationNumber | undefined => {
    const open = openOf(direction, message.invocationId);
    const cancelled = open.find(({ kind }) => kind === "stream") ?? open[0];
    if (cancelled === undefined) return undefined;
    invocations.extend(cancelled.number, entry, { state: { kind: "cancelled" } });
    return cancelled.number;
  };

  const completeUpload = (
    message: Completion,
    { direction, entry }: PlacedMessage,
  ): InvocationNumber | undefined => {
    const { uploads } = callers[direction];
    const upload = uploads.get(message.invocationId);
    if (upload === undefined) return undefined;
    uploads.delete(message.invocationId);
    invocations.extend(upload, entry);
    return upload;
  };

  const completeCall = (
    message: Completion,
    { direction, entry, at }: PlacedMessage,
  ): InvocationNumber | undefined => {
    const caller = opposite(direction);
    const completed = completedBy(openOf(caller, message.invocationId), message);
    if (completed === undefined) return undefined;
    settle(caller, message.invocationId, completed.number);
    const state = stateAfter(completed, message, entry);
    invocations.extend(completed.number, entry, { state, latency: at - completed.startedAt });
    return completed.number;
  };

  /** What was dropped on its way stands with its invocation, which goes on without it. */
  const miss = ({ message, direction, entry }: PlacedMessage): InvocationNumber | undefined => {
    if (message.kind === "invocation" || message.kind === "stream-invocation" || !("invocationId" in message))
      return undefined;
    const { invocationId } = message;
    if (invocationId === undefined) return undefined;
    const isCallers = message.kind === "cancel-invocation";
    const upload = isCallers ? undefined : callers[direction].uploads.get(invocationId);
    const missed = upload ?? openOf(isCallers ? direction : opposite(direction), invocationId)[0]?.number;
    if (missed !== undefined) invocations.extend(missed, entry);
    return missed;
  };

  return {
    pair(placed) {
      const { message } = placed;
      const opens = message.kind === "invocation" || message.kind === "stream-invocation";
      if (placed.isDropped === true && !opens) return miss(placed);
      switch (message.kind) {
        case "invocation":
        case "stream-invocation": {
          const { link } = placed;
          const answered = link === undefined || placed.isDropped === true ? undefined : answer(link, placed);
          if (answered !== undefined) return answered;
          const facts = openedBy(placed);
          return facts === undefined ? undefined : start(facts, placed.entry, link?.opens);
        }
        case "stream-item":
          return feed(message, placed);
        case "cancel-invocation":
          return cancel(message, placed);
        case "completion":
          // An upload ends without a result; what has one answers a call, should both use the id.
          return message.outcome.kind === "result"
            ? (completeCall(message, placed) ?? completeUpload(message, placed))
            : (completeUpload(message, placed) ?? completeCall(message, placed));
        default:
          return undefined;
      }
    },
    end(mayResume) {
      for (const { open, uploads } of [callers.out, callers.in]) {
        for (const number of [...open.values()].flat()) {
          const invocation = invocations.find(number);
          if (invocation?.state.kind === "open") invocations.change(number, { state: { kind: "lost" } });
        }
        if (mayResume) continue;
        open.clear();
        uploads.clear();
      }
    },
  };
}

/**
 * Calls that share an id are answered in order. A second stream with an id that is open is refused at once with an
 * error, while the first goes on.
 */
function completedBy(open: readonly Invocation[], { outcome }: Completion): Invocation | undefined {
  const newest = open.at(-1);
  if (outcome.kind === "error" && open.length > 1 && newest?.kind === "stream") return newest;
  return open[0];
}

function stateAfter(
  invocation: Invocation,
  { outcome }: Completion,
  completion: EntryNumber,
): InvocationState {
  if (outcome.kind === "error") return { kind: "failed", completion, error: outcome.message };
  // Servers before .NET 11 ignore the cancel of a plain call: it then completes as if none had been sent.
  const wasCancelled =
    invocation.state.kind === "cancelled" && invocation.kind === "stream" && isOpen(invocation);
  return { kind: wasCancelled ? "cancelled" : "completed", completion };
}

function createCaller(): Caller {
  return { open: new Map(), uploads: new Map() };
}

function opposite(direction: Direction): Direction {
  return direction === "out" ? "in" : "out";
}

function trim(map: Map<string, unknown>): void {
  if (map.size <= MOST_OPEN) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
