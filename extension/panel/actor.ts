import { type ReadonlySignal, signal } from "@preact/signals";
import type { ConnectionId } from "../../core/src/session/model.ts";
import type { Session } from "../../core/src/session/session.ts";
import type { ActContent, ActOutcome, Actor, Cut, Fault, FaultId } from "../../ui/inspector/act/actor.ts";
import type { PageAct } from "../channel/acts.ts";
import type { Clock } from "../channel/clock.ts";
import { abilitiesOf } from "./actor-abilities.ts";
import { createActorCarriers, type LiveCarrier } from "./actor-carriers.ts";
import { encodeContent } from "./actor-encode.ts";
import { toPageFault } from "./actor-faults.ts";
import type { ActListener, DocumentCommand } from "./event-source.ts";

/** The actor of a panel: what its views ask for goes to the documents that have the connections. */
export interface PanelActor extends Actor {
  readonly listener: ActListener;
  /** The session has changed: a connection that is broken may have gone over to another socket. */
  follow(): void;
}

export interface PanelActorOptions {
  readonly session: Session;
  readonly clock: Clock;
  /** False: there is no way to the document at the moment. */
  readonly act: (command: DocumentCommand) => boolean;
}

/** A page that is busy for longer may still do it: the log shows. */
const ANSWER_TIMEOUT = 5_000;
const MOST_HUBS = 200;
/** Called for every event: looking each time would cost more than it is worth. */
const FOLLOW_DELAY = 50;
const DONE: ActOutcome = { ok: true };
/** The page hook keeps the replies to these from the page; see `own-answers.ts` there. */
const ID_PREFIX = "hubscope-";

interface Waiting {
  readonly document: string;
  readonly done: (outcome: ActOutcome) => void;
}

