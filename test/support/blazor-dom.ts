import type { CanonicalNode } from "../../core/src/wire/blazorpack/canonical-dom.ts";

/**
 * Nodes of a real page in canonical form (`canonical-dom.ts`). Needs nothing from outside itself: Playwright sends its
 * source to the page.
 */
export function canonicalNodes(nodes: Iterable<Node>): CanonicalNode[] {
  const canonical: CanonicalNode[] = [];
  for (const node of nodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.textContent ?? "";
      const before = canonical.at(-1);
      if (typeof before === "string") canonical[canonical.length - 1] = before + text;
      else if (text !== "") canonical.push(text);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      const element = node as Element;
      const attributes = [...element.attributes]
        .map(({ name, value }) => [name, value] as const)
        .sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
      canonical.push([element.localName, Object.fromEntries(attributes), canonicalNodes(element.childNodes)]);
    }
  }
  return canonical;
}

/** As the official client parses the markup of a component. Needs only {@link canonicalNodes}. */
export function parseMarkupInPage(markup: string, within: "html" | "svg"): CanonicalNode[] {
  if (within === "html") {
    const template = document.createElement("template");
    template.innerHTML = markup;
    return canonicalNodes(template.content.childNodes);
  }
  const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
  group.innerHTML = markup;
  return canonicalNodes(group.childNodes);
}
