import { MAX_ISSUES } from "../limits.ts";
import { type BatchWork, type Cursor, type OpenElement, setAttribute } from "./batch-work.ts";
import { insertFrame } from "./insert-frame.ts";
import type { ComponentDiff, Edit } from "./render-batch.ts";
import { openComponent, type TreeAttribute, type TreeIssueCode } from "./tree-model.ts";

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
