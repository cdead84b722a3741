import { type Signal, signal } from "@preact/signals";
import type { PayloadAct } from "../../../core/src/capture-event.ts";
import type { ConnectionId } from "../../../core/src/session/model.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { codecFor } from "../../../core/src/wire/codecs.ts";
import type { HubProtocolName } from "../../../core/src/wire/hub-codec.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import type { Direction, Payload } from "../../../core/src/wire/payload.ts";
import type {
  Abilities,
  ActContent,
  ActOutcome,
  Actor,
  Cut,
  Fault,
  FaultId,
} from "../../../ui/inspector/act/actor.ts";

/** What was asked of a fake actor. */
export type Asked =
  | { readonly how: "send" | "simulate"; readonly connection: ConnectionId; readonly what: ActContent }
  | { readonly how: "cut"; readonly connection: ConnectionId; readonly cut: Cut };

export interface FakeActor extends Actor {
  readonly asked: readonly Asked[];
  readonly faults: Signal<readonly Fault[]>;
  readonly strikes: Signal<ReadonlyMap<FaultId, number>>;
  /** Abilities of every connection; may be replaced. */
  can: Abilities;
  /** What every act comes to, where it is not done. */
  refusal: string | undefined;
  /** The server answers what waits, in order. */
  answer(): void;
  strike(id: FaultId, times: number): void;
}

export const ABLE: Abilities = {
  send: { can: true },
  simulate: { can: true },
  cut: { can: true },
  faults: { can: true },
};

/**
 * A page and a server behind a session: what is sent is recorded as the page hook would record it, and the server
 * answers `Echo` with its first argument, `Fail` with an error, `Count` with as many items as it is asked for, and
 * anything else with no result.
 */
export function fakeActor(session: Session, refresh: () => void, now: () => number = Date.now): FakeActor {
  const asked: Asked[] = [];
  const waiting: { readonly connection: ConnectionId; readonly message: HubMessage }[] = [];
  const faults = signal<readonly Fault[]>([]);
  const strikes = signal<ReadonlyMap<FaultId, number>>(new Map());
  let ids = 0;

  const record = (
    connection: ConnectionId,
    direction: Direction,
    payload: Payload,
    act?: PayloadAct,
  ): void => {
    const socket = session.connection(connection)?.sockets.at(-1);
    if (socket === undefined) throw new Error(`no socket of ${connection}`);
    const acted = act === undefined ? {} : { act };
    session.apply({ type: "socket-payload", at: now(), socket, direction, payload, ...acted });
    refresh();
  };
  const say = (
    connection: ConnectionId,
    direction: Direction,
    message: HubMessage,
    act?: PayloadAct,
  ): void => {
    const name = session.connection(connection)?.protocol?.name ?? "json";
    const data = codecFor(name as HubProtocolName).encode(message);
    const payload: Payload =
      typeof data === "string" ? { kind: "text", text: data } : { kind: "binary", bytes: data.slice() };
    record(connection, direction, payload, act);
  };

  const act = async (
    how: "send" | "simulate",
    connection: ConnectionId,
    what: ActContent,
  ): Promise<ActOutcome> => {
    asked.push({ how, connection, what });
    if (actor.refusal !== undefined) return { ok: false, reason: actor.refusal };
    const direction = how === "send" ? "out" : "in";
    const mark = how === "send" ? "sent" : "simulated";
    if (what.kind === "payload") record(connection, direction, what.payload, mark);
    else {
      say(connection, direction, what.message, mark);
      if (how === "send") waiting.push({ connection, message: what.message });
    }
    return { ok: true };
  };

  const actor: FakeActor = {
    asked,
    faults,
    strikes,
    can: ABLE,
    refusal: undefined,
    abilities: () => actor.can,
    send: (connection, what) => act("send", connection, what),
    simulate: (connection, what) => act("simulate", connection, what),
    cut: async (connection, cut) => {
      asked.push({ how: "cut", connection, cut });
      if (actor.refusal !== undefined) return { ok: false, reason: actor.refusal };
      const socket = session.connection(connection)?.sockets.at(-1) ?? "";
      const [code, reason] = cut.kind === "abnormal" ? [1006, ""] : [cut.code, cut.reason];
      session.apply({ type: "socket-closed", at: now(), socket, code, reason, wasClean: code !== 1006 });
      refresh();
      return { ok: true };
    },
    changeFaults: (wanted) => {
      faults.value = wanted;
    },
    freshInvocationId: () => {
      ids += 1;
      return `hubscope-${ids}`;
    },
    answer: () => {
      for (const { connection, message } of waiting.splice(0))
        for (const reply of repliesTo(message)) say(connection, "in", reply);
    },
    strike: (id, times) => {
      strikes.value = new Map(strikes.value).set(id, times);
    },
  };
  return actor;
}

function repliesTo(message: HubMessage): readonly HubMessage[] {
  if (message.kind === "stream-invocation") {
    const { invocationId } = message;
    const items = Array.from(
      { length: Number(message.arguments[0] ?? 0) },
      (_, item) => ({ kind: "stream-item", invocationId, item }) as const,
    );
    return [...items, { kind: "completion", invocationId, outcome: { kind: "void" } }];
  }
  if (message.kind !== "invocation" || message.invocationId === undefined) return [];
  const { invocationId, target } = message;
  if (target === "Echo")
    return [{ kind: "completion", invocationId, outcome: { kind: "result", value: message.arguments[0] } }];
  const outcome =
    target === "Fail" ? ({ kind: "error", message: "it failed" } as const) : ({ kind: "void" } as const);
  return [{ kind: "completion", invocationId, outcome }];
}
