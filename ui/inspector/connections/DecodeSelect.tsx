import type { DecodeModel } from "./decode-model.ts";

/** For a connection whose protocol no handshake has told: what its payloads are decoded as. */
export function DecodeSelect({ model }: { readonly model: DecodeModel }) {
  const shown = model.selected.value;
  if (shown === undefined || !shown.isDoubtful) return null;
  const { connection, current, choices } = shown;
  return (
    <label class="decode-as">
      Decode as
      <select
        value={current ?? ""}
        onChange={({ currentTarget }) => {
          const chosen = choices.find(({ protocol }) => protocol === currentTarget.value);
          if (chosen !== undefined) model.decodeAs(connection, chosen.protocol);
        }}
      >
        {current === undefined ? <option value="">not known</option> : null}
        {choices.map(({ protocol, label }) => (
          <option key={protocol} value={protocol}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
