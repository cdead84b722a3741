import type { Milliseconds } from "../../core/src/capture-event.ts";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import type { CallKind } from "../composer/composer-model.ts";

/** One call that the user made, and what came of it. Replaced, never mutated, when it changes. */
export interface Run {
  /** From 1. */
  readonly number: number;
  readonly kind: CallKind;
  readonly target: string;
  readonly startedAt: Milliseconds;
  readonly state: RunState;
  /** Present for streams from their first item on, and kept when they end. */
  readonly stream?: StreamProgress;
}

export type RunState =
  | { readonly kind: "waiting" }
  /** `value` undefined: the completion carried no result. */
  | { readonly kind: "answered"; readonly value: WireValue; readonly took: Milliseconds }
  | { readonly kind: "sent"; readonly took: Milliseconds }
  | { readonly kind: "ended"; readonly took: Milliseconds }
  | { readonly kind: "cancelled"; readonly took: Milliseconds }
  | { readonly kind: "failed"; readonly message: string; readonly took: Milliseconds };

export interface StreamProgress {
  readonly count: number;
  /** Items a second, over the last seconds. */
  readonly rate: number;
  /** The last of them, oldest first. */
  readonly items: readonly StreamedItem[];
  /** The last numbers of the items, oldest first; empty where they have none. */
  readonly numbers: readonly number[];
}

export interface StreamedItem {
  /** From 1. */
  readonly number: number;
  readonly value: WireValue;
}
