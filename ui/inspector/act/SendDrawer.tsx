import { useLayoutEffect, useRef } from "preact/hooks";
import type { EntryNumber } from "../../../core/src/session/model.ts";
import { RunCard } from "./RunCard.tsx";
import { SendForm } from "./SendForm.tsx";
import type { SendModel } from "./send-model.ts";

export interface SendDrawerProps {
  readonly send: SendModel;
  readonly onShow: (entry: EntryNumber) => void;
  readonly isNarrow: boolean;
}

/** The form, and beside it what came of what was sent. */
export function SendDrawer({ send, onShow, isNarrow }: SendDrawerProps) {
  const runs = send.runs.value;
  const results = useRef<HTMLElement>(null);
  const newest = runs[0]?.number;
  useLayoutEffect(() => {
    // Below the form what comes of it would not be seen.
    if (isNarrow && newest !== undefined) results.current?.scrollIntoView({ block: "nearest" });
  }, [isNarrow, newest]);
  return (
    <div class={isNarrow ? "act-body stacked" : "act-body"}>
      <SendForm send={send} />
      <section ref={results} class="act-results" aria-label="Results">
        {runs.length === 0 ? (
          <p class="quiet">What comes of it stands here and, marked as Hubscope's, in the log.</p>
        ) : (
          <>
            <ul>
              {runs.map((run) => (
                <RunCard key={run.number} run={run} onShow={onShow} onCancel={() => send.cancel(run)} />
              ))}
            </ul>
            <button type="button" class="push" onClick={send.forgetRuns}>
              Clear results
            </button>
          </>
        )}
      </section>
    </div>
  );
}
