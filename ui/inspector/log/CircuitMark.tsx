import type { CircuitStep } from "../../../core/src/session/circuit.ts";
import { CIRCUIT_STEP_SENTENCES, CIRCUIT_STEP_WORDS } from "../../texts.ts";

/** Says what a message means for the circuit of a Blazor page. */
export function CircuitMark({ step }: { readonly step: CircuitStep | undefined }) {
  if (step === undefined) return null;
  const tone = BAD_STEPS.has(step) ? "circuit-mark error" : "circuit-mark";
  return (
    <span class={tone} title={CIRCUIT_STEP_SENTENCES[step]}>
      {CIRCUIT_STEP_WORDS[step]}
    </span>
  );
}

const BAD_STEPS: ReadonlySet<CircuitStep> = new Set<CircuitStep>([
  "failed",
  "not-found",
  "not-resumed",
  "not-started",
]);
