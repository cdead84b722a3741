import type { Direction } from "../../../core/src/wire/payload.ts";
import { createKeyedStore, type KeyedStore } from "../lists.ts";
import type { Piece } from "./pieces.ts";

/**
 * What pieces are about, while faults ask: a reply has no target of its own, it is about what was called. Calls that
 * were made before anything was broken are not known.
 */
export interface OpenCalls {
  /** Its own targets, or the one of the call that it belongs to. */
  targetsOf(piece: Piece, direction: Direction): readonly string[];
  clear(): void;
}

const INVOCATION = 1;
const STREAM_ITEM = 2;
const COMPLETION = 3;
const STREAM_INVOCATION = 4;
const CANCEL = 5;

/** A bound against calls that are never answered. */
const MOST_OPEN = 10_000;
const NONE: readonly string[] = [];

export function createOpenCalls(): OpenCalls {
  const open: Readonly<Record<Direction, KeyedStore<string>>> = {
    out: createKeyedStore(),
    in: createKeyedStore(),
  };

  return {
    targetsOf({ record }, direction) {
      if (record === undefined) return NONE;
      const { type, targets, invocationId } = record;
      if (invocationId === undefined) return targets;
      const caller = type === CANCEL ? direction : direction === "in" ? "out" : "in";
      switch (type) {
        case INVOCATION:
        case STREAM_INVOCATION: {
          const target = targets.length > 0 ? targets[0] : undefined;
          const calls = open[direction];
          if (target !== undefined) calls.put(invocationId, target);
          if (calls.size > MOST_OPEN) calls.forgetOldest();
          return targets;
        }
        case STREAM_ITEM:
        case COMPLETION:
        case CANCEL: {
          const target = open[caller].find(invocationId);
          if (type === COMPLETION) open[caller].forget(invocationId);
          return target === undefined ? targets : [target];
        }
        default:
          return targets;
      }
    },
    clear() {
      open.in.forgetAll();
      open.out.forgetAll();
    },
  };
}
