import { concatBytes } from "../../bytes/concat.ts";
import { encodeUtf8 } from "../../bytes/utf8.ts";
import {
  EDIT_KINDS,
  EDIT_SIZE,
  type Edit,
  FRAME_KINDS,
  FRAME_SIZE,
  type Frame,
  type RenderBatch,
} from "./render-batch.ts";

/** Collects the table, which repeats most texts, as `RenderBatchWriter` does. */
interface Strings {
  readonly texts: string[];
  readonly shared: Map<string, number>;
}

/** The bytes that ASP.NET Core writes for this batch. Numbers beyond 32 bits, and handler IDs beyond 64, lose their high bits. */
export function encodeRenderBatch(batch: RenderBatch): Uint8Array<ArrayBuffer> {
  const strings: Strings = { texts: [], shared: new Map() };
  const pieces: Uint8Array[] = [];
  let length = 0;
  const add = (bytes: Uint8Array): number => {
    const at = length;
    pieces.push(bytes);
    length += bytes.length;
    return at;
  };
  const diffs = batch.updated.map(({ componentId, edits }) => {
    const at = add(integers([componentId, edits.length]));
    for (const edit of edits) add(editBytes(edit, strings));
    return at;
  });
  const updatedTable = add(integers([diffs.length, ...diffs]));
  const frames = add(integers([batch.frames.length]));
  for (const frame of batch.frames) add(frameBytes(frame, strings));
  const components = add(integers([batch.disposedComponents.length, ...batch.disposedComponents]));
  const handlers = add(integers([batch.disposedHandlers.length]));
  for (const id of batch.disposedHandlers) add(handlerBytes(id));
  const offsets = strings.texts.map((text) => add(textBytes(text)));
  const table = add(integers(offsets));
  add(integers([updatedTable, frames, components, handlers, table]));
  return concatBytes(pieces).slice();
}

function integers(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setInt32(index * 4, value, true);
  return bytes;
}

function handlerBytes(id: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(id), true);
  return bytes;
}

function textBytes(text: string): Uint8Array {
  const bytes = encodeUtf8(text);
  const head: number[] = [];
  let left = bytes.length;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) head.push((left % 0x80) + 0x80);
  return concatBytes([Uint8Array.from([...head, left]), bytes]);
}

/** Names, and texts of white space only, stand in the table once; other texts as often as they occur. */
function indexOf(strings: Strings, text: string | null, isShared: boolean): number {
  if (text === null) return -1;
  const known = isShared ? strings.shared.get(text) : undefined;
  if (known !== undefined) return known;
  const index = strings.texts.push(text) - 1;
  if (isShared) strings.shared.set(text, index);
  return index;
}

function editBytes(edit: Edit, strings: Strings): Uint8Array {
  const type = edit.kind === "unknown" ? edit.type : EDIT_KINDS.indexOf(edit.kind) + 1;
  const [sibling, value, name] = editFields(edit, strings);
  const bytes = integers([type, sibling, value, name]);
  if (bytes.length !== EDIT_SIZE) throw new Error("an edit has four integers");
  return bytes;
}

function editFields(edit: Edit, strings: Strings): readonly [number, number, number] {
  switch (edit.kind) {
    case "prependFrame":
    case "setAttribute":
    case "updateText":
    case "updateMarkup":
      return [edit.sibling, edit.frame, -1];
    case "removeFrame":
    case "stepIn":
      return [edit.sibling, 0, -1];
    case "removeAttribute":
      return [edit.sibling, 0, indexOf(strings, edit.name, true)];
    case "permutationListEntry":
      return [edit.from, edit.to, -1];
    case "stepOut":
    case "permutationListEnd":
    case "unknown":
      return [0, 0, -1];
  }
}

function frameBytes(frame: Frame, strings: Strings): Uint8Array {
  const bytes = new Uint8Array(FRAME_SIZE);
  const view = new DataView(bytes.buffer);
  const type = frame.kind === "unknown" ? frame.type : FRAME_KINDS.indexOf(frame.kind);
  view.setInt32(0, type, true);
  switch (frame.kind) {
    case "element":
      view.setInt32(4, frame.subtreeLength, true);
      view.setInt32(8, indexOf(strings, frame.name, true), true);
      break;
    case "text":
      view.setInt32(4, indexOf(strings, frame.text, frame.text?.trim() === ""), true);
      break;
    case "attribute":
      view.setInt32(4, indexOf(strings, frame.name, true), true);
      view.setInt32(8, indexOf(strings, frame.value, frame.value === ""), true);
      bytes.set(handlerBytes(frame.handlerId), 12);
      break;
    case "component":
      view.setInt32(4, frame.subtreeLength, true);
      view.setInt32(8, frame.componentId, true);
      break;
    case "region":
      view.setInt32(4, frame.subtreeLength, true);
      break;
    case "elementReferenceCapture":
      view.setInt32(4, indexOf(strings, frame.id, false), true);
      break;
    case "markup":
      view.setInt32(4, indexOf(strings, frame.markup, false), true);
      break;
    case "none":
    case "componentReferenceCapture":
    case "componentRenderMode":
    case "namedEvent":
    case "unknown":
      break;
  }
  return bytes;
}
