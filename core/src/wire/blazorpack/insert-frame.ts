import { MAX_DEPTH } from "../limits.ts";
import { type BatchWork, type Cursor, type OpenElement, setAttribute } from "./batch-work.ts";
import type { Frame } from "./render-batch.ts";
import { openComponent, type TreeIssueCode, type TreeNode } from "./tree-model.ts";

/** Where the frames of a subtree go; closed when `end` is reached. */
interface OpenPlace {
  readonly element: OpenElement | undefined;
  readonly children: TreeNode[];
  /** Where the next child goes; children of elements that are made here are always appended. */
  at: number;
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
  if (end - first > work.framesLeft) return "too-much";
  work.framesLeft -= end - first;
  const places: OpenPlace[] = [{ element: current.element, children: current.children, at: sibling, end }];
  let code: TreeIssueCode | undefined;
  for (let index = first; index < end; ) {
    while (places.length > 1 && (places.at(-1)?.end ?? 0) <= index) closePlace(places);
    const place = places.at(-1);
    const next = frames[index];
    if (place === undefined || next === undefined) break;
    const nextEnd = subtreeEnd(next, index, place.end);
    const placed = placeFrame(work, cursor, places, index, nextEnd);
    if (placed === "too-much" || placed === "wrong-frame") code = placed;
    index = placed === "open" ? index + 1 : nextEnd;
  }
  while (places.length > 1) closePlace(places);
  for (let at = sibling; at < (places[0]?.at ?? sibling); at++) {
    const node = current.children[at];
    if (node === undefined) break;
    work.changes.push({
      kind: "added",
      componentId: cursor.componentId,
      parent: current.element,
      node,
      sibling: at,
    });
  }
  return code;
}

/** What a region added stands in its parent, so the parent goes on behind it. */
function closePlace(places: OpenPlace[]): void {
  const closed = places.pop();
  const parent = places.at(-1);
  if (closed !== undefined && parent !== undefined && closed.children === parent.children) {
    parent.at = closed.at;
  }
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
      put(place, element);
      places.push({ element, children: element.children, at: 0, end });
      return "open";
    }
    case "region":
      if (isTooDeep) return "too-much";
      places.push({ element: place.element, children: place.children, at: place.at, end });
      return "open";
    case "text":
      put(place, { kind: "text", text: frame.text ?? "" });
      return "done";
    case "markup":
      put(place, { kind: "markup", markup: frame.markup ?? "" });
      return "done";
    case "component": {
      const id = frame.componentId;
      const parameters = parametersOf(work.batch.frames, index + 1, end);
      put(place, { kind: "component", id, parameters });
      work.components.set(id, openComponent(id, cursor.componentId, parameters));
      return "done";
    }
    case "attribute": {
      // Only an element that is being made has attributes; the edit's own parent has them by setAttribute.
      if (place.element === undefined || places.length === 1) return "wrong-frame";
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

function put(place: OpenPlace, node: TreeNode): void {
  if (place.at === place.children.length) place.children.push(node);
  else place.children.splice(place.at, 0, node);
  place.at += 1;
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
