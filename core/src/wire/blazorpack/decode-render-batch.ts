import { note, readStrings, type Source, stringAt } from "./batch-source.ts";
import type { HandlerId } from "./handler-id.ts";
import {
  type BatchRange,
  type ComponentDiff,
  EDIT_KINDS,
  EDIT_SIZE,
  type Edit,
  FOOTER_SIZE,
  FRAME_KINDS,
  FRAME_SIZE,
  type Frame,
  type RenderBatch,
  type RenderBatchIssue,
  type RenderBatchLayout,
} from "./render-batch.ts";

/** A batch, where its parts stand in the bytes, and what is odd about it. */
export interface DecodedRenderBatch {
  readonly batch: RenderBatch;
  readonly layout: RenderBatchLayout;
  /** The string table, in its order. */
  readonly strings: readonly string[];
  readonly issues: readonly RenderBatchIssue[];
}

/** Never throws; costs time and memory linear in the length, whatever the bytes say. */
export function decodeRenderBatch(bytes: Uint8Array): DecodedRenderBatch {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - FOOTER_SIZE;
  const source: Source = { bytes, view, end, strings: [], stringRanges: [], issues: [] };
  if (end < 0) {
    note(source, "batch-too-short", 0, `${bytes.length} bytes`);
    return { batch: EMPTY, layout: emptyLayout(bytes.length), strings: [], issues: source.issues };
  }
  const stringTable = readStrings(source);
  const frames = openSection(source, end + 4, FRAME_SIZE);
  const table = openSection(source, end, 4);
  const components = openSection(source, end + 8, 4);
  const handlers = openSection(source, end + 12, 8);
  const decodedFrames = readFrames(source, frames);
  const updated: ComponentDiff[] = [];
  const updatedRanges: BatchRange[] = [];
  readDiffs(source, table, frames.count, (diff, range) => {
    updated.push(diff);
    updatedRanges.push(range);
  });
  const batch: RenderBatch = {
    updated,
    frames: decodedFrames,
    disposedComponents: items(components, 4, (at) => view.getInt32(at, true)),
    disposedHandlers: items(handlers, 8, (at) => handlerIdAt(view, at)),
  };
  const layout: RenderBatchLayout = {
    updated: updatedRanges,
    updatedTable: rangeOf(table, 4),
    frames: rangeOf(frames, FRAME_SIZE),
    disposedComponents: rangeOf(components, 4),
    disposedHandlers: rangeOf(handlers, 8),
    strings: source.stringRanges,
    stringTable,
    footer: { start: end, end: bytes.length },
  };
  return { batch, layout, strings: source.strings, issues: source.issues };
}

const EMPTY: RenderBatch = { updated: [], frames: [], disposedComponents: [], disposedHandlers: [] };

function emptyLayout(length: number): RenderBatchLayout {
  const none = { start: 0, end: 0 };
  return {
    updated: [],
    updatedTable: none,
    frames: none,
    disposedComponents: none,
    disposedHandlers: none,
    strings: [],
    stringTable: none,
    footer: { start: 0, end: length },
  };
}

/** A count and as many items of one size. */
interface Section {
  /** Of the count. */
  readonly at: number;
  readonly start: number;
  readonly count: number;
}

const NO_SECTION: Section = { at: 0, start: 0, count: 0 };

function openSection(source: Source, footerAt: number, itemSize: number): Section {
  const at = source.view.getInt32(footerAt, true);
  if (at < 0 || at + 4 > source.end) {
    note(source, "offset-outside", footerAt, String(at));
    return NO_SECTION;
  }
  return { at, start: at + 4, count: countAt(source, at, itemSize) };
}

/** As many as there is room for; none where the count is negative. */
function countAt(source: Source, at: number, itemSize: number): number {
  const count = source.view.getInt32(at, true);
  const room = Math.floor((source.end - at - 4) / itemSize);
  if (count >= 0 && count <= room) return count;
  note(source, "count-outside", at, `${count} where ${room} fit`);
  return count < 0 ? 0 : room;
}

function rangeOf({ at, start, count }: Section, itemSize: number): BatchRange {
  return { start: at, end: start + count * itemSize };
}

function items<T>(section: Section, itemSize: number, read: (at: number) => T): readonly T[] {
  return Array.from({ length: section.count }, (_, index) => read(section.start + index * itemSize));
}

