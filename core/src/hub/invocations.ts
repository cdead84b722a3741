import { createItemQueue, type ItemQueue } from "../flow/item-queue.ts";
import { pump, release } from "../flow/pump.ts";
import type {
  Completion,
  CompletionOutcome,
  HubMessage,
  Invocation,
  StreamInvocation,
  WireValue,
} from "../wire/hub-message.ts";
import * as texts from "./error-texts.ts";
import type { HubCall, HubMethod, HubOptions } from "./hub.ts";
import { HubMethodError } from "./hub-method-error.ts";
import type { ServedConnection } from "./served-connection.ts";

/** The methods of the hub as one connection calls them. */
export interface Invocations {
  receive(message: HubMessage): void;
  /** Asks the client. */
  ask(target: string, args: readonly WireValue[]): Promise<WireValue>;
  /** The client has gone. */
  end(): void;
}

export interface InvocationContext {
  readonly connection: ServedConnection;
  /** Targets in lower case. */
  readonly methods: ReadonlyMap<string, HubMethod>;
  readonly options: HubOptions;
  /** Unique in the hub. */
  nextAskId(): string;
  createCall(uploads: readonly AsyncIterable<WireValue>[], signal: AbortSignal): HubCall;
}

interface Ask {
  readonly resolve: (value: WireValue) => void;
  readonly reject: (error: Error) => void;
}

export function createInvocations(context: InvocationContext): Invocations {
  const { connection, options } = context;
  const detailed = options.detailedErrors === true;
  /** Each is aborted by a cancel, or when the client goes. */
  const streams = new Map<string, AbortController>();
  const uploads = new Map<string, ItemQueue<WireValue>>();
  const asks = new Map<string, Ask>();

  /** HubMethodErrors are the method's way to answer; anything else is its fault. */
  function reportFault(error: unknown): void {
    if (error instanceof HubMethodError) return;
    try {
      options.onFault?.(error);
    } catch {
      // The sink for faults is itself at fault.
    }
  }

  function complete(invocationId: string | undefined, outcome: CompletionOutcome): void {
    if (invocationId !== undefined) connection.send({ kind: "completion", invocationId, outcome });
  }

  function completeWithError(invocationId: string | undefined, message: string): void {
    complete(invocationId, { kind: "error", message });
  }

  async function run(message: Invocation | StreamInvocation): Promise<void> {
    const { invocationId, target } = message;
    const method = context.methods.get(target.toLowerCase());
    if (method === undefined) return completeWithError(invocationId, texts.unknownMethod(target));
    if (message.kind === "stream-invocation" && streams.has(message.invocationId)) {
      return completeWithError(invocationId, texts.idInUse(message.invocationId));
    }
    const cancel = new AbortController();
    if (message.kind === "stream-invocation") streams.set(message.invocationId, cancel);
    const signal = message.kind === "stream-invocation" ? cancel.signal : connection.gone;
    const sources = (message.streamIds ?? []).map(openUpload);
    try {
      const result = await method(context.createCall(sources, signal), ...message.arguments);
      if (message.kind === "stream-invocation") await answerStream(message, result, signal);
      else answerCall(message, result);
    } catch (error) {
      reportFault(error);
      completeWithError(invocationId, texts.methodFailed(target, error, detailed));
    } finally {
      if (message.kind === "stream-invocation") streams.delete(message.invocationId);
      for (const id of message.streamIds ?? []) closeUpload(id);
    }
  }

  function answerCall({ invocationId, target }: Invocation, result: unknown): void {
    if (isAsyncIterable(result)) {
      release(result[Symbol.asyncIterator]());
      completeWithError(invocationId, texts.streamInvoked(target));
      return;
    }
    complete(invocationId, { kind: "result", value: result ?? null });
  }

  async function answerStream(
    { invocationId, target }: StreamInvocation,
    result: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    if (!isAsyncIterable(result)) return completeWithError(invocationId, texts.noStreamToOpen(target));
    const deliver = (item: WireValue) => connection.send({ kind: "stream-item", invocationId, item });
    try {
      await pump(result, deliver, connection.pace, signal);
    } catch (error) {
      reportFault(error);
      return completeWithError(invocationId, texts.streamFailed(error, detailed));
    }
    // Also after a cancel: the server completes at once and without an error.
    complete(invocationId, { kind: "void" });
  }

  function openUpload(streamId: string): AsyncIterable<WireValue> {
    const queue = createItemQueue<WireValue>();
    uploads.set(streamId, queue);
    const iterator: AsyncIterator<WireValue, undefined> = {
      next: queue.next,
      async return() {
        closeUpload(streamId);
        return { done: true, value: undefined };
      },
    };
    return { [Symbol.asyncIterator]: () => iterator };
  }

  function closeUpload(streamId: string): void {
    const queue = uploads.get(streamId);
    uploads.delete(streamId);
    queue?.clear();
    queue?.end();
  }

  /** The end of an upload or the answer to an ask. A client that names an upload as the hub names asks harms itself. */
  function onCompletion({ invocationId, outcome }: Completion): void {
    const queue = uploads.get(invocationId);
    if (queue !== undefined) {
      uploads.delete(invocationId);
      if (outcome.kind === "error") queue.fail(new HubMethodError(outcome.message));
      else queue.end();
      return;
    }
    const ask = asks.get(invocationId);
    asks.delete(invocationId);
    if (outcome.kind === "result") ask?.resolve(outcome.value);
    else ask?.reject(new HubMethodError(outcome.kind === "error" ? outcome.message : texts.NO_CLIENT_RESULT));
  }

  return {
    receive(message) {
      switch (message.kind) {
        case "invocation":
        case "stream-invocation":
          return void run(message);
        case "stream-item":
          return uploads.get(message.invocationId)?.push(message.item);
        case "completion":
          return onCompletion(message);
        case "cancel-invocation":
          return streams.get(message.invocationId)?.abort();
        // Ping and Close are the connection's. Ack and Sequence without stateful reconnect, and types that nobody
        // knows, are ignored, as ASP.NET Core does.
        case "ping":
        case "close":
        case "undecodable":
        case "handshake-request":
        case "handshake-response":
        case "ack":
        case "sequence":
        case "unknown":
          return;
        default:
          return message satisfies never;
      }
    },
    ask(target, args) {
      const answer = new Promise<WireValue>((resolve, reject) => {
        if (connection.gone.aborted) throw clientGone();
        const invocationId = context.nextAskId();
        connection.send({ kind: "invocation", invocationId, target, arguments: args });
        asks.set(invocationId, { resolve, reject });
      });
      // A method may have stopped waiting by the time the client goes.
      answer.catch(() => undefined);
      return answer;
    },
    end() {
      for (const queue of uploads.values()) queue.fail(clientGone());
      uploads.clear();
      for (const ask of asks.values()) ask.reject(clientGone());
      asks.clear();
      for (const cancel of streams.values()) cancel.abort();
      streams.clear();
    },
  };
}

function clientGone(): Error {
  return new Error("The client has gone.");
}

function isAsyncIterable(value: unknown): value is AsyncIterable<WireValue> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
