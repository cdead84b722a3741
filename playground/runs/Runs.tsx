import { RunView } from "./RunView.tsx";
import { runWords } from "./run-words.ts";
import type { RunsModel } from "./runs-model.ts";
import "./runs.css";

/** Results, newest first. */
export function Runs({ model, invitation }: { readonly model: RunsModel; readonly invitation: string }) {
  const runs = model.runs.value;
  const over = runs.filter(({ state }) => state.kind !== "waiting");
  const latest = over[0];
  return (
    <section class="pg-runs" aria-label="Results">
      <div class="pg-runs-head">
        <h2>Results</h2>
        {over.length > 0 ? (
          <button
            type="button"
            class="pg-link"
            onClick={model.clear}
            title="Forgets the results that are complete"
          >
            Clear
          </button>
        ) : null}
      </div>
      <p class="pg-unseen" role="status">
        {latest ? `${latest.target} ${runWords(latest)}` : ""}
      </p>
      {runs.length === 0 ? <p class="pg-quiet">{invitation}</p> : null}
      {runs.map((run) => (
        <RunView key={run.number} run={run} onCancel={model.cancel} />
      ))}
    </section>
  );
}