function handlerIdAt(view: DataView, at: number): HandlerId {
  const high = view.getUint32(at + 4, true);
  return high < 2 ** 21 ? high * 2 ** 32 + view.getUint32(at, true) : view.getBigUint64(at, true);
}

function readFrames(source: Source, section: Section): readonly Frame[] {
  const frames: Frame[] = [];
  // The ends of the subtrees that the next frame stands in, outermost first.
  const ends: number[] = [];
  for (let index = 0; index < section.count; index++) {
    const at = section.start + index * FRAME_SIZE;
    while (ends.length > 0 && (ends.at(-1) ?? 0) <= index) ends.pop();
    const frame = frameAt(source, at);
    frames.push(frame);
    if (!("subtreeLength" in frame)) continue;
    const limit = ends.at(-1) ?? section.count;
    if (frame.subtreeLength >= 1 && index + frame.subtreeLength <= limit) {
      ends.push(index + frame.subtreeLength);
    } else {
      note(source, "subtree-outside", at + 4, String(frame.subtreeLength));
    }
  }
  return frames;
}

function frameAt(source: Source, at: number): Frame {
  const { view } = source;
  const type = view.getInt32(at, true);
  const kind = FRAME_KINDS[type];
  if (kind === undefined) {
    note(source, "unknown-frame", at, String(type));
    return { kind: "unknown", type };
  }
  switch (kind) {
    case "element":
      return { kind, subtreeLength: view.getInt32(at + 4, true), name: stringAt(source, at + 8) };
    case "text":
      return { kind, text: stringAt(source, at + 4) };
    case "attribute":
      return {
        kind,
        name: stringAt(source, at + 4),
        value: stringAt(source, at + 8),
        handlerId: handlerIdAt(view, at + 12),
      };
    case "component":
      return { kind, subtreeLength: view.getInt32(at + 4, true), componentId: view.getInt32(at + 8, true) };
    case "region":
      return { kind, subtreeLength: view.getInt32(at + 4, true) };
    case "elementReferenceCapture":
      return { kind, id: stringAt(source, at + 4) };
    case "markup":
      return { kind, markup: stringAt(source, at + 4) };
    case "none":
    case "componentReferenceCapture":
    case "componentRenderMode":
    case "namedEvent":
      return { kind };
  }
}

function readDiffs(
  source: Source,
  table: Section,
  frameCount: number,
  add: (diff: ComponentDiff, range: BatchRange) => void,
): void {
  const { view, end } = source;
  // Diffs that lie upon each other could claim any number of edits.
  let budget = source.bytes.length;
  for (let index = 0; index < table.count; index++) {
    const tableAt = table.start + index * 4;
    const at = view.getInt32(tableAt, true);
    if (at < 0 || at + 8 > end) {
      note(source, "offset-outside", tableAt, String(at));
      continue;
    }
    const count = countAt(source, at + 4, EDIT_SIZE);
    budget -= 8 + count * EDIT_SIZE;
    if (budget < 0) {
      note(source, "parts-overlap", tableAt, "diffs");
      return;
    }
    const edits: Edit[] = [];
    for (let edit = 0; edit < count; edit++) {
      edits.push(editAt(source, at + 8 + edit * EDIT_SIZE, frameCount));
    }
    add({ componentId: view.getInt32(at, true), edits }, { start: at, end: at + 8 + count * EDIT_SIZE });
  }
}

function editAt(source: Source, at: number, frameCount: number): Edit {
  const { view } = source;
  const type = view.getInt32(at, true);
  const sibling = view.getInt32(at + 4, true);
  const kind = EDIT_KINDS[type - 1];
  if (kind === undefined) {
    note(source, "unknown-edit", at, String(type));
    return { kind: "unknown", type };
  }
  switch (kind) {
    case "prependFrame":
    case "setAttribute":
    case "updateText":
    case "updateMarkup": {
      const frame = view.getInt32(at + 8, true);
      if (frame < 0 || frame >= frameCount) note(source, "frame-outside", at + 8, String(frame));
      return { kind, sibling, frame };
    }
    case "removeFrame":
    case "stepIn":
      return { kind, sibling };
    case "removeAttribute":
      return { kind, sibling, name: stringAt(source, at + 12) };
    case "permutationListEntry":
      return { kind, from: sibling, to: view.getInt32(at + 8, true) };
    case "stepOut":
    case "permutationListEnd":
      return { kind };
  }
}
