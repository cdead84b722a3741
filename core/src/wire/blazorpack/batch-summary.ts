/**
 * What a batch does to the page, in lines: `component 4: text in <h1#count> is now "Count: 14", was "Count: 13"`.
 *
 * @module
 */
import type { ElementNode, TreeAttribute, TreeChange, TreeNode } from "./tree-model.ts";

/** Characters of a text in a line. */
const MAX_TEXT = 80;
/** Nodes of an added subtree in a line; the rest is "…". */
const MAX_NODES = 12;

/** One line of what a batch did, and the component that it did it to. */
export interface BatchLine {
  readonly componentId: number;
  readonly text: string;
}

/**
 * One line per change, in order, and at most `limit`. To be called right after the batch was applied: the changes name
 * nodes of the tree, which later batches change.
 */
export function summarizeChanges(changes: readonly TreeChange[], limit: number): readonly BatchLine[] {
  return changes.slice(0, limit).map((change) => ({
    componentId: change.componentId,
    text: textOf(change),
  }));
}

function textOf(change: TreeChange): string {
  switch (change.kind) {
    case "added":
      return `adds ${outline(change.node)}${placeOf(change.parent, "to")}`;
    case "removed":
      return `removes ${nameOf(change.node)}${placeOf(change.parent, "from")}`;
    case "text":
      return `text${placeOf(change.parent, "in")} is now ${quoted(change.after)}, was ${quoted(change.before)}`;
    case "markup":
      return `markup${placeOf(change.parent, "in")} is now ${quoted(change.after)}, was ${quoted(change.before)}`;
    case "attribute":
      return attributeText(change.element, change.name, change.before, change.after);
    case "moved": {
      const { length } = change.moves;
      return `moves ${length} ${length === 1 ? "child" : "children"}${placeOf(change.parent, "of")}`;
    }
    case "component-disposed":
      return "is disposed";
  }
}

function attributeText(
  element: ElementNode,
  name: string,
  before: TreeAttribute | undefined,
  after: TreeAttribute | undefined,
): string {
  const where = elementName(element);
  if (after === undefined) return `removes ${name} of ${where}`;
  if (after.handlerId !== 0) {
    const was = before === undefined || before.handlerId === 0 ? "" : `, was ${before.handlerId}`;
    return `${name} of ${where} has handler ${after.handlerId}${was}`;
  }
  const was = before === undefined ? "" : `, was ${attributeValue(before)}`;
  return `${name} of ${where} is now ${attributeValue(after)}${was}`;
}

function attributeValue({ value }: TreeAttribute): string {
  return value === null ? "null" : quoted(value);
}

function placeOf(parent: ElementNode | undefined, preposition: string): string {
  return parent === undefined ? "" : ` ${preposition} ${elementName(parent)}`;
}

/** `<button#save>`. */
export function elementName(element: ElementNode): string {
  const id = element.attributes.get("id")?.value;
  return id === undefined || id === null || id === ""
    ? `<${element.name}>`
    : `<${element.name}#${short(id)}>`;
}

function nameOf(node: TreeNode): string {
  switch (node.kind) {
    case "element":
      return elementName(node);
    case "text":
      return quoted(node.text);
    case "markup":
      return `markup ${quoted(node.markup)}`;
    case "component":
      return `component ${node.id}`;
  }
}

/** `<ul> (<li> ("one"), <li> ("two"))`, up to a number of nodes. */
function outline(node: TreeNode): string {
  const budget = { left: MAX_NODES };
  return outlineWithin(node, budget);
}

function outlineWithin(node: TreeNode, budget: { left: number }): string {
  budget.left -= 1;
  if (node.kind !== "element") return nameOf(node);
  const pieces: string[] = [];
  for (const child of node.children) {
    if (isSpace(child)) continue;
    if (budget.left <= 0) {
      pieces.push("…");
      break;
    }
    pieces.push(outlineWithin(child, budget));
  }
  return pieces.length === 0 ? elementName(node) : `${elementName(node)} (${pieces.join(", ")})`;
}

/** White space between elements, which Razor sends as markup. */
function isSpace(node: TreeNode): boolean {
  if (node.kind === "text") return node.text.trim() === "";
  return node.kind === "markup" && node.markup.trim() === "";
}

function quoted(text: string): string {
  return JSON.stringify(short(text));
}

function short(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}
