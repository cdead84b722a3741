import type { PreferenceStore } from "../../ui/inspector/preferences.ts";

/** Widths and choices, kept in the extension's own storage for all panels. */
export function panelPreferences(storage: () => Storage): PreferenceStore {
  return {
    read(name) {
      try {
        return storage().getItem(name) ?? undefined;
      } catch {
        // Refused by the browser's settings: the panel is as useful without its memory.
        return undefined;
      }
    },
    write(name, value) {
      try {
        storage().setItem(name, value);
      } catch {
        // As above, or full.
      }
    },
  };
}
