import { formatDuration } from "../../ui/format/format-duration.ts";
import { ConnectedFor } from "./ConnectedFor.tsx";
import type { ConnectionModel } from "./connection-model.ts";
import type { ConnectionStep } from "./connection-steps.ts";
import "./connection.css";

const MARKS: Readonly<Record<ConnectionStep["outcome"], string>> = {
  done: "✓",
  failed: "✗",
  "under-way": "…",
};
const MARK_NAMES: Readonly<Record<ConnectionStep["outcome"], string>> = {
  done: "done",
  failed: "failed",
  "under-way": "under way",
};

/** The phases of the connection with their times. */
export function Steps({ connection }: { readonly connection: ConnectionModel }) {
  const steps = connection.steps.value;
  const since = connection.connectedAt.value;
  if (steps.length === 0) return null;
  return (
    <ul class="pg-steps" aria-label="Phases of the connection">
      {steps.map(({ label, outcome, took }) => (
        <li key={label} data-outcome={outcome}>
          <i role="img" aria-label={MARK_NAMES[outcome]}>
            {MARKS[outcome]}
          </i>
          <span>{label}</span>
          <time>{took === undefined ? "" : formatDuration(took)}</time>
        </li>
      ))}
      {since === undefined ? null : (
        <li data-outcome="done">
          <i aria-hidden="true">●</i>
          <ConnectedFor since={since} />
        </li>
      )}
    </ul>
  );
}
