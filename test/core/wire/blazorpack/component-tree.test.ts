import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printBatchLines, summarizeChanges } from "../../../../core/src/wire/blazorpack/batch-summary.ts";
import { canonicalDom } from "../../../../core/src/wire/blazorpack/canonical-dom.ts";
import { createComponentTree } from "../../../../core/src/wire/blazorpack/component-tree.ts";
import type { Edit, Frame, RenderBatch } from "../../../../core/src/wire/blazorpack/render-batch.ts";
import type { ComponentTree } from "../../../../core/src/wire/blazorpack/tree-model.ts";

const NO_FRAMES: readonly Frame[] = [];

function batchOf(
  edits: readonly Edit[],
  frames: readonly Frame[] = NO_FRAMES,
  more: Partial<RenderBatch> = {},
): RenderBatch {
  return {
    updated: [{ componentId: 0, edits }],
    frames,
    disposedComponents: [],
    disposedHandlers: [],
    ...more,
  };
}

const text = (content: string): Frame => ({ kind: "text", text: content });
const element = (name: string, ...inside: readonly Frame[]): readonly Frame[] => [
  { kind: "element", subtreeLength: inside.length + 1, name },
  ...inside,
];
const region = (...inside: readonly Frame[]): readonly Frame[] => [
  { kind: "region", subtreeLength: inside.length + 1 },
  ...inside,
];
const attribute = (name: string, value: string | null, handlerId = 0): Frame => ({
  kind: "attribute",
  name,
  value,
  handlerId,
});
const prepend = (sibling: number, frame: number): Edit => ({ kind: "prependFrame", sibling, frame });

/** A tree with one root that shows these frames. */
function treeOf(...frames: readonly Frame[]): ComponentTree {
  const tree = createComponentTree();
  tree.attachRoot({ componentId: 0, selector: "1" });
  if (frames.length > 0) tree.apply(batchOf([prepend(0, 0)], frames));
  return tree;
}

/** Markup stays a text here. */
function shown(tree: ComponentTree, componentId = 0): unknown {
  return canonicalDom(tree, componentId, (markup, within) => [`{${within} ${markup}}`]);
}

function linesOf(tree: ComponentTree, batch: RenderBatch): readonly string[] {
  return printBatchLines(summarizeChanges(tree.apply(batch).changes, 100)).split("\n");
}

