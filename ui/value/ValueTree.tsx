import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { ValueRange } from "./value-children.ts";
import { valueText } from "./value-text.ts";
import type { TreeLine, ValueTreeModel } from "./value-tree-model.ts";
import "./value.css";

export interface ValueTreeProps {
  readonly model: ValueTreeModel;
  readonly label: string;
}

/** A decoded value as a tree; only what is open is in the document. */
export function ValueTree({ model, label }: ValueTreeProps) {
  const tree = useRef<HTMLDivElement>(null);
  /** Several trees may be open at once. */
  const own = useId();
  const active = model.active.value;
  const hadKey = useRef(false);

  useLayoutEffect(() => {
    if (!hadKey.current || active === undefined) return;
    hadKey.current = false;
    tree.current?.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }, [active]);

  return (
    <div
      ref={tree}
      class="value-tree"
      role="tree"
      aria-label={label}
      tabIndex={0}
      {...(active === undefined ? {} : { "aria-activedescendant": treeItemId(own, active) })}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || !model.press(event.key)) return;
        hadKey.current = true;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {model.lines.value.map((line) => (
        <TreeRow key={line.id} tree={own} line={line} isActive={line.id === active} model={model} />
      ))}
    </div>
  );
}

interface TreeRowProps {
  readonly tree: string;
  readonly line: TreeLine;
  readonly isActive: boolean;
  readonly model: ValueTreeModel;
}

function TreeRow({ tree, line, isActive, model }: TreeRowProps) {
  const { id, label, value, level, position, siblings, expandable, expanded, type } = line;
  const choose = (): void => {
    model.activate(id);
    if (expandable && window.getSelection()?.isCollapsed !== false) model.toggle(id);
  };
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names its active item.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys.
    <div
      id={treeItemId(tree, id)}
      class={isActive ? "tree-line active" : "tree-line"}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={isActive}
      {...(expandable ? { "aria-expanded": expanded } : {})}
      style={{ "--level": level - 1 }}
      onClick={choose}
    >
      <span class="twisty" aria-hidden="true">
        {expandable ? (expanded ? "▾" : "▸") : ""}
      </span>
      <ValueLine label={label} value={value} type={type} />
    </div>
  );
}

function ValueLine({
  label,
  value,
  type,
}: Pick<TreeLine, "label" | "value"> & { readonly type: string | undefined }) {
  if (value instanceof ValueRange) return <span class="quiet">[{label}]</span>;
  const { role, text, hint = type } = valueText(value);
  return (
    <span class="value-line">
      <span class="v-key">{label}</span>
      {": "}
      <span class={`v-${role}`}>{text}</span>
      {hint === undefined ? null : <span class="v-hint"> {hint}</span>}
    </span>
  );
}

const treeItemId = (tree: string, id: string): string => `tree-${tree}-${encodeURIComponent(id)}`;
