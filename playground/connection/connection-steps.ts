import type { Milliseconds } from "../../core/src/capture-event.ts";
import type { HubClientState } from "../../core/src/client/hub-client.ts";
import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";

/** One phase of connecting, as a line of the form. */
export interface ConnectionStep {
  readonly label: string;
  readonly outcome: "under-way" | "done" | "failed";
  /** Absent while it is under way. */
  readonly took?: Milliseconds;
}

export interface StateChange {
  readonly kind: HubClientState["kind"];
  readonly at: Milliseconds;
}

export interface StepWords {
  readonly transport: string;
  readonly protocol: HubProtocolName;
}

/** What the changes of a client's state since its start say of its phases. */
export function connectionSteps(
  changes: readonly StateChange[],
  words: StepWords,
): readonly ConnectionStep[] {
  const steps: ConnectionStep[] = [];
  changes.forEach(({ kind, at }, index) => {
    const next = changes[index + 1];
    const label = labelOf(kind, next, words);
    if (label === undefined) return;
    if (next === undefined) steps.push({ label, outcome: "under-way" });
    else steps.push({ label, outcome: isEnd(next.kind) ? "failed" : "done", took: next.at - at });
  });
  return steps;
}

function labelOf(
  kind: StateChange["kind"],
  next: StateChange | undefined,
  words: StepWords,
): string | undefined {
  switch (kind) {
    case "negotiating":
      return "negotiate";
    case "opening":
      return next === undefined || isEnd(next.kind)
        ? `${words.transport} opening`
        : `${words.transport} opened`;
    case "handshaking":
      // Version 1 is the only one that the client speaks.
      return `handshake, ${words.protocol} 1`;
    case "connected":
    case "stopping":
    case "disconnected":
      return undefined;
    default:
      throw new TypeError(`state ${kind satisfies never}`);
  }
}

function isEnd(kind: StateChange["kind"]): boolean {
  return kind === "disconnected" || kind === "stopping";
}