describe("the component tree", () => {
  test("the children of a region stand in its parent, in order, however regions nest", () => {
    const tree = treeOf(
      ...element(
        "p",
        ...region(text("a"), ...region(...element("b"), ...region()), text("c")),
        ...element("i"),
      ),
    );
    expect(shown(tree)).toEqual([["p", {}, ["a", ["b", {}, []], "c", ["i", {}, []]]]]);
    const outer = createComponentTree();
    outer.attachRoot({ componentId: 0, selector: "1" });
    outer.apply(batchOf([prepend(0, 0)], [text("end")]));
    outer.apply(
      batchOf([prepend(0, 0)], region(...element("x"), ...region(...element("y")), ...element("z"))),
    );
    expect(shown(outer)).toEqual([["x", {}, []], ["y", {}, []], ["z", {}, []], "end"]);
  });

  test("a permutation counts in the list as it was before", () => {
    const tree = treeOf(...element("ul", ...element("a"), ...element("b"), ...element("c"), ...element("d")));
    const { issues } = tree.apply(
      batchOf([
        { kind: "stepIn", sibling: 0 },
        { kind: "permutationListEntry", from: 0, to: 3 },
        { kind: "permutationListEntry", from: 3, to: 1 },
        { kind: "permutationListEntry", from: 1, to: 0 },
        { kind: "permutationListEnd" },
        { kind: "stepOut" },
      ]),
    );
    expect(issues).toEqual([]);
    expect(shown(tree)).toEqual([
      [
        "ul",
        {},
        [
          ["b", {}, []],
          ["d", {}, []],
          ["c", {}, []],
          ["a", {}, []],
        ],
      ],
    ]);
  });

  test("the attributes in a component's subtree are its parameters", () => {
    const tree = treeOf(
      ...element(
        "div",
        { kind: "component", subtreeLength: 4, componentId: 5 },
        attribute("Title", "t"),
        attribute("Count", null),
        { kind: "componentReferenceCapture" },
        text("behind"),
      ),
    );
    tree.apply({
      ...batchOf([prepend(0, 0)], [text("inside")]),
      updated: [{ componentId: 5, edits: [prepend(0, 0)] }],
    });
    expect(shown(tree)).toEqual([["div", {}, ["insidebehind"]]]);
    expect(tree.component(5)).toMatchObject({ parent: 0 });
    expect([...(tree.component(5)?.parameters ?? [])]).toEqual([
      ["Title", "t"],
      ["Count", null],
    ]);
  });

  test("what the client keeps from the page is no attribute", () => {
    const input = (type: string) =>
      element(
        "input",
        attribute("type", type),
        attribute("value", "v"),
        attribute("checked", ""),
        attribute("onchange", null, 7),
        attribute("__internal_preventDefault_onchange", ""),
        attribute("hidden", null),
        { kind: "elementReferenceCapture", id: "abc" },
      );
    expect(shown(treeOf(...element("p", ...input("text"), ...input("checkbox"))))).toEqual([
      [
        "p",
        {},
        [
          ["input", { _bl_abc: "", type: "text" }, []],
          ["input", { _bl_abc: "", type: "checkbox", value: "v" }, []],
        ],
      ],
    ]);
  });

  test("names in SVG keep their letters, and HTML begins again in a foreignObject", () => {
    const markup: Frame = { kind: "markup", markup: "<b/>" };
    const tree = treeOf(
      ...element(
        "DIV",
        ...element(
          "svg",
          attribute("viewBox", "0"),
          ...element("linearGradient", markup),
          ...element("foreignObject", markup, ...element("P", attribute("viewBox", "1"))),
        ),
        { kind: "markup", markup: "" },
      ),
    );
    expect(shown(tree)).toEqual([
      [
        "div",
        {},
        [
          [
            "svg",
            { viewBox: "0" },
            [
              ["linearGradient", {}, ["{svg <b/>}"]],
              ["foreignObject", {}, ["{html <b/>}", ["p", { viewbox: "1" }, []]]],
            ],
          ],
          "{html  }",
        ],
      ],
    ]);
  });

  test("a handler leads to its element until the page knows that it is disposed", () => {
    const tree = treeOf(...element("button", attribute("onclick", null, 3)));
    expect(tree.handler(3)).toMatchObject({ attribute: "onclick", element: { name: "button" } });
    tree.forgetDisposedHandlers();
    tree.apply(
      batchOf([{ kind: "setAttribute", sibling: 0, frame: 0 }], [attribute("onclick", null, 4)], {
        disposedHandlers: [3],
      }),
    );
    expect(tree.handler(3)).toBeDefined();
    expect(tree.handler(4)).toMatchObject({ element: { name: "button" } });
    tree.forgetDisposedHandlers();
    expect(tree.handler(3)).toBeUndefined();
    expect(tree.handler(4)).toBeDefined();
  });

  test("a root that is disposed leaves its place; another may be attached there", () => {
    const tree = treeOf(...element("p"));
    tree.apply({ updated: [], frames: [], disposedComponents: [0], disposedHandlers: [] });
    expect(tree.roots).toEqual([]);
    expect(tree.component(0)).toBeUndefined();
    tree.attachRoot({ componentId: 4, selector: "1" });
    expect(tree.roots).toEqual([{ componentId: 4, selector: "1" }]);
  });

  test("the component may be unknown when the recording began late", () => {
    const tree = createComponentTree();
    const { issues } = tree.apply(batchOf([prepend(0, 0), { kind: "removeFrame", sibling: 9 }], [text("a")]));
    expect(issues.map(({ code, edit }) => [code, edit])).toEqual([
      ["unknown-component", 0],
      ["sibling-outside", 1],
    ]);
    expect(shown(tree)).toEqual(["a"]);
  });
});

