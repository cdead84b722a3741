import type { CompletionOutcome, WireValue } from "../hub-message.ts";
import type { InteropStream, MessagePlace } from "./circuit-model.ts";
import { keep } from "./keep.ts";

/** Streams between .NET and JS of one circuit. */
export interface StreamBook {
  readonly streams: readonly InteropStream[];
  /** `JS.BeginTransmitStream`: .NET has a stream for the page. */
  offered(id: WireValue, place: MessagePlace): void;
  /** `SendDotNetStreamToJS`: the page takes it, as a stream of the hub. */
  wanted(id: WireValue, invocationId: string, place: MessagePlace): void;
  item(invocationId: string, item: WireValue): void;
  /** False where the invocation is no such stream. */
  completed(invocationId: string, outcome: CompletionOutcome, place: MessagePlace): boolean;
  cancelled(invocationId: string, place: MessagePlace): void;
  /** `Blazor._internal.sendJSDataStream`: .NET wants a stream of the page. */
  uploadWanted(id: number, wantedSize: number | undefined, place: MessagePlace): void;
  /** `ReceiveJSDataChunk`. */
  chunk(values: readonly WireValue[], place: MessagePlace): void;
  /** The connection has ended, and with it the streams of the hub. */
  disconnected(place: MessagePlace): void;
  /** The circuit has ended. */
  abandon(place: MessagePlace): void;
}

type OpenStream = { -readonly [K in keyof InteropStream]: InteropStream[K] };

export function createStreamBook(): StreamBook {
  const streams: OpenStream[] = [];
  /** By kind and ID. */
  const open = new Map<string, OpenStream>();
  const byInvocation = new Map<string, OpenStream>();

  function begin(
    kind: InteropStream["kind"],
    id: number | bigint,
    started: MessagePlace,
    wantedSize?: number,
  ): OpenStream {
    const stream: OpenStream = {
      kind,
      id,
      started,
      pieces: 0,
      size: 0,
      outcome: { kind: "open" },
      ...(wantedSize === undefined ? undefined : { wantedSize }),
    };
    keep(streams, stream);
    open.set(`${kind} ${id}`, stream);
    return stream;
  }

  function end(stream: OpenStream, outcome: InteropStream["outcome"]): void {
    stream.outcome = outcome;
    open.delete(`${stream.kind} ${stream.id}`);
  }

  function add(stream: OpenStream, content: WireValue): void {
    stream.pieces += 1;
    if (content instanceof Uint8Array) stream.size += content.length;
  }

  return {
    streams,
    offered(id, place) {
      if (isId(id)) begin("net-to-js", id, place);
    },
    wanted(id, invocationId, place) {
      if (!isId(id)) return;
      byInvocation.set(invocationId, open.get(`net-to-js ${id}`) ?? begin("net-to-js", id, place));
    },
    item(invocationId, item) {
      const stream = byInvocation.get(invocationId);
      if (stream !== undefined) add(stream, item);
    },
    completed(invocationId, outcome, place) {
      const stream = byInvocation.get(invocationId);
      if (stream === undefined) return false;
      byInvocation.delete(invocationId);
      // The server completes what the page has cancelled.
      if (stream.outcome.kind === "cancelled") return true;
      if (outcome.kind === "error") end(stream, { kind: "failed", error: outcome.message, ended: place });
      else end(stream, { kind: "complete", ended: place });
      return true;
    },
    cancelled(invocationId, place) {
      const stream = byInvocation.get(invocationId);
      if (stream !== undefined) end(stream, { kind: "cancelled", ended: place });
    },
    uploadWanted(id, wantedSize, place) {
      begin("js-to-net", id, place, wantedSize);
    },
    chunk([id, chunkId, content, error], place) {
      if (!isId(id)) return;
      const stream = open.get(`js-to-net ${id}`) ?? begin("js-to-net", id, place);
      if (typeof error === "string" || chunkId === -1) {
        end(stream, { kind: "failed", error: typeof error === "string" ? error : "", ended: place });
        return;
      }
      add(stream, content);
      // No message says that it was the last: the server counts as well.
      if (stream.wantedSize !== undefined && stream.size >= stream.wantedSize) {
        end(stream, { kind: "complete", ended: place });
      }
    },
    disconnected(place) {
      for (const stream of byInvocation.values()) {
        if (stream.outcome.kind === "open") end(stream, { kind: "cancelled", ended: place });
      }
      byInvocation.clear();
    },
    abandon(place) {
      for (const stream of [...open.values()]) end(stream, { kind: "cancelled", ended: place });
      byInvocation.clear();
    },
  };
}

function isId(value: WireValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
