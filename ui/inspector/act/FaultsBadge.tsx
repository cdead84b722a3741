import type { ActModel } from "./act-model.ts";
import { activeWords } from "./fault-words.ts";

/** Stands in the status line as long as something is broken. */
export function FaultsBadge({ act }: { readonly act: ActModel }) {
  const { active, undoAll } = act.breaking;
  if (active.value === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a form's.
    <span class="faults-badge" role="group" aria-label="Faults">
      <button type="button" title="Show the faults" onClick={() => act.open("break")}>
        <span aria-hidden="true">⚠ </span>
        {activeWords(active.value)}
      </button>
      <span aria-hidden="true">·</span>
      <button type="button" title="Switch all faults off" onClick={undoAll}>
        Undo all
      </button>
    </span>
  );
}
