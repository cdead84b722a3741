/** A component tree and what changes in it. */
import type { HandlerId } from "./handler-id.ts";
import type { RenderBatch } from "./render-batch.ts";

/** A child component or a markup is one node, however much of the page it makes. Regions are no nodes. */
export type TreeNode = ElementNode | TextNode | MarkupNode | ComponentNode;

/** An element that a component rendered. */
export interface ElementNode {
  readonly kind: "element";
  /** As written by the component; HTML compares it without case. */
  readonly name: string;
  /** Event handlers are among them, by their attribute's name (`onclick`). */
  readonly attributes: ReadonlyMap<string, TreeAttribute>;
  readonly children: readonly TreeNode[];
  /** IDs of the references (`@ref`) to this element. */
  readonly captures: readonly string[];
}

/** An attribute of an element, or an event handler. */
export interface TreeAttribute {
  /** Null gives no attribute in the page. */
  readonly value: string | null;
  /** 0: no event handler. */
  readonly handlerId: HandlerId;
}

/** Text, as it is shown. */
export interface TextNode {
  readonly kind: "text";
  readonly text: string;
}

/** HTML as the component wrote it; the page parses it into any number of nodes. */
export interface MarkupNode {
  readonly kind: "markup";
  readonly markup: string;
}

/** What it renders is `tree.component(id)`. Who follows it must expect a hostile batch: a component within itself. */
export interface ComponentNode {
  readonly kind: "component";
  readonly id: number;
  /** Parameters by name; null stands for every value that is no string. */
  readonly parameters: ReadonlyMap<string, string | null>;
}

/** A component and what it rendered last. */
export interface TreeComponent {
  readonly id: number;
  /** Undefined for roots, and for components that no batch has placed. */
  readonly parent: number | undefined;
  /** Those that it was placed with; changes of parameters are not on the wire. */
  readonly parameters: ReadonlyMap<string, string | null>;
  readonly children: readonly TreeNode[];
}

/** A component that the page itself has a place for. */
export interface RootComponent {
  readonly componentId: number;
  /** From .NET 8 on the number of the component in the page, as text; before, a CSS selector or a sequence number. */
  readonly selector: string;
}

/** The element that an event handler belongs to. */
export interface HandlerPlace {
  readonly componentId: number;
  /** `onclick`. */
  readonly attribute: string;
  readonly element: ElementNode;
}

/** One thing that a batch did. The nodes in it are those of the tree: later batches change them. */
export type TreeChange =
  | {
      readonly kind: "added";
      readonly componentId: number;
      readonly parent: ElementNode | undefined;
      readonly node: TreeNode;
      readonly sibling: number;
    }
  | {
      readonly kind: "removed";
      readonly componentId: number;
      readonly parent: ElementNode | undefined;
      readonly node: TreeNode;
      readonly sibling: number;
    }
  | {
      readonly kind: "text";
      readonly componentId: number;
      readonly parent: ElementNode | undefined;
      readonly before: string;
      readonly after: string;
    }
  | {
      readonly kind: "markup";
      readonly componentId: number;
      readonly parent: ElementNode | undefined;
      readonly before: string;
      readonly after: string;
    }
  | {
      readonly kind: "attribute";
      readonly componentId: number;
      readonly element: ElementNode;
      readonly name: string;
      readonly before: TreeAttribute | undefined;
      readonly after: TreeAttribute | undefined;
    }
  | {
      readonly kind: "moved";
      readonly componentId: number;
      readonly parent: ElementNode | undefined;
      readonly moves: readonly { readonly from: number; readonly to: number }[];
    }
  | { readonly kind: "component-disposed"; readonly componentId: number };

/** An edit that does not fit the tree. It is left out, the others are applied. */
export interface TreeIssue {
  readonly code: TreeIssueCode;
  readonly componentId: number;
  /** Number of the edit within the diff of the component, from 0. */
  readonly edit: number;
}

/** Why an edit does not fit the tree. */
export type TreeIssueCode =
  /** Nothing was attached or rendered under this ID. The recording may have begun late. */
  | "unknown-component"
  | "sibling-outside"
  | "wrong-node"
  | "frame-outside"
  | "wrong-frame"
  | "step-out-of-component"
  /** The batch uses its frames more often than once, nests them deeper than a page may be, or has too many siblings. */
  | "too-much";

/** What a batch did to the tree, and what it could not do. */
export interface AppliedBatch {
  readonly changes: readonly TreeChange[];
  readonly issues: readonly TreeIssue[];
}

/** Changes in place: an edit costs what it changes, not the size of the page. Never throws. */
export interface ComponentTree {
  readonly roots: readonly RootComponent[];
  readonly componentIds: Iterable<number>;
  component(id: number): TreeComponent | undefined;
  /** A disposed one too, as long as the page may not know of it. */
  handler(id: HandlerId): HandlerPlace | undefined;
  /** The page has applied the oldest batch of which this was not said yet, and sends no more events to what it disposed. */
  forgetDisposedHandlers(): void;
  /** `JS.AttachComponent`. */
  attachRoot(root: RootComponent): void;
  apply(batch: RenderBatch): AppliedBatch;
}

/** The tree's own view of its components. */
export interface OpenComponent extends TreeComponent {
  readonly children: TreeNode[];
}

export function openComponent(
  id: number,
  parent?: number,
  parameters: ReadonlyMap<string, string | null> = new Map(),
): OpenComponent {
  return { id, parent, parameters, children: [] };
}
