/**
 * What a batch does to the page, as a tree of lines:
 *
 *     component 4
 *       text in <h1#count> is now "Count: 14", was "Count: 13"
 *       adds <ul class="open">
 *         <li> "one"
 *         component 9 Title="two" ChildContent
 *
 * No message has the names of components: their numbers are all that there is.
 *
 * @module
 */
import type { ElementNode, TreeAttribute, TreeChange, TreeNode } from "./tree-model.ts";

/** Characters of a text or a value in a line. */
const MAX_TEXT = 80;
/** Attributes or parameters in a line. */
const MAX_ATTRIBUTES = 12;
/** Levels of an added subtree. */
const MAX_LEVELS = 16;

/** A line of the tree above. */
export interface BatchLine {
  readonly componentId: number;
  /** 0 for a change, more for what stands in an added node. */
  readonly depth: number;
  readonly text: string;
}

/**
 * One line for each change and for each node in an added one, in order, and at most `limit`. White space that comes
 * and goes between elements has none. To be called right after the batch was applied: the changes name nodes of the
 * tree, which later batches change.
 */
export function summarizeChanges(changes: readonly TreeChange[], limit: number): readonly BatchLine[] {
  const lines: BatchLine[] = [];
  for (const change of changes) {
    if (lines.length >= limit) break;
    if ((change.kind === "added" || change.kind === "removed") && isSpace(change.node)) continue;
    lines.push({ componentId: change.componentId, depth: 0, text: textOf(change) });
    if (change.kind === "added") addChildren(lines, change.componentId, change.node, 1, limit);
  }
  return lines;
}

/** The lines as a text, indented below the components that they concern. */
export function printBatchLines(lines: readonly BatchLine[]): string {
  const printed: string[] = [];
  let component: number | undefined;
  for (const { componentId, depth, text } of lines) {
    if (componentId !== component) printed.push(`component ${componentId}`);
    component = componentId;
    printed.push(`${"  ".repeat(depth + 1)}${text}`);
  }
  return printed.join("\n");
}

function textOf(change: TreeChange): string {
  switch (change.kind) {
    case "added":
      return `adds ${fullName(change.node)}${placeOf(change.parent, "to")}`;
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
  const was = before === undefined ? "" : `, was ${valueText(before.value)}`;
  return `${name} of ${where} is now ${valueText(after.value)}${was}`;
}

function addChildren(
  lines: BatchLine[],
  componentId: number,
  node: TreeNode,
  depth: number,
  limit: number,
): void {
  if (node.kind !== "element" || onlyText(node) !== undefined || depth > MAX_LEVELS) return;
  for (const child of node.children) {
    if (isSpace(child)) continue;
    if (lines.length >= limit) return;
    lines.push({ componentId, depth, text: fullName(child) });
    addChildren(lines, componentId, child, depth + 1, limit);
  }
}

function placeOf(parent: ElementNode | undefined, preposition: string): string {
  return parent === undefined ? "" : ` ${preposition} ${elementName(parent)}`;
}

/** `<button#save>`. */
function elementName({ name, attributes }: ElementNode): string {
  const id = attributes.get("id")?.value;
  return id === undefined || id === null || id === "" ? `<${name}>` : `<${name}#${short(id)}>`;
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

/** With its attributes or parameters, and its text where it has nothing else. */
function fullName(node: TreeNode): string {
  if (node.kind === "component") {
    // Null is every value that is no string: nothing can be said of it.
    const parameters = [...node.parameters].map(([name, value]) =>
      value === null ? name : `${name}=${quoted(value)}`,
    );
    return [nameOf(node), ...cut(parameters)].join(" ");
  }
  if (node.kind !== "element") return nameOf(node);
  const attributes = [...node.attributes].map(([name, { value, handlerId }]) =>
    handlerId === 0 ? `${name}=${valueText(value)}` : `${name}: handler ${handlerId}`,
  );
  const tag = `<${[node.name, ...cut(attributes)].join(" ")}>`;
  const text = onlyText(node);
  return text === undefined ? tag : `${tag} ${quoted(text)}`;
}

function cut(items: readonly string[]): readonly string[] {
  return items.length <= MAX_ATTRIBUTES ? items : [...items.slice(0, MAX_ATTRIBUTES), "…"];
}

function onlyText({ children }: ElementNode): string | undefined {
  const [only] = children;
  return children.length === 1 && only?.kind === "text" ? only.text : undefined;
}

/** White space between elements, which Razor sends as markup. */
function isSpace(node: TreeNode): boolean {
  if (node.kind === "text") return node.text.trim() === "";
  return node.kind === "markup" && node.markup.trim() === "";
}

function valueText(value: string | null): string {
  return value === null ? "null" : quoted(value);
}

function quoted(text: string): string {
  return JSON.stringify(short(text));
}

function short(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}
