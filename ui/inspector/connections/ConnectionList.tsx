import type { ConnectionItem, ConnectionListModel } from "./connection-list-model.ts";
import "./connections.css";

/** The connections beside the log; the selected one narrows it. */
export function ConnectionList({ model }: { readonly model: ConnectionListModel }) {
  const selected = model.selected.value;
  return (
    <section class="connections" aria-label="Connections">
      <h2 id="connections-title">Connections</h2>
      <div
        class="connection-list"
        role="listbox"
        aria-labelledby="connections-title"
        tabIndex={0}
        aria-activedescendant={optionId(selected)}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || !model.press(event.key)) return;
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
          />
        ))}
      </div>
    </section>
  );
}

interface ConnectionOptionProps {
  readonly item: ConnectionItem;
  readonly isSelected: boolean;
  readonly onSelect: (id: string) => void;
}

function ConnectionOption({ item, isSelected, onSelect }: ConnectionOptionProps) {
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
    >
      <span class={`mark ${mark}`} role="img" aria-label={state} />
      <span class="path">{path}</span>
      <span class="count">{count}</span>
      <span class="detail">{detail}</span>
    </div>
  );
}

const optionId = (id: string | undefined): string => `connection-${id ?? "all"}`;
