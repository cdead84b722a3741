import { createItemQueue, type ItemQueue } from "../flow/item-queue.ts";
import type { WireValue } from "../wire/hub-message.ts";
import { type Call, type CallContext, headersOf, invocationFailed } from "./invoke.ts";
import type { LiveConnection } from "./live-connection.ts";
import { nameUploads, startUploads, streamIdsOf } from "./uploads.ts";

/** A StreamInvocation for every loop over the result. */
export function stream(context: CallContext, call: Call): AsyncIterable<WireValue> {
  return { [Symbol.asyncIterator]: () => openStream(context, call) };
}

function openStream(context: CallContext, call: Call): AsyncIterator<WireValue, undefined> {
  const queue = createItemQueue<WireValue>();
  let leave: (() => void) | undefined;
  try {
    leave = begin(context, call, queue);
  } catch (error) {
    queue.fail(error);
  }
  return {
    next: () => queue.next(),
    async return() {
      leave?.();
      queue.clear();
      queue.end();
      return { done: true, value: undefined };
    },
  };
}

/** Sends the invocation and feeds the queue. The function returned cancels, once, and only what still runs. */
function begin(context: CallContext, call: Call, queue: ItemQueue<WireValue>): () => void {
  const { pending } = context;
  const { target, args, options } = call;
  options.signal?.throwIfAborted();
  const connection = context.connection();
  const uploads = nameUploads(options.uploads, pending.nextId);
  const invocationId = pending.nextId();
  const over = new AbortController();

  const leave = () => {
    over.abort();
    if (pending.remove(invocationId)) cancel(connection, invocationId);
  };
  const finish = (error?: unknown) => {
    over.abort();
    if (error === undefined) queue.end();
    else queue.fail(error);
  };

  pending.add(invocationId, {
    item: (value) => queue.push(value),
    // HubProtocol.md, "Streaming": a result in the completion of a stream means nothing.
    complete: (outcome) => finish(outcome.kind === "error" ? invocationFailed(outcome.message) : undefined),
    fail: finish,
  });
  try {
    connection.send({
      kind: "stream-invocation",
      ...headersOf(options),
      invocationId,
      target,
      arguments: args,
      ...streamIdsOf(uploads),
    });
  } catch (error) {
    pending.remove(invocationId);
    throw error;
  }
  const onAbort = () => {
    leave();
    queue.clear();
    queue.fail(options.signal?.reason);
  };
  options.signal?.addEventListener("abort", onAbort, { signal: over.signal });
  startUploads(connection, uploads, over.signal);
  return leave;
}

function cancel(connection: LiveConnection, invocationId: string): void {
  try {
    connection.send({ kind: "cancel-invocation", invocationId });
  } catch {
    // The connection is going, and the stream with it.
  }
}
