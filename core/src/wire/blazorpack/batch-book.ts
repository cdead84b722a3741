import type { WireValue } from "../hub-message.ts";
import { summarizeChanges } from "./batch-summary.ts";
import { type BatchEntry, MAX_BATCH_LINES, type MessagePlace } from "./circuit-model.ts";
import { decodeRenderBatch } from "./decode-render-batch.ts";
import { keep } from "./keep.ts";
import type { ComponentTree } from "./tree-model.ts";

/** Render batches of one circuit, applied to its tree and paired with their acknowledgements. */
export interface BatchBook {
  readonly batches: readonly BatchEntry[];
  /** `JS.RenderBatch`. */
  rendered(values: readonly WireValue[], place: MessagePlace): void;
  /** `OnRenderCompleted`. */
  completed(values: readonly WireValue[], place: MessagePlace): void;
}

export function createBatchBook(tree: ComponentTree): BatchBook {
  const batches: BatchEntry[] = [];
  /** The ID that the next batch has; undefined until one was seen. */
  let next: number | bigint | undefined;
  return {
    batches,
    rendered([batchId, bytes], place) {
      if (!isId(batchId) || !(bytes instanceof Uint8Array)) return;
      const isRepeated = next !== undefined && batchId < next;
      const isBehindGap = next !== undefined && batchId > next;
      const { batch, issues } = decodeRenderBatch(bytes);
      const applied = isRepeated ? undefined : tree.apply(batch);
      if (!isRepeated) next = typeof batchId === "bigint" ? batchId + 1n : batchId + 1;
      keep(batches, {
        ...place,
        batchId,
        size: bytes.length,
        lines: summarizeChanges(applied?.changes ?? [], MAX_BATCH_LINES),
        counts: {
          components: batch.updated.length,
          edits: batch.updated.reduce((sum, { edits }) => sum + edits.length, 0),
          frames: batch.frames.length,
          disposedComponents: batch.disposedComponents.length,
          disposedHandlers: batch.disposedHandlers.length,
        },
        issues,
        misfits: applied?.issues.length ?? 0,
        isRepeated,
        isBehindGap,
      });
    },
    completed([batchId, failure], place) {
      // Acknowledgements come soon, and in the order of the batches.
      const at = batches.findLastIndex((one) => one.batchId === batchId);
      const entry = batches[at];
      if (entry === undefined || entry.completed !== undefined) return;
      if (!entry.isRepeated) tree.forgetDisposedHandlers();
      const error = typeof failure === "string" ? { error: failure } : undefined;
      batches[at] = { ...entry, completed: { ...place, ...error } };
    },
  };
}

function isId(value: WireValue): value is number | bigint {
  return typeof value === "bigint" || Number.isInteger(value);
}
