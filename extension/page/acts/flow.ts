import type { Milliseconds } from "../../../core/src/capture-event.ts";
import { append, changed } from "../lists.ts";
import { quietly } from "../quietly.ts";
import type { Piece } from "./pieces.ts";

/**
 * One direction of one carrier: what is held back, in wire order. A delayed piece never overtakes another delayed one;
 * nothing at all comes out while `isSilenced`.
 */
export interface Flow {
  readonly isEmpty: boolean;
  /** A piece waits to be overtaken by the next one. */
  readonly waitsForNext: boolean;
  /** `delay`: absent for what waits until its fault is gone. */
  hold(piece: Piece, fault: string, how: "delay" | "reorder" | "silence", delay?: Milliseconds): void;
  /** The next piece has passed: those that waited for it follow now, in their order. */
  takeOvertaken(): readonly Piece[];
  /** Delivers, in order, what nothing holds any more. */
  release(isActive: (fault: string) => boolean): void;
  /** Delivers everything, in order. */
  releaseAll(): void;
  /** Nobody is there to get it. */
  discard(): void;
}

export interface FlowOptions {
  readonly after: (delay: Milliseconds, action: () => void) => () => void;
  readonly deliver: (piece: Piece) => void;
  readonly isSilenced: () => boolean;
}

interface Held {
  readonly piece: Piece;
  readonly fault: string;
  readonly how: "delay" | "reorder" | "silence";
  isDue: boolean;
  cancel: () => void;
}

export function createFlow({ after, deliver, isSilenced }: FlowOptions): Flow {
  let held: Held[] = [];

  /** Takes what `goes` says out of the list, and returns it. */
  function take(goes: (entry: Held) => boolean): readonly Held[] {
    const taken: Held[] = [];
    const kept: Held[] = [];
    for (let at = 0; at < held.length; at++) {
      const entry = held[at];
      if (entry !== undefined) append(goes(entry) ? taken : kept, entry);
    }
    held = kept;
    for (let at = 0; at < taken.length; at++) taken[at]?.cancel();
    return taken;
  }

  function deliverAll(taken: readonly Held[]): void {
    for (let at = 0; at < taken.length; at++) {
      const entry = taken[at];
      // Each by itself: what one of them costs must not cost the others.
      if (entry !== undefined) quietly(() => deliver(entry.piece));
    }
  }

  /** Those that are due and have no delayed piece before them that is not. */
  function releaseDue(): void {
    if (isSilenced()) return;
    let isBehind = false;
    deliverAll(
      take((entry) => {
        if (entry.how === "delay") isBehind ||= !entry.isDue;
        return entry.isDue && (entry.how !== "delay" || !isBehind);
      }),
    );
  }

  return {
    get isEmpty() {
      return held.length === 0;
    },
    get waitsForNext() {
      for (let at = 0; at < held.length; at++) if (held[at]?.how === "reorder") return !isSilenced();
      return false;
    },
    hold(piece, fault, how, delay) {
      const entry: Held = { piece, fault, how, isDue: false, cancel() {} };
      append(held, entry);
      if (delay === undefined) return;
      entry.cancel = after(delay, () => {
        entry.isDue = true;
        releaseDue();
      });
    },
    takeOvertaken: () =>
      changed(
        take(({ how }) => how === "reorder"),
        ({ piece }) => piece,
      ),
    release(isActive) {
      if (isSilenced()) return;
      deliverAll(take(({ fault, how, isDue }) => isDue || how === "silence" || !isActive(fault)));
    },
    releaseAll() {
      deliverAll(take(() => true));
    },
    discard() {
      take(() => true);
    },
  };
}