describe("an edit that does not fit", () => {
  const cases: readonly (readonly [string, readonly Edit[], string])[] = [
    ["a sibling that is not there", [{ kind: "removeFrame", sibling: 4 }], "sibling-outside"],
    ["a negative sibling", [prepend(-1, 0)], "sibling-outside"],
    ["a frame that is not there", [prepend(0, 99)], "frame-outside"],
    ["an attribute as a child", [prepend(0, 0)], "wrong-frame"],
    ["an attribute in a region", [prepend(0, 1)], "wrong-frame"],
    ["a text for an attribute", [{ kind: "updateText", sibling: 0, frame: 0 }], "wrong-frame"],
    ["an attribute of a text", [{ kind: "setAttribute", sibling: 1, frame: 0 }], "wrong-node"],
    ["a step into a text", [{ kind: "stepIn", sibling: 1 }, { kind: "stepOut" }], "wrong-node"],
    ["a step out of the component", [{ kind: "stepOut" }], "step-out-of-component"],
    [
      "a permutation of what is not there",
      [{ kind: "permutationListEntry", from: 0, to: 9 }, { kind: "permutationListEnd" }],
      "sibling-outside",
    ],
  ];
  test.for(cases)("%s is left out", ([, edits, code]) => {
    const tree = treeOf(...element("p"));
    tree.apply(batchOf([prepend(1, 0)], [text("t")]));
    const before = shown(tree);
    const { issues } = tree.apply(batchOf(edits, [attribute("a", "b"), ...region(attribute("a", "b"))]));
    expect(issues.map((issue) => issue.code)).toEqual([code]);
    expect(shown(tree)).toEqual(before);
  });

  test("a batch that uses its frames a thousand times does not grow the tree", () => {
    const tree = treeOf();
    const many = Array.from({ length: 1000 }, () => text("x"));
    const { issues } = tree.apply(
      batchOf(
        Array.from({ length: 1000 }, () => prepend(0, 0)),
        element("p", ...many),
      ),
    );
    expect(tree.component(0)?.children).toHaveLength(1);
    expect(issues[0]?.code).toBe("too-much");
  });

  test("a parent has no more than a hundred thousand children", () => {
    const tree = treeOf();
    const many = Array.from({ length: 60_000 }, () => text("x"));
    const batch = batchOf([prepend(0, 0)], region(...many));
    expect(tree.apply(batch).issues).toEqual([]);
    expect(tree.apply(batch).issues).toEqual([]);
    expect(tree.apply(batch).issues.map(({ code }) => code)).toEqual(["too-much"]);
  });

  test("a hundred thousand elements within each other neither throw nor recurse", () => {
    const depth = 100_000;
    const frames = Array.from(
      { length: depth },
      (_, index): Frame => ({ kind: "element", subtreeLength: depth - index, name: "p" }),
    );
    const tree = treeOf();
    const { issues } = tree.apply(batchOf([prepend(0, 0)], frames));
    expect(issues.map(({ code }) => code)).toEqual(["too-much"]);
    expect(JSON.stringify(shown(tree)).split('"p"').length - 1).toBeGreaterThan(100);
  });

  test("a component within itself, and twice in each of many, is shown once", () => {
    const tree = treeOf();
    const component = (componentId: number): Frame => ({ kind: "component", subtreeLength: 1, componentId });
    tree.apply(batchOf([prepend(0, 0), prepend(0, 1)], [component(1), component(1)]));
    for (let id = 1; id < 60; id++) {
      tree.apply({
        ...batchOf([]),
        frames: [component(id + 1), component(id + 1), component(0)],
        updated: [{ componentId: id, edits: [prepend(0, 0), prepend(0, 1), prepend(0, 2)] }],
      });
    }
    expect(shown(tree)).toEqual([]);
  });

  test("nothing that a batch can say throws", () => {
    const small = fc.integer({ min: -1, max: 6 });
    const edit = fc.oneof(
      fc.record({
        kind: fc.constantFrom("prependFrame", "setAttribute", "updateText", "updateMarkup"),
        sibling: small,
        frame: small,
      }),
      fc.record({ kind: fc.constantFrom("removeFrame", "stepIn"), sibling: small }),
      fc.record({ kind: fc.constant("removeAttribute"), sibling: small, name: fc.constantFrom("a", null) }),
      fc.record({ kind: fc.constantFrom("stepOut", "permutationListEnd") }),
      fc.record({ kind: fc.constant("permutationListEntry"), from: small, to: small }),
    ) as fc.Arbitrary<Edit>;
    const frame = fc.oneof(
      fc.record({
        kind: fc.constantFrom("element", "region"),
        subtreeLength: small,
        name: fc.constantFrom("p", null),
      }),
      fc.record({ kind: fc.constant("component"), subtreeLength: small, componentId: small }),
      fc.record({
        kind: fc.constantFrom("text", "markup"),
        text: fc.constant("t"),
        markup: fc.constant(null),
      }),
      fc.constant(attribute("a", "b", 4)),
    ) as fc.Arbitrary<Frame>;
    const batch = fc.record({
      updated: fc.array(fc.record({ componentId: small, edits: fc.array(edit) }), { maxLength: 4 }),
      frames: fc.array(frame),
      disposedComponents: fc.array(small, { maxLength: 2 }),
      disposedHandlers: fc.constant([4]),
    });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
        const tree = treeOf();
        for (const one of batches) {
          summarizeChanges(tree.apply(one).changes, 50);
          for (const id of tree.componentIds) shown(tree, id);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("the summary of a batch", () => {
  test("has a line for each change, below its component and with its place", () => {
    const tree = treeOf();
    const first = batchOf(
      [prepend(0, 0)],
      element("h1", attribute("id", "count"), attribute("class", "even"), text("Count: 1")),
    );
    expect(linesOf(tree, first)).toEqual(["component 0", '  adds <h1 id="count" class="even"> "Count: 1"']);
    const second = batchOf(
      [
        { kind: "setAttribute", sibling: 0, frame: 0 },
        { kind: "removeAttribute", sibling: 0, name: "title" },
        { kind: "setAttribute", sibling: 0, frame: 2 },
        { kind: "stepIn", sibling: 0 },
        { kind: "updateText", sibling: 0, frame: 1 },
        { kind: "stepOut" },
        prepend(1, 4),
        prepend(2, 3),
        prepend(0, 5),
        { kind: "removeFrame", sibling: 0 },
      ],
      [
        attribute("class", "odd"),
        text("Count: 2"),
        attribute("onclick", null, 9),
        { kind: "markup", markup: "<b>m</b>" },
        ...element(
          "ul",
          { kind: "markup", markup: "\n" },
          ...element("li", attribute("onclick", null, 3), text("a".repeat(100))),
          { kind: "component", subtreeLength: 3, componentId: 5 },
          attribute("Title", "t"),
          attribute("Count", null),
          ...element("li", ...element("b"), text("c")),
        ),
      ],
      { disposedComponents: [5] },
    );
    expect(linesOf(tree, second)).toEqual([
      "component 0",
      '  class of <h1#count> is now "odd", was "even"',
      "  removes title of <h1#count>",
      "  onclick of <h1#count> has handler 9",
      '  text in <h1#count> is now "Count: 2", was "Count: 1"',
      "  adds <ul>",
      `    <li onclick: handler 3> "${"a".repeat(80)}…"`,
      '    component 5 Title="t" Count',
      "    <li>",
      "      <b>",
      '      "c"',
      '  adds markup "<b>m</b>"',
      "component 5",
      "  is disposed",
    ]);
    const third = batchOf(
      [
        { kind: "permutationListEntry", from: 0, to: 1 },
        { kind: "permutationListEntry", from: 1, to: 0 },
        { kind: "permutationListEnd" },
        { kind: "removeFrame", sibling: 0 },
        { kind: "setAttribute", sibling: 0, frame: 0 },
        { kind: "updateMarkup", sibling: 1, frame: 1 },
      ],
      [attribute("onclick", null, 10), { kind: "markup", markup: "<i>n</i>" }],
    );
    expect(linesOf(tree, third)).toEqual([
      "component 0",
      "  moves 2 children",
      "  removes <ul>",
      "  onclick of <h1#count> has handler 10, was 9",
      '  markup is now "<i>n</i>", was "<b>m</b>"',
    ]);
  });

  test("ends where the limit is, within a subtree too", () => {
    const tree = treeOf();
    const items = Array.from({ length: 300 }, (_, index) => text(String(index)));
    const lines = summarizeChanges(tree.apply(batchOf([prepend(0, 0)], element("p", ...items))).changes, 50);
    expect(lines).toHaveLength(50);
    expect(lines.at(-1)).toEqual({ componentId: 0, depth: 1, text: '"48"' });
  });
});
