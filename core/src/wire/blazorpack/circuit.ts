/**
 * A fold over the hub messages of one Blazor page: the circuits that it had, one after the other. A circuit may live
 * on several connections; a page that is reloaded, or whose circuit is gone, begins another.
 *
 * @module
 */
import type { HubMessage, WireValue } from "../hub-message.ts";
import type { Direction } from "../payload.ts";
import { type BatchBook, createBatchBook } from "./batch-book.ts";
import type { Circuit, CircuitHappening, CircuitQuestion, MessagePlace } from "./circuit-model.ts";
import { createComponentTree } from "./component-tree.ts";
import { blazorMethodOf } from "./hub-signatures.ts";
import { createInteropBook, type InteropBook } from "./interop-book.ts";
import { keep } from "./keep.ts";
import { rootOperations } from "./root-operations.ts";
import { createStreamBook, type StreamBook } from "./stream-book.ts";
import type { ComponentTree } from "./tree-model.ts";

/** A hub message as it went by. */
export interface BlazorMessage {
  readonly direction: Direction;
  readonly message: HubMessage;
  /** Milliseconds of any clock. */
  readonly at?: number;
}

/** Circuits in the making: feed it the messages of a Blazor Server connection in wire order. */
export interface CircuitLog {
  /** Oldest first. Messages that come before any circuit is started belong to one that began before the recording. */
  readonly circuits: readonly Circuit[];
  /** Costs what the message changes. Never throws. */
  apply(message: BlazorMessage): void;
}

interface OpenCircuit extends Circuit {
  state: Circuit["state"];
  baseUri: string | undefined;
  uri: string | undefined;
  secret: string | undefined;
  readonly happenings: CircuitHappening[];
  readonly tree: ComponentTree;
  readonly batchBook: BatchBook;
  readonly interop: InteropBook;
  readonly streamBook: StreamBook;
  /** Calls of the hub that wait for a completion, by invocation ID; both ends may use the same one. */
  readonly questions: Map<string, CircuitQuestion>;
}

/** An empty log. One for each recording: a circuit outlives its connections. */
export function createCircuitLog(): CircuitLog {
  const circuits: OpenCircuit[] = [];
  let number = -1;
  return {
    circuits,
    apply({ direction, message, at }) {
      number += 1;
      const place: MessagePlace = at === undefined ? { number } : { number, at };
      if (message.kind === "handshake-request") reconnect(circuits.at(-1), place);
      const target = targetOf(direction, message);
      // Resuming makes another circuit, with components of its own, out of the saved state of the one before.
      if (target === "StartCircuit" || target === "ResumeCircuit") {
        endCircuit(circuits.at(-1), place);
        circuits.push(openCircuit());
      }
      // Messages of this connection that began before the recording have a circuit as well.
      if (circuits.length === 0 && target !== undefined) circuits.push(openCircuit());
      const circuit = circuits.at(-1);
      if (circuit !== undefined) applyMessage(circuit, direction, message, place);
    },
  };
}

/** Undefined for what is no call of the Blazor hub, or comes from the end that cannot make it. */
function targetOf(direction: Direction, message: HubMessage): string | undefined {
  if (message.kind !== "invocation" && message.kind !== "stream-invocation") return undefined;
  const method = blazorMethodOf(message.target);
  return method?.sender === (direction === "out" ? "client" : "server") ? method.target : undefined;
}

/** Invocation IDs begin anew on another connection. */
function reconnect(circuit: OpenCircuit | undefined, place: MessagePlace): void {
  circuit?.questions.clear();
  circuit?.streamBook.disconnected(place);
}

function openCircuit(): OpenCircuit {
  const tree = createComponentTree();
  const interop = createInteropBook(tree);
  const streamBook = createStreamBook();
  const batchBook = createBatchBook(tree);
  return {
    state: "connected",
    baseUri: undefined,
    uri: undefined,
    secret: undefined,
    happenings: [],
    tree,
    calls: interop.calls,
    streams: streamBook.streams,
    batches: batchBook.batches,
    batchBook,
    interop,
    streamBook,
    questions: new Map(),
  };
}

function endCircuit(circuit: OpenCircuit | undefined, place: MessagePlace): void {
  circuit?.interop.abandon(place);
  circuit?.streamBook.abandon(place);
}

function applyMessage(
  circuit: OpenCircuit,
  direction: Direction,
  message: HubMessage,
  place: MessagePlace,
): void {
  switch (message.kind) {
    case "invocation": {
      const target = targetOf(direction, message);
      if (target === undefined) return;
      const { arguments: values, invocationId } = message;
      if (invocationId !== undefined) ask(circuit, direction, target, invocationId);
      applyCall(circuit, target, values, place);
      return;
    }
    case "stream-invocation":
      if (targetOf(direction, message) === "SendDotNetStreamToJS") {
        circuit.streamBook.wanted(message.arguments[0], message.invocationId, place);
      }
      return;
    case "stream-item":
      circuit.streamBook.item(message.invocationId, message.item);
      return;
    case "cancel-invocation":
      circuit.streamBook.cancelled(message.invocationId, place);
      return;
    case "completion": {
      const { invocationId, outcome } = message;
      if (direction === "in" && circuit.streamBook.completed(invocationId, outcome, place)) return;
      const caller: Direction = direction === "in" ? "out" : "in";
      const key = `${caller} ${invocationId}`;
      const question = circuit.questions.get(key);
      if (question === undefined) return;
      circuit.questions.delete(key);
      const value = outcome.kind === "result" ? outcome.value : undefined;
      answer(circuit, question, value, outcome.kind === "error" ? outcome.message : undefined, place);
      return;
    }
    case "close": {
      const error = message.error === undefined ? undefined : { error: message.error };
      happen(circuit, place, { kind: "closed", by: direction, ...error });
      return;
    }
    default:
      return;
  }
}

