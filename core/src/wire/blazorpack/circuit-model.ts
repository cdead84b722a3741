/** What the messages of a Blazor page come to. Numbers of messages count the calls of `apply`, from 0. */
import type { Direction } from "../payload.ts";
import type { BatchLine } from "./batch-summary.ts";
import type { HandlerId } from "./handler-id.ts";
import type { RenderBatchIssue } from "./render-batch.ts";
import type { ComponentTree } from "./tree-model.ts";

/** Milliseconds, of whatever clock the caller has; absent where it has none. */
type Time = number;

/** One message of the page's log. */
export interface MessagePlace {
  readonly number: number;
  readonly at?: Time;
}

/**
 * What a Blazor Server keeps for one page: its state, its component tree, and all that passed between both.
 */
export interface Circuit {
  /** "started": StartCircuit or ResumeCircuit was called and not answered yet. */
  readonly state: "started" | "connected" | "paused" | "failed" | "gone";
  readonly baseUri: string | undefined;
  /** Where the page is, as far as the messages say. */
  readonly uri: string | undefined;
  /** Lets its holder into the circuit: to be redacted wherever it is shown. */
  readonly secret: string | undefined;
  readonly happenings: readonly CircuitHappening[];
  readonly tree: ComponentTree;
  readonly calls: readonly InteropCall[];
  readonly streams: readonly InteropStream[];
  readonly batches: readonly BatchEntry[];
}

/** A step in the life of a circuit, or a move of the page. */
export interface CircuitHappening extends MessagePlace {
  readonly what:
    | { readonly kind: "start" }
    | { readonly kind: "connect" }
    | { readonly kind: "pause" }
    | { readonly kind: "resume" }
    | { readonly kind: "save-state" }
    | { readonly kind: "pause-wanted" }
    /** The answer to the latest of the above: whether it was granted. `error`: what the hub said instead. */
    | {
        readonly kind: "answer";
        readonly to: CircuitQuestion;
        readonly isGranted: boolean;
        readonly error?: string;
      }
    | { readonly kind: "root-attached"; readonly componentId: number; readonly selector: string }
    | {
        readonly kind: "roots-wanted";
        readonly batchId: number | undefined;
        readonly operations: readonly RootOperation[];
      }
    | { readonly kind: "roots-updated"; readonly batchId: number | bigint }
    | { readonly kind: "location"; readonly uri: string; readonly isIntercepted: boolean }
    | { readonly kind: "location-asked"; readonly callId: number; readonly uri: string }
    | { readonly kind: "location-answered"; readonly callId: number; readonly isAllowed: boolean }
    /** The circuit is dead. */
    | { readonly kind: "error"; readonly message: string }
    | { readonly kind: "closed"; readonly by: Direction; readonly error?: string };
}

/** What a page asks the hub for, and waits to be granted. */
export type CircuitQuestion = "start" | "connect" | "pause" | "resume" | "save-state";

/** A change of the components that the page has a place for, from .NET 8 on. */
export interface RootOperation {
  readonly type: "add" | "update" | "remove" | "unknown";
  /** The number of the component in the page. */
  readonly ssrComponentId: number | undefined;
}

/** A call and its answer. */
export interface InteropCall {
  readonly kind: "net-to-js" | "js-to-net";
  /** `asyncHandle` or `callId`; the two directions count apart. Undefined: no answer is wanted. */
  readonly id: string | undefined;
  /** `probe.add`, or the .NET method. */
  readonly name: string;
  /** Of a static .NET method. */
  readonly assembly?: string;
  /** The object that it is called on; 0 for none. */
  readonly objectId: number | bigint;
  /** `Default`, `JSVoidResult` and so on; calls to JS from .NET 5 on. */
  readonly resultType?: string;
  /** `FunctionCall`, `GetValue` and so on; calls to JS from .NET 10 on. */
  readonly callType?: string;
  /** An array; read with `readInteropJson`. Null where the message has none. */
  readonly argumentsJson: string | null;
  /** What came before for `{"__byte[]":id}` in the arguments. */
  readonly bytes: ReadonlyMap<number, Uint8Array>;
  /** Where it is a DOM event on its way to a component. */
  readonly event?: DomEvent;
  readonly started: MessagePlace;
  readonly outcome: InteropOutcome;
}

/** What became of a JS interop call. */
export type InteropOutcome =
  | { readonly kind: "pending" }
  | {
      readonly kind: "succeeded";
      /** Read with `readInteropJson`. From JS `[handle,true,result]`, from .NET the result. */
      readonly resultJson: string | null;
      readonly bytes: ReadonlyMap<number, Uint8Array>;
      readonly ended: MessagePlace;
    }
  /** `error` as the other end wrote it, with its stack where it sends one. */
  | { readonly kind: "failed"; readonly error: string; readonly ended: MessagePlace }
  /** The circuit ended, or began anew, before the answer: so with an exception that no error boundary caught. */
  | { readonly kind: "abandoned"; readonly ended: MessagePlace };

/** A browser event that the page reported to a handler in .NET. */
export interface DomEvent {
  readonly handlerId: HandlerId;
  /** `click`. */
  readonly name: string;
  /** The element, as it was named when the event was sent. Undefined where no batch brought the handler. */
  readonly target?: {
    readonly componentId: number;
    /** `button`. */
    readonly element: string;
    /** `onclick`. */
    readonly attribute: string;
    /** The element's `id`, where it has one. */
    readonly elementId?: string;
  };
}

/** Bytes in pieces, in one direction. */
export interface InteropStream {
  readonly kind: "net-to-js" | "js-to-net";
  readonly id: number | bigint;
  readonly started: MessagePlace;
  readonly pieces: number;
  readonly size: number;
  /** From the reference, where it was seen; `js-to-net` only. */
  readonly wantedSize?: number;
  readonly outcome:
    | { readonly kind: "open" }
    | { readonly kind: "complete"; readonly ended: MessagePlace }
    | { readonly kind: "failed"; readonly error: string; readonly ended: MessagePlace }
    /** The page asked for no more, or the circuit ended. */
    | { readonly kind: "cancelled"; readonly ended: MessagePlace };
}

/** A JS.RenderBatch message: what it holds, what it did, and whether the page took it. */
export interface BatchEntry extends MessagePlace {
  readonly batchId: number | bigint;
  readonly size: number;
  /** What it did to the page; at most {@link MAX_BATCH_LINES}. Empty where it was not applied. */
  readonly lines: readonly BatchLine[];
  readonly counts: {
    readonly components: number;
    readonly edits: number;
    readonly frames: number;
    readonly disposedComponents: number;
    readonly disposedHandlers: number;
  };
  readonly issues: readonly RenderBatchIssue[];
  /** Edits that the tree has no place for; the recording may have begun late. */
  readonly misfits: number;
  /** Sent again after a reconnect: the page has it already. */
  readonly isRepeated: boolean;
  /** Batches are missing between the one before and this. */
  readonly isBehindGap: boolean;
  /** OnRenderCompleted. `error`: the page could not apply it. */
  readonly completed?: MessagePlace & { readonly error?: string };
}

/** A batch that fills a page has a line for each node; nobody reads more. */
export const MAX_BATCH_LINES = 200;
