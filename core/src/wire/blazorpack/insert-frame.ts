import { MAX_DEPTH } from "../limits.ts";
import { type BatchWork, type Cursor, type OpenElement, setAttribute } from "./batch-work.ts";
import type { Frame } from "./render-batch.ts";
import { openComponent, type TreeIssueCode, type TreeNode } from "./tree-model.ts";

/**
 * Children of one parent. An insertion moves those behind it, so without a limit a hostile sequence of batches would
 * cost time with the square of its length. No browser shows a page with so many.
 */
const MAX_SIBLINGS = 100_000;

/** Where the frames of a subtree go; closed when `end` is reached. */
interface OpenPlace {
  /** That the children are in; undefined where they are the component's own. */
  readonly element: OpenElement | undefined;
  /** The element is made here, and not the one that a region or the edit itself stands in. */
  readonly isNew: boolean;
  /** Of the element; a region's are those of the place that it stands in. */
  readonly children: TreeNode[];
  readonly end: number;
}

/**
 * Puts a frame and its subtree before a sibling; says why it could not. Without recursion: a subtree may be as deep as
 * the batch is long.
 */
export function insertFrame(
  work: BatchWork,
  cursor: Cursor,
  sibling: number,
  first: number,
): TreeIssueCode | undefined {
  const { frames } = work.batch;
  const frame = frames[first];
  const current = cursor.path.at(-1);
  if (frame === undefined || current === undefined) return "frame-outside";
  const end = subtreeEnd(frame, first, frames.length);
  if (end - first > work.framesLeft || current.children.length >= MAX_SIBLINGS) return "too-much";
  work.framesLeft -= end - first;
  const added: TreeNode[] = [];
  const places: OpenPlace[] = [{ element: current.element, isNew: false, children: added, end }];
  let code: TreeIssueCode | undefined;
  for (let index = first; index < end; ) {
    while (places.length > 1 && (places.at(-1)?.end ?? 0) <= index) places.pop();
    const place = places.at(-1);
    const next = frames[index];
    if (place === undefined || next === undefined) break;
    const nextEnd = subtreeEnd(next, index, place.end);
    const placed = placeFrame(work, cursor, places, index, nextEnd);
    if (placed === "too-much" || placed === "wrong-frame") code = placed;
    index = placed === "open" ? index + 1 : nextEnd;
  }
  insertAt(current.children, sibling, added);
  for (const [index, node] of added.entries()) {
    const { componentId } = cursor;
    work.changes.push({
      kind: "added",
      componentId,
      parent: current.element,
      node,
      sibling: sibling + index,
    });
  }
  return code;
}

/** What stands behind is moved once, however many are added. */
function insertAt(children: TreeNode[], at: number, added: readonly TreeNode[]): void {
  const [only] = added;
  if (only !== undefined && added.length === 1) {
    children.splice(at, 0, only);
    return;
  }
  const behind = children.splice(at);
  for (const node of added) children.push(node);
  for (const node of behind) children.push(node);
}

function subtreeEnd(frame: Frame, index: number, limit: number): number {
  const length = "subtreeLength" in frame ? Math.max(1, frame.subtreeLength) : 1;
  return Math.min(index + length, limit);
}

/** "open": its children follow. "done": the frames up to its end belong to it. */
type Placed = "open" | "done" | "too-much" | "wrong-frame";

function placeFrame(
  work: BatchWork,
  cursor: Cursor,
  places: OpenPlace[],
  index: number,
  end: number,
): Placed {
  const place = places.at(-1);
  const frame = work.batch.frames[index];
  if (place === undefined || frame === undefined) return "wrong-frame";
  const isTooDeep = places.length + cursor.path.length > MAX_DEPTH;
  switch (frame.kind) {
    case "element": {
      if (isTooDeep) return "too-much";
      const element: OpenElement = {
        kind: "element",
        name: frame.name ?? "",
        attributes: new Map(),
        children: [],
        captures: [],
      };
      place.children.push(element);
      places.push({ element, isNew: true, children: element.children, end });
      return "open";
    }
    case "region":
      if (isTooDeep) return "too-much";
      places.push({ element: place.element, isNew: false, children: place.children, end });
      return "open";
    case "text":
      place.children.push({ kind: "text", text: frame.text ?? "" });
      return "done";
    case "markup":
      place.children.push({ kind: "markup", markup: frame.markup ?? "" });
      return "done";
    case "component": {
      const id = frame.componentId;
      const parameters = parametersOf(work.batch.frames, index + 1, end);
      place.children.push({ kind: "component", id, parameters });
      work.components.set(id, openComponent(id, cursor.componentId, parameters));
      return "done";
    }
    case "attribute": {
      // They stand right behind their element; one that is made already has them by setAttribute.
      if (place.element === undefined || !place.isNew) return "wrong-frame";
      const { name, value, handlerId } = frame;
      setAttribute(work, cursor.componentId, place.element, name ?? "", { value, handlerId });
      return "done";
    }
    case "elementReferenceCapture":
      if (place.element === undefined) return "wrong-frame";
      if (frame.id !== null) place.element.captures.push(frame.id);
      return "done";
    case "componentReferenceCapture":
    case "componentRenderMode":
    case "namedEvent":
    case "none":
    case "unknown":
      return "done";
  }
}

/** The attributes in a component's subtree are its parameters, not attributes of the page. */
function parametersOf(
  frames: readonly Frame[],
  start: number,
  end: number,
): ReadonlyMap<string, string | null> {
  const parameters = new Map<string, string | null>();
  for (let index = start; index < end; index++) {
    const frame = frames[index];
    if (frame?.kind === "attribute") parameters.set(frame.name ?? "", frame.value);
  }
  return parameters;
}
