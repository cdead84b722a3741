import { FaultsBadge } from "../act/FaultsBadge.tsx";
import type { InspectorModel } from "../inspector-model.ts";
import "./status.css";

/** Counts on the left; on the right what the host records, and the way to its settings. */
export function StatusLine({ model }: { readonly model: InspectorModel }) {
  const { statusAction } = model;
  return (
    <div class="status-line">
      {model.act === undefined ? null : <FaultsBadge act={model.act} />}
      {model.status.value.map((text) => (
        <span key={text}>{text}</span>
      ))}
      <span class="answer">{model.announcer.answer.value}</span>
      <span class="status-text">{model.statusText.value}</span>
      {statusAction === undefined ? null : (
        <button type="button" class="status-action" onClick={statusAction.run}>
          {statusAction.label}
        </button>
      )}
    </div>
  );
}
