import { HubscopeError } from "../errors.ts";
import type { WireValue } from "../wire/hub-message.ts";
import type { InvokeOptions } from "./hub-client.ts";
import type { LiveConnection } from "./live-connection.ts";
import type { PendingInvocations } from "./pending-invocations.ts";
import { nameUploads, startUploads, streamIdsOf } from "./uploads.ts";

export interface CallContext {
  readonly pending: PendingInvocations;
  /** Throws `not-connected`. */
  connection(): LiveConnection;
}

export interface Call {
  readonly target: string;
  readonly args: readonly WireValue[];
  readonly options: InvokeOptions;
}

/** An Invocation with an ID. Resolves with the result, undefined where the completion has none. */
export async function invoke(context: CallContext, { target, args, options }: Call): Promise<WireValue> {
  const { signal } = options;
  signal?.throwIfAborted();
  const connection = context.connection();
  const uploads = nameUploads(options.uploads, context.pending.nextId);
  const invocationId = context.pending.nextId();
  const over = new AbortController();

  const answer = new Promise<WireValue>((resolve, reject) => {
    context.pending.add(invocationId, {
      item() {
        context.pending.remove(invocationId);
        const text = `The server answered the invocation of '${target}', which is no stream, with a stream item.`;
        reject(new HubscopeError("protocol-violation", text));
      },
      complete(outcome) {
        if (outcome.kind === "error") reject(invocationFailed(outcome.message));
        else resolve(outcome.kind === "result" ? outcome.value : undefined);
      },
      fail: reject,
    });
    signal?.addEventListener("abort", () => reject(signal.reason), { signal: over.signal });
  });
  try {
    connection.send({
      kind: "invocation",
      ...headersOf(options),
      invocationId,
      target,
      arguments: args,
      ...streamIdsOf(uploads),
    });
    startUploads(connection, uploads, over.signal);
    return await answer;
  } finally {
    context.pending.remove(invocationId);
    over.abort();
  }
}

/** An Invocation without an ID, which the server does not answer. Uploads go on until the connection ends. */
export async function send(context: CallContext, { target, args, options }: Call): Promise<void> {
  const connection = context.connection();
  const uploads = nameUploads(options.uploads, context.pending.nextId);
  connection.send({
    kind: "invocation",
    ...headersOf(options),
    target,
    arguments: args,
    ...streamIdsOf(uploads),
  });
  startUploads(connection, uploads, connection.gone);
}

export function headersOf({ headers }: InvokeOptions): Pick<InvokeOptions, "headers"> {
  return headers === undefined ? {} : { headers };
}

export function invocationFailed(message: string): HubscopeError {
  return new HubscopeError("invocation-failed", message, { facts: { serverError: message } });
}
