import { useRef, useState } from "preact/hooks";
import type { ConnectionItem, ConnectionListModel } from "./connection-list-model.ts";
import { DecodeMenu } from "./DecodeMenu.tsx";
import { DecodeSelect } from "./DecodeSelect.tsx";
import "./connections.css";

/** The connections beside the log; the selected one narrows it. */
export function ConnectionList({ model }: { readonly model: ConnectionListModel }) {
  const selected = model.selected.value;
  const list = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number }>();
  const openMenuAtSelected = (): void => {
    const option = list.current?.querySelector("[aria-selected=true]")?.getBoundingClientRect();
    if (option !== undefined) setMenu({ x: option.left + 16, y: option.bottom });
  };
  return (
    <section class="connections" aria-label="Connections">
      <h2 id="connections-title">Connections</h2>
      <div
        ref={list}
        class="connection-list"
        role="listbox"
        aria-labelledby="connections-title"
        tabIndex={0}
        aria-activedescendant={optionId(selected)}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const asksForMenu = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
          if (asksForMenu) openMenuAtSelected();
          else if (!model.press(event.key)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {/* biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names its active option. */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys. */}
        <div
          id={optionId(undefined)}
          class="connection all"
          role="option"
          aria-selected={selected === undefined}
          onClick={() => model.select(undefined)}
        >
          <span class="path">All connections</span>
          <span class="count">{model.total}</span>
        </div>
        {model.items.value.map((item) => (
          <ConnectionOption
            key={item.id}
            item={item}
            isSelected={item.id === selected}
            onSelect={model.select}
            onMenu={(at) => {
              model.select(item.id);
              setMenu(at);
            }}
          />
        ))}
      </div>
      <DecodeSelect model={model.decode} />
      {menu === undefined ? null : (
        <DecodeMenu model={model.decode} at={menu} onClose={() => setMenu(undefined)} />
      )}
    </section>
  );
}

interface ConnectionOptionProps {
  readonly item: ConnectionItem;
  readonly isSelected: boolean;
  readonly onSelect: (id: string) => void;
  readonly onMenu: (at: { readonly x: number; readonly y: number }) => void;
}

function ConnectionOption({ item, isSelected, onSelect, onMenu }: ConnectionOptionProps) {
  const { id, path, mark, state, detail, count, title } = item;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names its active option.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys.
    <div
      id={optionId(id)}
      class="connection"
      role="option"
      aria-selected={isSelected}
      title={title}
      onClick={() => onSelect(id)}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      <span class={`mark ${mark}`} role="img" aria-label={state} />
      <span class="path">{path}</span>
      <span class="count">{count}</span>
      <span class="detail">{detail}</span>
    </div>
  );
}

const optionId = (id: string | undefined): string => `connection-${id ?? "all"}`;
