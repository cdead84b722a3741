/**
 * The components of a circuit and what they render, kept up by render batches as the official client does it
 * (`BrowserRenderer`): the same cursor, the same order, the same logical children.
 *
 * @module
 */

import type { BatchWork } from "./batch-work.ts";
import type { HandlerId } from "./handler-id.ts";
import { applyDiff } from "./tree-edits.ts";
import {
  type ComponentTree,
  type HandlerPlace,
  type OpenComponent,
  openComponent,
  type RootComponent,
} from "./tree-model.ts";

/** The server waits for an acknowledgement after ten; a recording may have none of them. */
const MAX_BATCHES_IN_FLIGHT = 64;

/** An empty tree. Apply batches in the order of their IDs, the first one first. */
export function createComponentTree(): ComponentTree {
  const components = new Map<number, OpenComponent>();
  const handlers = new Map<HandlerId, HandlerPlace>();
  /** By batch. */
  const disposed: (readonly HandlerId[])[] = [];
  const roots: RootComponent[] = [];
  const forgetOldest = () => {
    for (const id of disposed.shift() ?? []) handlers.delete(id);
  };
  return {
    roots,
    get componentIds() {
      return components.keys();
    },
    component: (id) => components.get(id),
    handler: (id) => handlers.get(id),
    forgetDisposedHandlers: () => forgetOldest(),
    attachRoot(root) {
      const before = roots.findIndex(({ componentId }) => componentId === root.componentId);
      if (before >= 0) roots.splice(before, 1);
      roots.push(root);
      // The page's own content of the place, prerendered or not, gives way.
      components.set(root.componentId, openComponent(root.componentId));
    },
    apply(batch) {
      const work: BatchWork = {
        batch,
        components,
        handlers,
        changes: [],
        issues: [],
        framesLeft: batch.frames.length,
      };
      for (const diff of batch.updated) applyDiff(work, diff);
      for (const componentId of batch.disposedComponents) {
        if (!components.delete(componentId)) continue;
        const root = roots.findIndex((one) => one.componentId === componentId);
        if (root >= 0) roots.splice(root, 1);
        work.changes.push({ kind: "component-disposed", componentId });
      }
      disposed.push(batch.disposedHandlers);
      if (disposed.length > MAX_BATCHES_IN_FLIGHT) forgetOldest();
      return { changes: work.changes, issues: work.issues };
    },
  };
}