export function createPanelActor({ session, clock, act }: PanelActorOptions): PanelActor {
  const carriers = createActorCarriers(session);
  const faults = signal<readonly Fault[]>([]);
  const strikes = signal<ReadonlyMap<FaultId, number>>(new Map());
  const waiting = new Map<number, Waiting>();
  /** By fault, by document. */
  const struckIn = new Map<FaultId, Map<string, number>>();
  let lastCommand = 0;
  let lastId: number | undefined;
  let followed = "";
  let isFollowing = false;
  const always = new AbortController().signal;

  function perform(document: string, asked: PageAct): Promise<ActOutcome> {
    const command = ++lastCommand;
    return new Promise((resolve) => {
      const timeout = new AbortController();
      const done = (outcome: ActOutcome): void => {
        timeout.abort();
        waiting.delete(command);
        resolve(outcome);
      };
      waiting.set(command, { document, done });
      clock.after(
        ANSWER_TIMEOUT,
        () => done(failed("The page did not answer within 5 seconds.")),
        timeout.signal,
      );
      if (!act({ document, command, act: asked }))
        done(failed("The page is out of reach at the moment. Try again."));
    });
  }

  /** Finds the connection and has it done, where it can be. */
  function on(
    id: ConnectionId,
    ability: "send" | "simulate" | "cut",
    asked: (live: LiveCarrier) => PageAct | ActOutcome,
  ): Promise<ActOutcome> {
    const live = ability === "send" ? carriers.findSender(id) : carriers.find(id);
    const can = abilitiesOf(session.connection(id), live !== undefined)[ability];
    if (!can.can) return Promise.resolve(failed(can.reason));
    if (live === undefined) return Promise.resolve(failed("The page is out of reach."));
    const wanted = asked(live);
    return "ok" in wanted ? Promise.resolve(wanted) : perform(live.document, wanted);
  }

  function say(kind: "send" | "simulate", id: ConnectionId, content: ActContent): Promise<ActOutcome> {
    return on(id, kind, ({ carrier }) => {
      const connection = session.connection(id);
      if (connection === undefined) return failed("This connection is gone.");
      const encoded = encodeContent(connection, content, kind === "send" ? "out" : "in");
      if (encoded.kind === "refused") return failed(encoded.reason);
      const { payload, cancel } = encoded;
      if (kind === "simulate") return { kind, carrier, payload };
      const takesAnswers = !connection.statefulReconnect;
      return { kind, carrier, payload, takesAnswers, ...(cancel === undefined ? {} : { cancel }) };
    });
  }

  function strikesOf(fault: FaultId, except?: string): number {
    let sum = 0;
    for (const [document, count] of struckIn.get(fault) ?? []) if (document !== except) sum += count;
    return sum;
  }

  function assertIn(document: string): void {
    const context = {
      carriersOf: carriers.carriersOf,
      hubs,
      hubOf: (connection: ConnectionId) => session.connection(connection)?.url,
      strikesElsewhere: (fault: FaultId) => strikesOf(fault, document),
    };
    const told = faults.peek().map((fault) => toPageFault(fault, context));
    // Nobody waits for the answer; a document that has missed it is told again when it connects.
    act({ document, command: ++lastCommand, act: { kind: "faults", faults: told } });
  }

  function assertEverywhere(): void {
    followed = scopeText();
    for (const document of carriers.documents) assertIn(document);
  }

  /** What the scopes of the faults come to now, to tell whether that has changed. */
  function scopeText(): string {
    return faults
      .peek()
      .flatMap(({ kind, connection }) =>
        connection !== undefined ? carriers.carriersOf(connection) : kind === "refuse" ? hubs() : [],
      )
      .join(" ");
  }

  function hubs(): readonly string[] {
    return [...new Set(session.connections.map(({ url }) => url))].slice(-MOST_HUBS);
  }

  function highestOwnId(): number {
    let highest = 0;
    for (const entry of session.log) {
      if (entry.kind !== "message" || entry.direction !== "out") continue;
      const invocation = entry.invocation === undefined ? undefined : session.invocation(entry.invocation);
      const number = /^hubscope-(\d{1,15})$/.exec(invocation?.invocationId ?? "")?.[1];
      if (number !== undefined) highest = Math.max(highest, Number(number));
    }
    return highest;
  }

  return {
    abilities: (id) => abilitiesOf(session.connection(id), carriers.find(id) !== undefined),
    send: (id, content) => say("send", id, content),
    simulate: (id, content) => say("simulate", id, content),
    cut: (id, how) => on(id, "cut", ({ carrier }) => cutAct(carrier, how)),
    faults: faults as ReadonlySignal<readonly Fault[]>,
    changeFaults(next) {
      faults.value = next;
      const ids = new Set(next.map(({ id }) => id));
      for (const id of struckIn.keys()) if (!ids.has(id)) struckIn.delete(id);
      tellStrikes();
      assertEverywhere();
    },
    strikes: strikes as ReadonlySignal<ReadonlyMap<FaultId, number>>,
    freshInvocationId() {
      // A panel that was open before may have sent some: what it sent is in the recording.
      lastId ??= highestOwnId();
      return `${ID_PREFIX}${++lastId}`;
    },
    follow() {
      if (isFollowing || !faults.peek().some(isScoped)) return;
      isFollowing = true;
      clock.after(
        FOLLOW_DELAY,
        () => {
          isFollowing = false;
          if (scopeText() !== followed) assertEverywhere();
        },
        always,
      );
    },
    listener: {
      connected(document) {
        carriers.connected(document);
        // Also when there are none: a panel that was open before may have left some.
        assertIn(document);
      },
      arrived: carriers.arrived,
      answered({ command, refusal }) {
        waiting.get(command)?.done(refusal === undefined ? DONE : failed(refusal));
      },
      struck({ document, fault, count }) {
        if (!faults.peek().some(({ id }) => id === fault)) return;
        const counts = struckIn.get(fault) ?? new Map<string, number>();
        counts.set(document, count);
        struckIn.set(fault, counts);
        tellStrikes();
      },
      disconnected(document) {
        carriers.disconnected(document);
        for (const { document: of, done } of [...waiting.values()])
          if (of === document) done(failed("The page was lost before it answered."));
      },
    },
  };

  function tellStrikes(): void {
    strikes.value = new Map([...struckIn.keys()].map((fault) => [fault, strikesOf(fault)]));
  }
}

function isScoped({ kind, connection }: Fault): boolean {
  return connection !== undefined || kind === "refuse";
}

function cutAct(carrier: string, how: Cut): PageAct | ActOutcome {
  if (how.kind === "abnormal") return { kind: "cut", carrier };
  const { code, reason } = how;
  if (code !== 1000 && (code < 3000 || code > 4999 || !Number.isInteger(code)))
    return failed("A page may close with 1000, or with 3000 to 4999.");
  if (new TextEncoder().encode(reason).length > 123) return failed("The reason may have 123 bytes at most.");
  return { kind: "close", carrier, code, reason };
}

function failed(reason: string): ActOutcome {
  return { ok: false, reason };
}
