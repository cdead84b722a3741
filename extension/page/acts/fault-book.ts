import type { Direction } from "../../../core/src/wire/payload.ts";
import type { CarrierId, MessagePageFault, PageFault, RefusePageFault } from "../../channel/acts.ts";
import { createKeyedStore, isAmong } from "../lists.ts";
import { startsText } from "../text-natives.ts";
import { hubPath } from "../url-parts.ts";
import { isSpared, type Piece } from "./pieces.ts";

/** What is broken now in this document, and how often each fault has struck. */
export interface FaultBook {
  readonly isEmpty: boolean;
  replace(faults: readonly PageFault[]): void;
  isActive(fault: string): boolean;
  /** The first fault that meets this piece; its share is drawn. */
  meets(
    carrier: CarrierId,
    direction: Direction,
    piece: Piece,
    targets: readonly string[],
  ): MessagePageFault | undefined;
  /** The fault that silences this carrier. */
  silenced(carrier: CarrierId): string | undefined;
  strike(fault: string): void;
  /** An attempt to open a transport at `url`: true when it must fail, which is a strike. */
  refuses(url: string, isKnown: boolean): boolean;
}

export interface FaultBookOptions {
  readonly random: () => number;
  /** `count`: in all, in this document. */
  readonly struck: (fault: string, count: number) => void;
}

export function createFaultBook({ random, struck }: FaultBookOptions): FaultBook {
  let faults: readonly PageFault[] = [];
  const strikes = createKeyedStore<number>();

  function strike(fault: string): void {
    const count = (strikes.find(fault) ?? 0) + 1;
    strikes.put(fault, count);
    struck(fault, count);
  }

  function isActive(id: string): boolean {
    for (let at = 0; at < faults.length; at++) if (faults[at]?.id === id) return true;
    return false;
  }

  return {
    get isEmpty() {
      return faults.length === 0;
    },
    replace(next) {
      faults = next;
      // One that is brought back begins anew.
      const known = strikes.entries();
      for (let at = 0; at < known.length; at++) {
        const id = known[at]?.key;
        if (id !== undefined && !isActive(id)) strikes.forget(id);
      }
    },
    isActive,
    meets(carrier, direction, piece, targets) {
      if (isSpared(piece)) return undefined;
      for (let at = 0; at < faults.length; at++) {
        const fault = faults[at];
        if (fault === undefined || fault.kind === "silence" || fault.kind === "refuse") continue;
        if (fault.direction !== direction || !isFor(fault.carriers, carrier)) continue;
        if (!isAbout(targets, fault.target) || (fault.share < 1 && random() >= fault.share)) continue;
        return fault;
      }
      return undefined;
    },
    silenced(carrier) {
      for (let at = 0; at < faults.length; at++) {
        const fault = faults[at];
        if (fault?.kind === "silence" && isFor(fault.carriers, carrier)) return fault.id;
      }
      return undefined;
    },
    strike,
    refuses(url, isKnown) {
      for (let at = 0; at < faults.length; at++) {
        const fault = faults[at];
        if (fault?.kind !== "refuse" || !isMeant(fault, url, isKnown)) continue;
        if (fault.elsewhere + (strikes.find(fault.id) ?? 0) >= fault.times) continue;
        strike(fault.id);
        return true;
      }
      return false;
    },
  };
}

function isMeant({ hub, known }: RefusePageFault, url: string, isKnown: boolean): boolean {
  if (hub !== undefined) return isAtHub(url, hub);
  if (isKnown) return true;
  for (let at = 0; at < known.length; at++) if (isAtHub(url, known[at] ?? "")) return true;
  return false;
}

function isFor(carriers: readonly CarrierId[] | undefined, carrier: CarrierId): boolean {
  return carriers === undefined || isAmong(carriers, carrier);
}

function isAbout(targets: readonly string[], target: string | undefined): boolean {
  return target === undefined || isAmong(targets, target);
}

/** The hub itself, its negotiate, and what classic SignalR has below it. */
function isAtHub(url: string, hub: string): boolean {
  const attempted = hubPath(url);
  const wanted = hubPath(hub);
  return attempted === wanted || startsText(attempted, `${wanted}/`);
}
