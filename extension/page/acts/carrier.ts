import type { PayloadAct, TransportAct } from "../../../core/src/capture-event.ts";
import type { Direction } from "../../../core/src/wire/payload.ts";
import type { ActPayload, CarrierId } from "../../channel/acts.ts";
import type { CopiedPayload } from "../copy-payload.ts";
import type { CarrierRecording, CarrierTap, CloseFacts, ReportPiece } from "../interceptor.ts";
import { append, appendAll } from "../lists.ts";
import { quietly } from "../quietly.ts";
import type { ActNatives, CarrierData } from "./act-natives.ts";
import type { FaultBook } from "./fault-book.ts";
import { createFlow, type Flow } from "./flow.ts";
import { createOpenCalls } from "./open-calls.ts";
import { createOwnAnswers } from "./own-answers.ts";
import {
  divide,
  isSpared,
  joinPieces,
  type Piece,
  type PieceNatives,
  piecesOf,
  recordedPayload,
} from "./pieces.ts";

/** What carries a connection, as far as one can act on it. */
export interface Carrier extends CarrierTap {
  readonly id: CarrierId;
  /** Sends and delivers what the user says, past all faults. False: it is not open. */
  send(
    data: CarrierData,
    own: { readonly takesAnswers: boolean; readonly cancel?: ActPayload | undefined },
  ): boolean;
  /** The same has been sent another way: its answers come here. */
  expect(data: CarrierData, cancel: ActPayload | undefined): void;
  /** The page sends by a POST. Undefined: it may go as it is. */
  takesPost(data: unknown): Taken | undefined;
  /** The body of a poll has come. Undefined: the page may get it as it is. */
  takesBody(data: CarrierData): Taken | undefined;
  /** What comes is looked at: something is broken or held, or an answer of ours is awaited. */
  readonly isLooking: boolean;
  /** Something that the page sent is held, or has not all gone out. */
  readonly isHolding: boolean;
  /** They have come that way. */
  expectNone(data: CarrierData): void;
  simulate(data: CarrierData): boolean;
  /** What the page must see when the platform says that it has closed. */
  showClose(facts: CloseFacts): void;
  /** The user ends it, now. */
  ends(how: TransportAct): void;
  /** Faults have changed: what nothing holds any more comes out. */
  release(): void;
  /** As `release`, when there are to be no faults any more; invocations of ours are cancelled. */
  undo(decode: (payload: ActPayload) => CarrierData | undefined): void;
}

/** The carrier as the platform has it. */
export interface CarrierPort extends CarrierRecording {
  readonly id: CarrierId;
  isOpen(): boolean;
  /** Undefined: what the page sends goes another way. */
  readonly send: ((data: CarrierData) => void) | undefined;
  /** What was held of what the page sent by that other way goes out so, in order. */
  readonly postHeld?: ((data: CarrierData) => void) | undefined;
  /** That has not all gone out yet: what comes now must wait behind it. */
  readonly isPosting?: (() => boolean) | undefined;
  /** That other way, for what must be said when all is undone. */
  readonly post: ((data: CarrierData) => void) | undefined;
  deliver(data: CarrierData): void;
  /** It has closed, or nobody cares for it any more. */
  readonly left: () => void;
}

export interface CarrierSurroundings {
  readonly natives: PieceNatives;
  readonly act: Pick<ActNatives, "after">;
  readonly book: FaultBook;
}

/** What has become of one payload. */
export interface Taken {
  /** This goes on in its place; nothing may. */
  readonly passing: readonly CarrierData[];
  /** What is recorded: in the order of the wire; neighbours with one fate stay one payload. */
  readonly parts: readonly TakenPart[];
}

export interface TakenPart {
  readonly payload: CopiedPayload;
  readonly act: PayloadAct | undefined;
}

