import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import { childrenOf, hasChildren, type ValueChild, ValueRange } from "./value-children.ts";

/** A line of the tree that can be seen now. */
export interface TreeLine {
  /** Path from the root; stays the same while the value does. */
  readonly id: string;
  readonly label: string;
  readonly value: WireValue;
  /** From 1, as aria-level counts. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** What the wire says of its type where the value alone does not show it: "float32". */
  readonly type?: string;
}

/** Types of the wire, walked down together with the tree. */
export interface TypedNode {
  readonly type: string | undefined;
  /** In the order of the tree's children. */
  children(): readonly (TypedNode | undefined)[];
}

export interface ValueTreeModel {
  readonly lines: ReadonlySignal<readonly TreeLine[]>;
  readonly active: ReadonlySignal<string | undefined>;
  activate(id: string): void;
  toggle(id: string): void;
  /** Opens all of these but the last, which becomes the active one. */
  reveal(ids: readonly string[]): void;
  /** The keys of the ARIA tree pattern; true where the key meant something. */
  press(key: string): boolean;
}

/** Lines of a fresh value are open as far as they stay few, so that small messages need no click. */
const OPEN_AT_FIRST = 40;

/** `roots` are the named parts of one message: arguments, result, headers. */
export function createValueTreeModel(
  roots: readonly ValueChild[],
  typesOf: () => readonly (TypedNode | undefined)[] = () => [],
): ValueTreeModel {
  const expanded = signal<ReadonlySet<string>>(openAtFirst(roots));
  const chosen = signal<string | undefined>(undefined);
  const lines = computed(() => flatten(roots, expanded.value, typesOf()));
  const active = computed(() => {
    const wanted = chosen.value;
    return lines.value.some(({ id }) => id === wanted) ? wanted : lines.value[0]?.id;
  });

  const setExpanded = (id: string, open: boolean): void => {
    const next = new Set(expanded.value);
    if (open) next.add(id);
    else next.delete(id);
    expanded.value = next;
  };
  const activeIndex = (): number => lines.value.findIndex(({ id }) => id === active.value);
  const moveTo = (index: number): boolean => {
    const line = lines.value[Math.max(0, Math.min(index, lines.value.length - 1))];
    if (line !== undefined) chosen.value = line.id;
    return true;
  };
  const parentIndex = (index: number): number => {
    const level = lines.value[index]?.level ?? 1;
    for (let at = index - 1; at >= 0; at -= 1) if ((lines.value[at]?.level ?? 0) < level) return at;
    return index;
  };

  const press = (key: string): boolean => {
    const index = activeIndex();
    const line = lines.value[index];
    if (line === undefined) return false;
    switch (key) {
      case "ArrowDown":
        return moveTo(index + 1);
      case "ArrowUp":
        return moveTo(index - 1);
      case "Home":
        return moveTo(0);
      case "End":
        return moveTo(lines.value.length - 1);
      case "ArrowRight":
        if (line.expandable && !line.expanded) setExpanded(line.id, true);
        else if (line.expanded) moveTo(index + 1);
        return true;
      case "ArrowLeft":
        if (line.expanded) setExpanded(line.id, false);
        else moveTo(parentIndex(index));
        return true;
      case "Enter":
      case " ":
        if (line.expandable) setExpanded(line.id, !line.expanded);
        return true;
      default:
        return false;
    }
  };

  return {
    lines,
    active,
    activate: (id) => {
      chosen.value = id;
    },
    toggle: (id) => setExpanded(id, !expanded.value.has(id)),
    reveal: (ids) =>
      batch(() => {
        expanded.value = new Set([...expanded.value, ...ids.slice(0, -1)]);
        chosen.value = ids.at(-1);
      }),
    press,
  };
}

function flatten(
  roots: readonly ValueChild[],
  expanded: ReadonlySet<string>,
  types: readonly (TypedNode | undefined)[],
): TreeLine[] {
  const lines: TreeLine[] = [];
  const visit = (
    children: readonly ValueChild[],
    nodes: readonly (TypedNode | undefined)[],
    parent: string,
    level: number,
  ): void => {
    children.forEach(({ label, key, value }, index) => {
      const id = `${parent}/${key}`;
      const expandable = hasChildren(value);
      const isOpen = expandable && expanded.has(id);
      const place = { level, position: index + 1, siblings: children.length };
      const node = nodes[index];
      const type = node?.type === undefined ? {} : { type: node.type };
      lines.push({ id, label, value, ...place, expandable, expanded: isOpen, ...type });
      if (isOpen) visit(childrenOf(value), node?.children() ?? [], id, level + 1);
    });
  };
  visit(roots, types, "", 1);
  return lines;
}

function openAtFirst(roots: readonly ValueChild[]): Set<string> {
  const open = new Set<string>();
  let shown = roots.length;
  let layer = roots.map((child) => ({ id: `/${child.key}`, value: child.value, level: 1 }));
  while (layer.length > 0 && shown < OPEN_AT_FIRST) {
    const next: typeof layer = [];
    for (const { id, value, level } of layer) {
      if (value instanceof ValueRange || !hasChildren(value)) continue;
      const children = childrenOf(value);
      if (level > 1 && shown + children.length > OPEN_AT_FIRST) continue;
      open.add(id);
      shown += children.length;
      next.push(
        ...children.map((child) => ({ id: `${id}/${child.key}`, value: child.value, level: level + 1 })),
      );
    }
    layer = next;
  }
  return open;
}
