import { computed, type ReadonlySignal } from "@preact/signals";

/** Computed anew whenever `change` changes: for what is read from plain data that grows beside the signals. */
export function recomputed<T>(change: ReadonlySignal<unknown>, compute: () => T): ReadonlySignal<T> {
  return computed(() => {
    void change.value;
    return compute();
  });
}
