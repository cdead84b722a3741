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
  return (
    <div class={isNarrow ? "act-body stacked" : "act-body"}>
      <div class="act-form">
        <FaultForm breaking={breaking} />
        <CutForm breaking={breaking} />
      </div>
      <FaultList breaking={breaking} />
    </div>
  );
}
