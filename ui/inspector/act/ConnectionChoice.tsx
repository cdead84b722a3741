import type { ConnectionListModel } from "../connections/connection-list-model.ts";
import type { ActModel } from "./act-model.ts";

export interface ConnectionChoiceProps {
  readonly act: ActModel;
  readonly connections: ConnectionListModel;
}

/** Which connection is acted on. */
export function ConnectionChoice({ act, connections }: ConnectionChoiceProps) {
  const items = connections.items.value;
  if (items.length === 0) return <span class="quiet">no connection yet</span>;
  return (
    <label class="act-connection">
      <span>on</span>
      <select
        aria-label="Connection to act on"
        value={act.connection.value ?? ""}
        onChange={({ currentTarget }) => act.chooseConnection(currentTarget.value)}
      >
        {items.map(({ id, path, state }) => (
          <option key={id} value={id}>
            {`${path} · ${state}`}
          </option>
        ))}
      </select>
    </label>
  );
}
