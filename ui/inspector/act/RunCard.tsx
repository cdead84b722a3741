import type { EntryNumber } from "../../../core/src/session/model.ts";
import { ValueTree } from "../../value/ValueTree.tsx";
import type { ActRun } from "./act-run.ts";

export interface RunCardProps {
  readonly run: ActRun;
  readonly onShow: (entry: EntryNumber) => void;
  readonly onCancel: () => void;
}

/** One message that was sent or simulated, and its answer. */
export function RunCard({ run, onShow, onCancel }: RunCardProps) {
  const { tone, sentence } = run.state.value;
  const entry = run.entry.value;
  const answer = run.answer.value;
  const tree = run.tree.value;
  return (
    <li class={`run ${tone}`} aria-label={run.title}>
      <div class="run-head">
        <span class={run.mode === "send" ? "direction out" : "direction in"} aria-hidden="true">
          {run.mode === "send" ? "↑" : "↓"}
        </span>
        <b>{run.title}</b>
        <span class="run-state">{sentence}</span>
        {run.canCancel.value ? (
          <button type="button" class="push" onClick={onCancel}>
            Cancel stream
          </button>
        ) : null}
        {answer === undefined ? null : (
          <button type="button" class="link" onClick={() => onShow(answer)}>
            Show answer
          </button>
        )}
        {entry === undefined ? null : (
          <button type="button" class="link" onClick={() => onShow(entry)}>
            Show message
          </button>
        )}
      </div>
      {tree === undefined ? null : <ValueTree model={tree} label={`Answer of ${run.title}`} />}
    </li>
  );
}
