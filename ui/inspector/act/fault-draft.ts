import type { ConnectionId } from "../../../core/src/session/model.ts";
import type { Direction } from "../../../core/src/wire/payload.ts";
import type { Fault, FaultId } from "./actor.ts";

export type FaultKind = Fault["kind"];

/** What the form of the Break drawer holds, as it was typed. */
export interface FaultDraft {
  readonly kind: FaultKind;
  readonly isEverywhere: boolean;
  readonly direction: Direction;
  readonly target: string;
  /** In percent. */
  readonly share: string;
  /** In milliseconds. */
  readonly delay: string;
  readonly times: string;
}

export const FIRST_FAULT: FaultDraft = {
  kind: "drop",
  isEverywhere: true,
  direction: "in",
  target: "",
  share: "100",
  delay: "1000",
  times: "3",
};

export interface FaultChoice {
  readonly kind: FaultKind;
  readonly label: string;
  readonly says: string;
}

export const FAULT_CHOICES: readonly FaultChoice[] = [
  { kind: "drop", label: "Drop", says: "The other side never gets the message." },
  {
    kind: "delay",
    label: "Delay",
    says: "The other side gets the message that much later; what is not met goes ahead of it.",
  },
  { kind: "reorder", label: "Reorder", says: "A message waits until another one has overtaken it." },
  {
    kind: "refuse",
    label: "Refuse connects",
    says: "The page's next attempts to open a transport fail, as if nobody listened.",
  },
  {
    kind: "silence",
    label: "Silence",
    says: "Nothing from the server reaches the page, pings included, until its server timeout strikes.",
  },
];

/** A longer wait than any timeout of SignalR is a mistake. */
const LONGEST_DELAY = 600_000;
const MOST_TIMES = 1000;

/** The fault, or what is in the way in a sentence. Pings are never met: only Silence holds them. */
export function faultOf(
  draft: FaultDraft,
  id: FaultId,
  connection: ConnectionId | undefined,
): Fault | { readonly obstacle: string } {
  if (!draft.isEverywhere && connection === undefined)
    return { obstacle: "There is no connection to choose." };
  const scope = draft.isEverywhere || connection === undefined ? { id } : { id, connection };
  const { kind, direction } = draft;
  if (kind === "silence") return { ...scope, kind };
  if (kind === "refuse") {
    const times = numberOf(draft.times);
    const isCount = Number.isInteger(times) && times >= 1 && times <= MOST_TIMES;
    return isCount ? { ...scope, kind, times } : { obstacle: "Attempts: a whole number from 1 to 1,000." };
  }
  const percent = numberOf(draft.share);
  if (!(percent > 0 && percent <= 100)) return { obstacle: "Share: above 0 and at most 100 %." };
  const target = draft.target.trim();
  const met = { direction, share: percent / 100, ...(target === "" ? {} : { target }) };
  if (kind === "drop") return { ...scope, kind, ...met };
  const delay = numberOf(draft.delay);
  if (!(delay >= 1 && delay <= LONGEST_DELAY)) return { obstacle: "Time: from 1 to 600,000 ms." };
  return { ...scope, kind, ...met, delay };
}

function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