/** What becomes of one piece. */
type Fate =
  | { readonly kind: "pass" }
  /** Answers us: recorded, and not the page's. */
  | { readonly kind: "own" }
  | { readonly kind: "drop"; readonly fault: string }
  | {
      readonly kind: "hold";
      readonly fault: string;
      readonly how: "delay" | "reorder" | "silence";
      readonly delay: number | undefined;
    };

const PASS: Fate = { kind: "pass" };
const OWN: Fate = { kind: "own" };

export function createCarrier(port: CarrierPort, { natives, act, book }: CarrierSurroundings): Carrier {
  const { id } = port;
  // What recording costs must cost neither side a message.
  const report: ReportPiece = (direction, payload, mark) =>
    quietly(() => port.report(direction, payload, mark));
  const answers = createOwnAnswers();
  const calls = createOpenCalls();
  let shownClose: CloseFacts | undefined;
  let isClosedByPage = false;
  let endedBy: TransportAct | undefined;

  const deliverTo: Readonly<Record<Direction, (data: CarrierData) => void>> = {
    in: (data) => {
      if (!isClosedByPage) port.deliver(data);
    },
    out: (data) => {
      // By a POST also when it has closed: the server knows what is too late.
      if (port.send === undefined) port.postHeld?.(data);
      else if (port.isOpen()) port.send(data);
    },
  };

  function flowOf(direction: Direction): Flow {
    return createFlow({
      after: act.after,
      deliver: ({ data }) => deliverTo[direction](data),
      isSilenced: () => direction === "in" && book.silenced(id) !== undefined,
    });
  }

  const flows: Readonly<Record<Direction, Flow>> = { in: flowOf("in"), out: flowOf("out") };

  function fateOf(piece: Piece, direction: Direction): Fate {
    if (direction === "in") {
      if (answers.take(piece)) return OWN;
      const silencing = book.silenced(id);
      if (silencing !== undefined)
        return { kind: "hold", fault: silencing, how: "silence", delay: undefined };
    }
    const fault = book.isEmpty
      ? undefined
      : book.meets(id, direction, piece, calls.targetsOf(piece, direction));
    if (fault === undefined) return PASS;
    if (fault.kind === "drop") return { kind: "drop", fault: fault.id };
    // The one before it waits for just this.
    if (fault.kind === "reorder" && flows[direction].waitsForNext) return PASS;
    return { kind: "hold", fault: fault.id, how: fault.kind, delay: fault.delay };
  }

  const isLooking = () => !book.isEmpty || !flows.in.isEmpty || !answers.isEmpty;

  /** Undefined: nothing meets it, and it may pass as it is. `isBehind`: what passes must wait for what was held. */
  function take(data: unknown, direction: Direction, isBehind = false): Taken | undefined {
    const flow = flows[direction];
    if (direction === "in" ? !isLooking() : book.isEmpty && flow.isEmpty && !isBehind) return undefined;
    if (!port.isRecorded()) return undefined;
    const pieces = piecesOf(data, direction, natives);
    if (pieces === undefined) return undefined;
    const passing: Piece[] = [];
    const marks: (PayloadAct | undefined)[] = [];
    let isTouched = isBehind;
    for (let at = 0; at < pieces.length; at++) {
      const piece = pieces[at];
      if (piece === undefined) continue;
      const fate = fateOf(piece, direction);
      append(marks, isBehind && fate.kind === "pass" ? "delayed" : markOf(fate));
      if (fate.kind === "drop" || fate.kind === "hold") book.strike(fate.fault);
      if (fate.kind === "hold") flow.hold(piece, fate.fault, fate.how, fate.delay);
      if (fate.kind === "pass") append(passing, piece);
      else isTouched = true;
      if (fate.kind !== "pass" || isSpared(piece) || !flow.waitsForNext) continue;
      isTouched = true;
      appendAll(passing, flow.takeOvertaken());
    }
    if (!isTouched) return undefined;
    // From here on it has been dealt with: whatever this costs, the native way would say it a second time.
    const parts: TakenPart[] = [];
    quietly(() => divideByMark(pieces, marks, parts));
    return { passing: joinPieces(passing), parts };
  }

  /** True: the payload has been dealt with here. False: it may pass as it is. */
  function intercept(data: unknown, direction: Direction): boolean {
    const taken = take(data, direction);
    if (taken === undefined) return false;
    const { passing, parts } = taken;
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at];
      if (part !== undefined) report(direction, part.payload, part.act);
    }
    for (let at = 0; at < passing.length; at++)
      quietly(() => deliverTo[direction](passing[at] as CarrierData));
    return true;
  }

  function divideByMark(
    pieces: readonly Piece[],
    marks: readonly (PayloadAct | undefined)[],
    parts: TakenPart[],
  ): void {
    let run: Piece[] = [];
    for (let at = 0; at < pieces.length; at++) {
      append(run, pieces[at] as Piece);
      if (at + 1 < pieces.length && marks[at + 1] === marks[at]) continue;
      const joined = joinPieces(run);
      for (let index = 0; index < joined.length; index++)
        append(parts, {
          payload: recordedPayload(joined[index] as CarrierData, natives),
          act: marks[at],
        });
      run = [];
    }
  }

  return {
    id,
    takesMessage: (data) => intercept(data, "in"),
    takesSend: (data) => port.send !== undefined && intercept(data, "out"),
    takesPost(data) {
      const isBehind = port.isPosting?.() === true;
      const taken = take(data, "out", isBehind);
      if (taken === undefined || !isBehind) return taken;
      const { passing, parts } = taken;
      for (let at = 0; at < passing.length; at++) port.postHeld?.(passing[at] as CarrierData);
      return { passing: [], parts };
    },
    takesBody: (data) => take(data, "in"),
    get isHolding() {
      return !flows.out.isEmpty || port.isPosting?.() === true;
    },
    get isLooking() {
      return isLooking();
    },
    pageCloses() {
      flows.out.releaseAll();
    },
    pageClosed() {
      isClosedByPage = true;
    },
    takesClose() {
      if (isClosedByPage) flows.in.discard();
      else flows.in.releaseAll();
      flows.out.discard();
      port.left();
      return shownClose;
    },
    leaves() {
      flows.in.releaseAll();
      flows.out.releaseAll();
      port.left();
    },
    send(data, { takesAnswers, cancel }) {
      if (port.send === undefined || !port.isOpen()) return false;
      const pieces = divide(data);
      if (takesAnswers) answers.expect(pieces, cancel);
      port.send(data);
      report("out", recordedPayload(data, natives), "sent");
      return true;
    },
    expect(data, cancel) {
      answers.expect(divide(data), cancel);
    },
    expectNone(data) {
      answers.forget(divide(data));
    },
    simulate(data) {
      if (!port.isOpen()) return false;
      report("in", recordedPayload(data, natives), "simulated");
      port.deliver(data);
      return true;
    },
    showClose(facts) {
      shownClose = facts;
    },
    ends(how) {
      endedBy = how;
    },
    get endedBy() {
      return endedBy;
    },
    release() {
      if (book.isEmpty) calls.clear();
      flows.out.release(book.isActive);
      flows.in.release(book.isActive);
    },
    undo(decode) {
      calls.clear();
      flows.out.releaseAll();
      flows.in.releaseAll();
      const cancels = answers.takeCancels();
      for (let at = 0; at < cancels.length; at++) {
        const data = decode(cancels[at] as ActPayload);
        if (data === undefined || !port.isOpen()) continue;
        if (port.send === undefined) {
          port.post?.(data);
          continue;
        }
        port.send(data);
        report("out", recordedPayload(data, natives), "sent");
      }
    },
  };
}

function markOf(fate: Fate): PayloadAct | undefined {
  switch (fate.kind) {
    case "pass":
    case "own":
      return undefined;
    case "drop":
      return "dropped";
    case "hold":
      return fate.how === "reorder" ? "reordered" : "delayed";
    default:
      return fate satisfies never;
  }
}