const QUESTIONS: ReadonlyMap<string, CircuitQuestion> = new Map([
  ["StartCircuit", "start"],
  ["ConnectCircuit", "connect"],
  ["PauseCircuit", "pause"],
  ["ResumeCircuit", "resume"],
  ["JS.SavePersistedState", "save-state"],
]);

function ask(circuit: OpenCircuit, direction: Direction, target: string, invocationId: string): void {
  const question = QUESTIONS.get(target);
  if (question !== undefined) circuit.questions.set(`${direction} ${invocationId}`, question);
}

function answer(
  circuit: OpenCircuit,
  to: CircuitQuestion,
  value: WireValue,
  error: string | undefined,
  place: MessagePlace,
): void {
  const isGranted = typeof value === "string" || value === true;
  happen(circuit, place, { kind: "answer", to, isGranted, ...(error === undefined ? undefined : { error }) });
  switch (to) {
    case "start":
    case "resume":
      if (typeof value === "string") circuit.secret = value;
      circuit.state = isGranted ? "connected" : "failed";
      return;
    case "connect":
      // After a pause the server says false, and the circuit can still be resumed.
      if (isGranted) circuit.state = "connected";
      else if (circuit.state !== "paused") circuit.state = "gone";
      if (circuit.state === "gone") endCircuit(circuit, place);
      return;
    case "pause":
      if (!isGranted) return;
      circuit.state = "paused";
      endCircuit(circuit, place);
      return;
    case "save-state":
      return;
  }
}

function happen(circuit: OpenCircuit, place: MessagePlace, what: CircuitHappening["what"]): void {
  keep(circuit.happenings, { ...place, what });
}

function applyCall(
  circuit: OpenCircuit,
  target: string,
  values: readonly WireValue[],
  place: MessagePlace,
): void {
  if (circuit.interop.apply(target, values, place)) {
    const upload = circuit.interop.takeUpload();
    if (upload !== undefined) circuit.streamBook.uploadWanted(upload.id, upload.wantedSize, place);
    return;
  }
  switch (target) {
    case "StartCircuit":
      circuit.state = "started";
      circuit.baseUri = textOf(values[0]);
      circuit.uri = textOf(values[1]);
      happen(circuit, place, { kind: "start" });
      return;
    case "ConnectCircuit":
      circuit.secret ??= textOf(values[0]);
      happen(circuit, place, { kind: "connect" });
      return;
    case "PauseCircuit":
      happen(circuit, place, { kind: "pause" });
      return;
    case "ResumeCircuit":
      circuit.baseUri = textOf(values[1]);
      circuit.uri = textOf(values[2]);
      circuit.state = "started";
      happen(circuit, place, { kind: "resume" });
      return;
    case "JS.SavePersistedState":
      happen(circuit, place, { kind: "save-state" });
      return;
    case "JS.RequestPause":
      happen(circuit, place, { kind: "pause-wanted" });
      return;
    case "JS.AttachComponent": {
      const [componentId, selector] = values;
      if (typeof componentId !== "number") return;
      circuit.tree.attachRoot({ componentId, selector: String(selector) });
      happen(circuit, place, { kind: "root-attached", componentId, selector: String(selector) });
      return;
    }
    case "UpdateRootComponents":
      happen(circuit, place, { kind: "roots-wanted", ...rootOperations(textOf(values[0]) ?? "") });
      return;
    case "JS.EndUpdateRootComponents": {
      const batchId = integerOf(values[0]);
      if (batchId !== undefined) happen(circuit, place, { kind: "roots-updated", batchId });
      return;
    }
    case "OnLocationChanged":
      circuit.uri = textOf(values[0]) ?? circuit.uri;
      happen(circuit, place, {
        kind: "location",
        uri: textOf(values[0]) ?? "",
        isIntercepted: values.at(-1) === true,
      });
      return;
    case "OnLocationChanging":
      happen(circuit, place, {
        kind: "location-asked",
        callId: Number(values[0]),
        uri: textOf(values[1]) ?? "",
      });
      return;
    case "JS.EndLocationChanging":
      happen(circuit, place, {
        kind: "location-answered",
        callId: Number(values[0]),
        isAllowed: values[1] === true,
      });
      return;
    case "JS.Error":
      circuit.state = "failed";
      happen(circuit, place, { kind: "error", message: textOf(values[0]) ?? "" });
      endCircuit(circuit, place);
      return;
    case "JS.BeginTransmitStream":
      circuit.streamBook.offered(values[0], place);
      return;
    case "ReceiveJSDataChunk":
      circuit.streamBook.chunk(values, place);
      return;
    case "JS.RenderBatch":
      circuit.batchBook.rendered(values, place);
      return;
    case "OnRenderCompleted":
      circuit.batchBook.completed(values, place);
      return;
    default:
      return;
  }
}

function textOf(value: WireValue): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function integerOf(value: WireValue): number | bigint | undefined {
  return typeof value === "bigint" || Number.isInteger(value) ? (value as number | bigint) : undefined;
}
