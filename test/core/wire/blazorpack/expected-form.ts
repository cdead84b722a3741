import { createHash } from "node:crypto";
import type { Edit, Frame } from "../../../../core/src/wire/blazorpack/render-batch.ts";

/** The arrays in which the expected files of test/captures/blazor write edits. */
export function editRow(edit: Edit): readonly unknown[] {
  switch (edit.kind) {
    case "prependFrame":
    case "setAttribute":
    case "updateText":
    case "updateMarkup":
      return [edit.kind, edit.sibling, edit.frame];
    case "removeFrame":
    case "stepIn":
      return [edit.kind, edit.sibling];
    case "removeAttribute":
      return [edit.kind, edit.sibling, edit.name];
    case "permutationListEntry":
      return [edit.kind, edit.from, edit.to];
    case "stepOut":
    case "permutationListEnd":
      return [edit.kind];
    case "unknown":
      return [edit.kind, edit.type];
  }
}

/** The arrays in which the expected files write frames. */
export function frameRow(frame: Frame): readonly unknown[] {
  switch (frame.kind) {
    case "element":
      return [frame.kind, frame.subtreeLength, frame.name];
    case "text":
      return [frame.kind, frame.text];
    case "attribute":
      return frame.handlerId === 0
        ? [frame.kind, frame.name, frame.value]
        : [frame.kind, frame.name, frame.value, frame.handlerId];
    case "component":
      return [frame.kind, frame.subtreeLength, frame.componentId];
    case "region":
      return [frame.kind, frame.subtreeLength];
    case "elementReferenceCapture":
      return [frame.kind, frame.id];
    case "markup":
      return [frame.kind, frame.markup];
    case "unknown":
      return [frame.kind, frame.type];
    default:
      return [frame.kind];
  }
}

/** Values as the expected files write them. */
export function valueRow(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    if (value.length <= 512) return { $bytes: Buffer.from(value).toString("base64") };
    return { $bytesLength: value.length, $sha256: createHash("sha256").update(value).digest("hex") };
  }
  if (typeof value === "bigint") return { $bigint: String(value) };
  return value;
}
