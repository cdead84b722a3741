import type { DecodedRecord } from "../wire/hub-codec.ts";
import type { MessageHead } from "../wire/hub-message.ts";
import type { CircuitState, CircuitStep } from "./circuit.ts";

/** The life of the circuit of one connection, as the messages tell it. */
export interface CircuitSteps {
  /** What this message means for the circuit; undefined for nearly all. */
  take(record: DecodedRecord): CircuitStep | undefined;
  readonly state: CircuitState | undefined;
}

type Question = "start" | "connect" | "pause" | "resume";

const QUESTIONS: ReadonlyMap<string, Question> = new Map<string, Question>([
  ["startcircuit", "start"],
  ["connectcircuit", "connect"],
  ["pausecircuit", "pause"],
  ["resumecircuit", "resume"],
]);

/** A page asks one thing at a time; a hostile one is not remembered for ever. */
const MOST_OPEN = 100;

export function createCircuitSteps(): CircuitSteps {
  const open = new Map<string, Question>();
  let state: CircuitState | undefined;

  const ask = (head: Extract<MessageHead, { kind: "invocation" }>): CircuitStep | undefined => {
    const question = QUESTIONS.get(head.target.toLowerCase());
    if (question === undefined) return undefined;
    if (head.invocationId !== undefined && open.size < MOST_OPEN) open.set(head.invocationId, question);
    if (question === "start" || question === "resume") state = "starting";
    if (question === "connect") state ??= "starting";
    return undefined;
  };

  const answer = (
    record: DecodedRecord,
    { invocationId, outcome }: Extract<MessageHead, { kind: "completion" }>,
  ): CircuitStep | undefined => {
    const question = open.get(invocationId);
    if (question === undefined) return undefined;
    open.delete(invocationId);
    const { message } = record;
    const value =
      message.kind === "completion" && message.outcome.kind === "result" ? message.outcome.value : undefined;
    const isGranted =
      outcome.kind === "result" && (value === true || (typeof value === "string" && value !== ""));
    const step = isGranted ? GRANTED[question] : REFUSED[question];
    // After a pause the server says that it has none to connect to, and it can be resumed.
    if (step !== "not-found" || state !== "paused") state = AFTER[step] ?? state;
    return step;
  };

  return {
    take(record) {
      const { head, direction } = record;
      if (head.kind === "invocation") {
        if (direction === "out") return ask(head);
        if (head.target.toLowerCase() === "js.requestpause") return "pause-wanted";
        if (head.target.toLowerCase() !== "js.error") {
          // Whoever is called has a circuit, though its start was not seen.
          state ??= "connected";
          return undefined;
        }
        state = "failed";
        return "failed";
      }
      if (head.kind === "completion" && direction === "in") return answer(record, head);
      return undefined;
    },
    get state() {
      return state;
    },
  };
}

const GRANTED: Readonly<Record<Question, CircuitStep>> = {
  start: "started",
  connect: "connected",
  pause: "paused",
  resume: "resumed",
};

const REFUSED: Readonly<Record<Question, CircuitStep>> = {
  start: "not-started",
  connect: "not-found",
  pause: "not-paused",
  resume: "not-resumed",
};

const AFTER: Readonly<Partial<Record<CircuitStep, CircuitState>>> = {
  started: "connected",
  connected: "connected",
  resumed: "connected",
  paused: "paused",
  "not-started": "failed",
  "not-resumed": "failed",
  "not-found": "gone",
};
