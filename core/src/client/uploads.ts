import { pump } from "../flow/pump.ts";
import type { WireValue } from "../wire/hub-message.ts";
import { errorText } from "./isolate.ts";
import type { LiveConnection } from "./live-connection.ts";

export interface Upload {
  readonly streamId: string;
  readonly source: AsyncIterable<WireValue>;
}

/** Gives each source its stream ID. */
export function nameUploads(
  sources: readonly AsyncIterable<WireValue>[] | undefined,
  nextId: () => string,
): readonly Upload[] {
  return (sources ?? []).map((source) => ({ streamId: nextId(), source }));
}

/** The `streamIds` of the invocation, absent where there is no upload. */
export function streamIdsOf(uploads: readonly Upload[]): { readonly streamIds?: readonly string[] } {
  return uploads.length === 0 ? {} : { streamIds: uploads.map((upload) => upload.streamId) };
}

/** Sends every item, then the completion: void at the end of the source, an error where it threw. */
export function startUploads(
  connection: LiveConnection,
  uploads: readonly Upload[],
  signal: AbortSignal,
): void {
  for (const upload of uploads) void send(connection, upload, signal);
}

async function send(connection: LiveConnection, upload: Upload, signal: AbortSignal): Promise<void> {
  const invocationId = upload.streamId;
  const deliver = (item: WireValue) => connection.send({ kind: "stream-item", invocationId, item });
  try {
    await pump(upload.source, deliver, connection.pace, signal);
    if (!signal.aborted) connection.send({ kind: "completion", invocationId, outcome: { kind: "void" } });
  } catch (error) {
    if (signal.aborted) return;
    try {
      const outcome = { kind: "error", message: errorText(error) } as const;
      connection.send({ kind: "completion", invocationId, outcome });
    } catch {
      // The connection has gone while the source failed: the invocation fails with the connection's error.
    }
  }
}
