import { MAX_DEPTH, MAX_ISSUES } from "../limits.ts";
import type { HandlerId } from "./handler-id.ts";
import type { ComponentDiff, Edit, Frame, RenderBatch } from "./render-batch.ts";
import {
  type HandlerPlace,
  type OpenComponent,
  openComponent,
  type TreeAttribute,
  type TreeChange,
  type TreeIssue,
  type TreeIssueCode,
  type TreeNode,
} from "./tree-model.ts";

export interface BatchWork {
  readonly batch: RenderBatch;
  readonly components: Map<number, OpenComponent>;
  readonly handlers: Map<HandlerId, HandlerPlace>;
  readonly changes: TreeChange[];
  readonly issues: TreeIssue[];
  /** A batch inserts each of its frames at most once; one that says otherwise could grow the tree without bound. */
  framesLeft: number;
}

/** The tree's own view of its elements. */
interface OpenElement {
  readonly kind: "element";
  readonly name: string;
  readonly attributes: Map<string, TreeAttribute>;
  readonly children: TreeNode[];
  readonly captures: string[];
}

interface Cursor {
  readonly componentId: number;
  /** From the component's outermost parent to the current one; undefined is the component itself. */
  readonly path: { readonly element: OpenElement | undefined; readonly children: TreeNode[] }[];
  permutation: { readonly from: number; readonly to: number }[];
  /** Number of the current edit. */
  edit: number;
}

export function applyDiff(work: BatchWork, { componentId, edits }: ComponentDiff): void {
  let component = work.components.get(componentId);
  if (component === undefined) {
    note(work, "unknown-component", componentId, 0);
    component = openComponent(componentId);
    work.components.set(componentId, component);
  }
  const cursor: Cursor = {
    componentId,
    path: [{ element: undefined, children: component.children }],
    permutation: [],
    edit: 0,
  };
  for (const edit of edits) {
    const code = applyEdit(work, cursor, edit);
    if (code !== undefined) note(work, code, componentId, cursor.edit);
    cursor.edit += 1;
  }
}

function note(work: BatchWork, code: TreeIssueCode, componentId: number, edit: number): void {
  if (work.issues.length < MAX_ISSUES) work.issues.push({ code, componentId, edit });
}

/** Says why it could not be applied. */
function applyEdit(work: BatchWork, cursor: Cursor, edit: Edit): TreeIssueCode | undefined {
  const { componentId, path } = cursor;
  const current = path.at(-1);
  if (current === undefined) return "step-out-of-component";
  const { element: parent, children } = current;
  switch (edit.kind) {
    case "prependFrame": {
      if (edit.sibling < 0 || edit.sibling > children.length) return "sibling-outside";
      return insertFrame(work, cursor, edit.sibling, edit.frame);
    }
    case "removeFrame": {
      const node = children[edit.sibling];
      if (node === undefined) return "sibling-outside";
      children.splice(edit.sibling, 1);
      work.changes.push({ kind: "removed", componentId, parent, node, sibling: edit.sibling });
      return undefined;
    }
    case "setAttribute": {
      const frame = work.batch.frames[edit.frame];
      if (frame === undefined) return "frame-outside";
      if (frame.kind !== "attribute") return "wrong-frame";
      const element = children[edit.sibling];
      if (element?.kind !== "element") return element === undefined ? "sibling-outside" : "wrong-node";
      changeAttribute(work, componentId, element as OpenElement, frame.name ?? "", frame);
      return undefined;
    }
    case "removeAttribute": {
      const element = children[edit.sibling];
      if (element?.kind !== "element") return element === undefined ? "sibling-outside" : "wrong-node";
      changeAttribute(work, componentId, element as OpenElement, edit.name ?? "", undefined);
      return undefined;
    }
    case "updateText": {
      const frame = work.batch.frames[edit.frame];
      if (frame === undefined) return "frame-outside";
      if (frame.kind !== "text") return "wrong-frame";
      const node = children[edit.sibling];
      if (node?.kind !== "text") return node === undefined ? "sibling-outside" : "wrong-node";
      const after = frame.text ?? "";
      children[edit.sibling] = { kind: "text", text: after };
      work.changes.push({ kind: "text", componentId, parent, before: node.text, after });
      return undefined;
    }
    case "updateMarkup": {
      const frame = work.batch.frames[edit.frame];
      if (frame === undefined) return "frame-outside";
      if (frame.kind !== "markup") return "wrong-frame";
      const node = children[edit.sibling];
      if (node?.kind !== "markup") return node === undefined ? "sibling-outside" : "wrong-node";
      const after = frame.markup ?? "";
      children[edit.sibling] = { kind: "markup", markup: after };
      work.changes.push({ kind: "markup", componentId, parent, before: node.markup, after });
      return undefined;
    }
    case "stepIn": {
      const node = children[edit.sibling];
      if (node?.kind === "element") {
        const element = node as OpenElement;
        path.push({ element, children: element.children });
        return undefined;
      }
      // The steps out must still match: what follows up to there applies to nothing.
      path.push({ element: undefined, children: [] });
      return node === undefined ? "sibling-outside" : "wrong-node";
    }
    case "stepOut":
      if (path.length === 1) return "step-out-of-component";
      path.pop();
      return undefined;
    case "permutationListEntry":
      cursor.permutation.push({ from: edit.from, to: edit.to });
      return undefined;
    case "permutationListEnd": {
      const moves = cursor.permutation;
      cursor.permutation = [];
      if (moves.some(({ from, to }) => children[from] === undefined || children[to] === undefined)) {
        return "sibling-outside";
      }
      const nodes = moves.map(({ from }) => children[from]);
      for (const [index, { to }] of moves.entries()) {
        const node = nodes[index];
        if (node !== undefined) children[to] = node;
      }
      work.changes.push({ kind: "moved", componentId, parent, moves });
      return undefined;
    }
    case "unknown":
      return undefined;
  }
}

function changeAttribute(
  work: BatchWork,
  componentId: number,
  element: OpenElement,
  name: string,
  frame: TreeAttribute | undefined,
): void {
  const before = element.attributes.get(name);
  const after = frame === undefined ? undefined : { value: frame.value, handlerId: frame.handlerId };
  if (after === undefined) element.attributes.delete(name);
  else setAttribute(work, componentId, element, name, after);
  work.changes.push({ kind: "attribute", componentId, element, name, before, after });
}

function setAttribute(
  work: BatchWork,
  componentId: number,
  element: OpenElement,
  name: string,
  attribute: TreeAttribute,
): void {
  element.attributes.set(name, attribute);
  if (attribute.handlerId !== 0) {
    work.handlers.set(attribute.handlerId, { componentId, attribute: name, element });
  }
}

/** Where the frames of a subtree go; closed when `end` is reached. */
interface OpenPlace {
  readonly element: OpenElement | undefined;
  readonly children: TreeNode[];
  /** Where the next child goes; children of elements that are made here are always appended. */
  at: number;
  readonly end: number;
}

/** Without recursion: a subtree may be as deep as the batch is long. */
function insertFrame(
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
