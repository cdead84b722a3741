import { useMemo } from "preact/hooks";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import { formatTime } from "../../ui/format/format-time.ts";
import { ValueTree } from "../../ui/value/ValueTree.tsx";
import { createValueTreeModel } from "../../ui/value/value-tree-model.ts";
import type { Run } from "./run.ts";
import { runWords } from "./run-words.ts";
import { Sparkline } from "./Sparkline.tsx";
import { StreamItems } from "./StreamItems.tsx";

export interface RunViewProps {
  readonly run: Run;
  readonly onCancel: (number: number) => void;
}

/** One call and what came of it. */
export function RunView({ run, onCancel }: RunViewProps) {
  const { state, stream } = run;
  return (
    <article class="pg-run" data-state={state.kind} aria-label={`${run.target}, ${runWords(run)}`}>
      <h3>
        {run.target} <span class="pg-run-words">{runWords(run)}</span>
        {state.kind === "waiting" ? (
          <button
            type="button"
            class="pg-link"
            aria-label={`Cancel ${run.target}`}
            title={
              run.kind === "stream" ? "Asks the server to end the stream" : "Stops waiting for the answer"
            }
            onClick={() => onCancel(run.number)}
          >
            Cancel
          </button>
        ) : null}
        <time title="When it was called">{formatTime(run.startedAt)}</time>
      </h3>
      {state.kind === "failed" ? <p class="pg-run-error">{state.message}</p> : null}
      {state.kind === "answered" ? <Answer number={run.number} value={state.value} /> : null}
      {stream ? <Sparkline numbers={stream.numbers} /> : null}
      {stream && stream.count > 0 ? <StreamItems stream={stream} /> : null}
    </article>
  );
}

function Answer({ number, value }: { readonly number: number; readonly value: WireValue }) {
  const tree = useMemo(
    () => createValueTreeModel([{ label: "result", key: `run-${number}`, value }]),
    [number, value],
  );
  if (value === undefined) return <p class="pg-quiet">Completed without a result.</p>;
  return (
    <div class="pg-answer">
      <ValueTree model={tree} label="Result" />
    </div>
  );
}
