import { describe, expect, test } from "vitest";
import { type CanonicalNode, canonicalDom } from "../../../../core/src/wire/blazorpack/canonical-dom.ts";
import { createCircuitLog } from "../../../../core/src/wire/blazorpack/circuit.ts";
import type { Circuit } from "../../../../core/src/wire/blazorpack/circuit-model.ts";
import { parseMarkupInPage } from "../../../support/blazor-dom.ts";
import { blazorMessages, type ExpectedRecording } from "../../../support/blazor-recording.ts";

/** The browser parses the markup, as it did for the recorded page. */
const recordings = import.meta.glob<string>("../../../captures/blazor/*.ndjson", {
  query: "?raw",
  import: "default",
});
const expectations = import.meta.glob<string>("../../../captures/blazor/*.expected.json", {
  query: "?raw",
  import: "default",
});

test("there are recordings", () => {
  expect(Object.keys(recordings)).toHaveLength(16);
});

describe.for(Object.keys(recordings))("%s", (path) => {
  test("the tree has the text and the attributes of the page at every step", async () => {
    const messages = blazorMessages((await recordings[path]?.()) ?? "");
    const text = (await expectations[path.replace(/ndjson$/, "expected.json")]?.()) ?? "";
    const expected = JSON.parse(text) as ExpectedRecording;
    const log = createCircuitLog();
    let applied = 0;
    for (const [index, { step, events, dom }] of expected.steps.entries()) {
      for (; (messages[applied]?.event ?? events) < events; applied++) {
        const message = messages[applied];
        if (message !== undefined) log.apply(message);
      }
      const circuit = log.circuits.at(-1);
      if (circuit === undefined) throw new Error("No circuit was started.");
      const isExact = expected.agreement[index]?.exact === true;
      const recorded = {
        app: withoutFocus(dom.app as readonly CanonicalNode[], isExact),
        head: (dom.head as readonly CanonicalNode[]).filter(isElement),
      };
      const where = `${path}, step ${index}: ${step}`;
      if (path.includes("islands")) {
        expect(islandsOf(circuit), where).toEqual(islandsIn(recorded.app));
      } else {
        expect(rootOf(circuit, "2"), where).toEqual(recorded.app);
        expect(rootOf(circuit, "1").filter(isElement), where).toEqual(recorded.head);
      }
    }
    expect(expected.steps.length).toBeGreaterThan(1);
    expect(log.circuits.flatMap(({ batches }) => batches).every(({ misfits }) => misfits === 0)).toBe(true);
  });
});

function rootOf({ tree }: Circuit, selector: string): readonly CanonicalNode[] {
  const root = tree.roots.find((one) => one.selector === selector);
  return root === undefined ? [] : canonicalDom(tree, root.componentId, parseMarkupInPage);
}

/** Each root is one section within static HTML, which no batch tells of: compared without their order. */
function islandsOf({ tree }: Circuit): readonly string[] {
  return tree.roots
    .flatMap(({ componentId }) => canonicalDom(tree, componentId, parseMarkupInPage))
    .map((node) => JSON.stringify(node))
    .sort();
}

function islandsIn(nodes: readonly CanonicalNode[]): readonly string[] {
  return nodes
    .flatMap((node): readonly string[] => {
      if (typeof node === "string") return [];
      return node[1]["class"] === "island" ? [JSON.stringify(node)] : islandsIn(node[2]);
    })
    .sort();
}

function isElement(node: CanonicalNode): boolean {
  return typeof node !== "string";
}

/** FocusOnNavigate makes the client set it, by a call of JS: the one difference that the recordings name. */
function withoutFocus(nodes: readonly CanonicalNode[], isExact: boolean): readonly CanonicalNode[] {
  if (isExact) return nodes;
  return nodes.map((node): CanonicalNode => {
    if (typeof node === "string") return node;
    const [name, attributes, children] = node;
    const { tabindex, ...others } = attributes;
    const isFocus = name === "h1" && tabindex === "-1";
    return [name, isFocus ? others : attributes, withoutFocus(children, isExact)];
  });
}
