/**
 * What one `JS.RenderBatch` changes in the page. ASP.NET Core, `RenderBatchWriter`; the layout is in PROTOCOLS.md.
 *
 * @module
 */
import type { ByteLength } from "../payload.ts";
import type { HandlerId } from "./handler-id.ts";

/** What the server tells the page to change. RenderBatchWriter of ASP.NET Core writes it. */
export interface RenderBatch {
  /** In the order in which they are applied. A component may occur more than once, and without any edit. */
  readonly updated: readonly ComponentDiff[];
  /** The frames that edits point to. A frame's subtree is the frames `[index, index + subtreeLength)`. */
  readonly frames: readonly Frame[];
  readonly disposedComponents: readonly number[];
  readonly disposedHandlers: readonly HandlerId[];
}

/** What a batch changes in one component, in order. */
export interface ComponentDiff {
  readonly componentId: number;
  readonly edits: readonly Edit[];
}

/** `sibling` counts the logical children of the current parent: a child component or a markup is one. */
export type Edit =
  | { readonly kind: "prependFrame"; readonly sibling: number; readonly frame: number }
  | { readonly kind: "removeFrame"; readonly sibling: number }
  | { readonly kind: "setAttribute"; readonly sibling: number; readonly frame: number }
  | { readonly kind: "removeAttribute"; readonly sibling: number; readonly name: string | null }
  | { readonly kind: "updateText"; readonly sibling: number; readonly frame: number }
  | { readonly kind: "stepIn"; readonly sibling: number }
  | { readonly kind: "stepOut" }
  | { readonly kind: "updateMarkup"; readonly sibling: number; readonly frame: number }
  /** Both count in the list as it was before the permutation. */
  | { readonly kind: "permutationListEntry"; readonly from: number; readonly to: number }
  | { readonly kind: "permutationListEnd" }
  /** Of a type that no version known to us writes. */
  | { readonly kind: "unknown"; readonly type: number };

/**
 * A node of the render tree, or an attribute of one. Lengths of subtrees count frames, the first one
 * included.
 */
export type Frame =
  | { readonly kind: "none" }
  | { readonly kind: "element"; readonly subtreeLength: number; readonly name: string | null }
  | { readonly kind: "text"; readonly text: string | null }
  /** In an element's subtree an attribute, in a component's a parameter. `handlerId` 0: no event handler. */
  | {
      readonly kind: "attribute";
      readonly name: string | null;
      /** `true` is "", `false` and what is no string are null. */
      readonly value: string | null;
      readonly handlerId: HandlerId;
    }
  | { readonly kind: "component"; readonly subtreeLength: number; readonly componentId: number }
  /** Its children stand in its parent. */
  | { readonly kind: "region"; readonly subtreeLength: number }
  | { readonly kind: "elementReferenceCapture"; readonly id: string | null }
  | { readonly kind: "componentReferenceCapture" }
  | { readonly kind: "markup"; readonly markup: string | null }
  | { readonly kind: "componentRenderMode" }
  | { readonly kind: "namedEvent" }
  /** Of a type that no version known to us writes. */
  | { readonly kind: "unknown"; readonly type: number };

/** Bytes of the batch, from `start` up to `end`. */
export interface BatchRange {
  readonly start: ByteLength;
  readonly end: ByteLength;
}

/** Where in the bytes of the batch everything stands. All lists go with the lists of the batch, index by index. */
export interface RenderBatchLayout {
  /** Component ID, number of edits and the edits. An edit takes {@link EDIT_SIZE} bytes at the end of it. */
  readonly updated: readonly BatchRange[];
  /** With their counts. A frame takes {@link FRAME_SIZE} bytes at the end of its section. */
  readonly updatedTable: BatchRange;
  readonly frames: BatchRange;
  readonly disposedComponents: BatchRange;
  readonly disposedHandlers: BatchRange;
  /** The strings in table order, each with its length. */
  readonly strings: readonly BatchRange[];
  readonly stringTable: BatchRange;
  readonly footer: BatchRange;
}

export const EDIT_SIZE: ByteLength = 16;
export const FRAME_SIZE: ByteLength = 20;
export const FOOTER_SIZE: ByteLength = 20;

/** A fault in the bytes of a batch. What it concerns is left out or null; the rest is decoded. */
export interface RenderBatchIssue {
  readonly code: RenderBatchIssueCode;
  /** Offset in the batch. */
  readonly at: ByteLength;
  readonly detail?: string;
}

/** What is at fault in the bytes of a batch. */
export type RenderBatchIssueCode =
  /** Shorter than its footer. */
  | "batch-too-short"
  /** An offset points outside the batch. */
  | "offset-outside"
  /** A count is negative, or more than the bytes can hold. */
  | "count-outside"
  /** Parts of the batch lie upon each other, so that they claim more than its bytes. */
  | "parts-overlap"
  | "string-outside"
  | "invalid-utf8"
  | "frame-outside"
  /** A subtree reaches out of the one that it stands in, or out of the frames. */
  | "subtree-outside"
  | "unknown-edit"
  | "unknown-frame";

/** The number of each type on the wire is its place here; edits count from 1. */
export const EDIT_KINDS: readonly Exclude<Edit["kind"], "unknown">[] = [
  "prependFrame",
  "removeFrame",
  "setAttribute",
  "removeAttribute",
  "updateText",
  "stepIn",
  "stepOut",
  "updateMarkup",
  "permutationListEntry",
  "permutationListEnd",
];

/** The number of each type on the wire is its place here. */
export const FRAME_KINDS: readonly Exclude<Frame["kind"], "unknown">[] = [
  "none",
  "element",
  "text",
  "attribute",
  "component",
  "region",
  "elementReferenceCapture",
  "componentReferenceCapture",
  "markup",
  "componentRenderMode",
  "namedEvent",
];
