import type { BreakModel } from "./break-model.ts";
import { CutForm } from "./CutForm.tsx";
import { FaultForm } from "./FaultForm.tsx";
import { FaultList } from "./FaultList.tsx";

export interface BreakDrawerProps {
  readonly breaking: BreakModel;
  readonly isNarrow: boolean;
}

/** What can be broken, and beside it what is. */
export function BreakDrawer({ breaking, isNarrow }: BreakDrawerProps) {
  // One below the other, what is broken stands where it is seen first.
  const isListFirst = isNarrow && breaking.items.value.length > 0;
  return (
    <div class={isNarrow ? "act-body stacked" : "act-body"}>
      {isListFirst ? <FaultList breaking={breaking} /> : null}
      <div class="act-form">
        <FaultForm breaking={breaking} />
        <CutForm breaking={breaking} />
      </div>
      {isListFirst ? null : <FaultList breaking={breaking} />}
    </div>
  );
}
