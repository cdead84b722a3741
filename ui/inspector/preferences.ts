import { effect, type Signal, signal } from "@preact/signals";

/** Where widths and choices are kept between visits. The host decides where that is. */
export interface PreferenceStore {
  read(name: string): string | undefined;
  write(name: string, value: string): void;
}

/** Forgets all when the page goes. */
export function memoryPreferences(): PreferenceStore {
  const values = new Map<string, string>();
  return {
    read: (name) => values.get(name),
    write: (name, value) => {
      values.set(name, value);
    },
  };
}

/** A signal that starts with what was kept and keeps what it becomes. What was kept and makes no sense is ignored. */
export function keptSignal<T>(
  store: PreferenceStore,
  name: string,
  initial: T,
  isValid: (value: unknown) => value is T,
): Signal<T> {
  const kept = signal(readKept(store, name, initial, isValid));
  let first = true;
  effect(() => {
    const text = JSON.stringify(kept.value);
    if (!first) store.write(name, text);
    first = false;
  });
  return kept;
}

function readKept<T>(
  store: PreferenceStore,
  name: string,
  initial: T,
  isValid: (value: unknown) => value is T,
): T {
  const text = store.read(name);
  if (text === undefined) return initial;
  try {
    const value: unknown = JSON.parse(text);
    return isValid(value) ? value : initial;
  } catch {
    // Written by something else, or cut: the default is as good an answer as any.
    return initial;
  }
}

export const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);
export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
