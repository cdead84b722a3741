/**
 * What the page has, derived from a component tree by the rules of the official client: for comparing a recording
 * with a real DOM. Texts that meet are one, empty ones and comments are left out, attributes are sorted.
 *
 * @module
 */
import { MAX_DEPTH } from "../limits.ts";
import type { ComponentTree, ElementNode, TreeNode } from "./tree-model.ts";

/** A text, or an element by its local name. */
export type CanonicalNode =
  | string
  | readonly [name: string, attributes: Readonly<Record<string, string>>, children: readonly CanonicalNode[]];

/**
 * The nodes that the page makes of a markup, in canonical form: as the content of a `template`, or of an `svg`
 * element. Core has no HTML parser.
 */
export type ParseMarkup = (markup: string, within: "html" | "svg") => readonly CanonicalNode[];

type Namespace = "html" | "svg" | "math";

interface Walk {
  readonly tree: ComponentTree;
  readonly parseMarkup: ParseMarkup;
  /** Components so far. Each has one place; hostile batches may give it many, or put it into itself. */
  readonly seen: Set<number>;
  depth: number;
}

/** What stands in the page's place of this component. Changes by users and other scripts are on no wire. */
export function canonicalDom(
  tree: ComponentTree,
  componentId: number,
  parseMarkup: ParseMarkup,
): readonly CanonicalNode[] {
  const walk: Walk = { tree, parseMarkup, seen: new Set(), depth: 0 };
  const nodes: CanonicalNode[] = [];
  addComponent(walk, componentId, "html", nodes);
  return nodes;
}

function addComponent(walk: Walk, id: number, namespace: Namespace, nodes: CanonicalNode[]): void {
  const component = walk.tree.component(id);
  if (component === undefined || walk.seen.has(id)) return;
  walk.seen.add(id);
  for (const child of component.children) addNode(walk, child, namespace, nodes);
}

function addNode(walk: Walk, node: TreeNode, namespace: Namespace, nodes: CanonicalNode[]): void {
  if (walk.depth >= MAX_DEPTH) return;
  walk.depth += 1;
  switch (node.kind) {
    case "text":
      addText(nodes, node.text);
      break;
    case "markup": {
      // The client inserts a space where there is nothing, so that the markup has a place.
      const markup = node.markup === "" ? " " : node.markup;
      for (const parsed of walk.parseMarkup(markup, namespace === "svg" ? "svg" : "html")) {
        if (typeof parsed === "string") addText(nodes, parsed);
        else nodes.push(parsed);
      }
      break;
    }
    case "component":
      addComponent(walk, node.id, namespace, nodes);
      break;
    case "element":
      nodes.push(canonicalElement(walk, node, namespace));
      break;
  }
  walk.depth -= 1;
}

function addText(nodes: CanonicalNode[], text: string): void {
  const before = nodes.at(-1);
  if (typeof before === "string") nodes[nodes.length - 1] = before + text;
  else if (text !== "") nodes.push(text);
}

function canonicalElement(walk: Walk, element: ElementNode, outer: Namespace): CanonicalNode {
  const namespace = namespaceOf(element, outer);
  const name = namespace === "html" ? element.name.toLowerCase() : element.name;
  const children: CanonicalNode[] = [];
  const within = name === "foreignObject" ? "html" : namespace;
  for (const child of element.children) addNode(walk, child, within, children);
  return [name, attributesOf(element, name, namespace), children];
}

function namespaceOf({ name }: ElementNode, outer: Namespace): Namespace {
  if (outer !== "html") return outer;
  return name === "svg" || name === "math" ? name : "html";
}

function attributesOf(
  element: ElementNode,
  name: string,
  namespace: Namespace,
): Readonly<Record<string, string>> {
  const attributes = new Map<string, string>(element.captures.map((id) => [`_bl_${id}`, ""]));
  for (const [written, { value, handlerId }] of element.attributes) {
    const attribute = namespace === "html" ? written.toLowerCase() : written;
    if (handlerId !== 0 || written.startsWith("__internal_")) continue;
    if (isProperty(name, written)) {
      if (written === "value" && name === "input" && REFLECTS_VALUE.has(typeOf(element))) {
        attributes.set("value", value ?? "");
      }
    } else if (value !== null) {
      attributes.set(attribute, value);
    }
  }
  return Object.fromEntries([...attributes].sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

/** Set as properties by the client, which leaves the attribute as it is. */
function isProperty(element: string, attribute: string): boolean {
  if (attribute === "value") return element === "input" || element === "select" || element === "textarea";
  return attribute === "checked" && element === "input";
}

/** HTML, "value sanitisation": the property `value` of these types is their attribute. */
const REFLECTS_VALUE: ReadonlySet<string> = new Set([
  "hidden",
  "checkbox",
  "radio",
  "button",
  "submit",
  "reset",
  "image",
]);

function typeOf(element: ElementNode): string {
  return element.attributes.get("type")?.value?.toLowerCase() ?? "text";
}
