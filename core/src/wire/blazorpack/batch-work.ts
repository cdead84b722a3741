/** One batch being applied. */
import type { HandlerId } from "./handler-id.ts";
import type { RenderBatch } from "./render-batch.ts";
import type {
  HandlerPlace,
  OpenComponent,
  TreeAttribute,
  TreeChange,
  TreeIssue,
  TreeNode,
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
export interface OpenElement {
  readonly kind: "element";
  readonly name: string;
  readonly attributes: Map<string, TreeAttribute>;
  readonly children: TreeNode[];
  readonly captures: string[];
}

export interface Cursor {
  readonly componentId: number;
  /** From the component's outermost parent to the current one; undefined is the component itself. */
  readonly path: { readonly element: OpenElement | undefined; readonly children: TreeNode[] }[];
  permutation: { readonly from: number; readonly to: number }[];
  /** Number of the current edit. */
  edit: number;
}

export function setAttribute(
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
