import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { safeLines } from "../../value/safe-text.ts";

/** Text as it was on the wire, a piece of it at first where it is long. */
export interface RawTextModel {
  readonly shown: ReadonlySignal<string>;
  readonly isCut: ReadonlySignal<boolean>;
  readonly length: number;
  showAll(): void;
}

const AT_FIRST = 50_000;

export function createRawTextModel(text: string): RawTextModel {
  const all = signal(false);
  const isCut = computed(() => !all.value && text.length > AT_FIRST);
  return {
    shown: computed(() => safeLines(isCut.value ? text.slice(0, AT_FIRST) : text)),
    isCut,
    length: text.length,
    showAll: () => {
      all.value = true;
    },
  };
}
