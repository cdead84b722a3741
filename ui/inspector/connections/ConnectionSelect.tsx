import type { ConnectionListModel } from "./connection-list-model.ts";
import { DecodeSelect } from "./DecodeSelect.tsx";

/** The same choice where there is no room for a list. */
export function ConnectionSelect({ model }: { readonly model: ConnectionListModel }) {
  return (
    <>
      <select
        class="connection-select"
        aria-label="Connection"
        value={model.selected.value ?? ""}
        onChange={({ currentTarget }) =>
          model.select(currentTarget.value === "" ? undefined : currentTarget.value)
        }
      >
        <option value="">All connections</option>
        {model.items.value.map(({ id, path, state, count }) => (
          <option key={id} value={id}>
            {`${path} · ${state} · ${count}`}
          </option>
        ))}
      </select>
      <DecodeSelect model={model.decode} />
    </>
  );
}
