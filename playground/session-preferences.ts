import type { PreferenceStore } from "../ui/inspector/preferences.ts";

const PREFIX = "hubscope.";

/** Kept until the tab is closed. Where storage is refused (cookies blocked, sandboxed frame) nothing is kept. */
export function sessionPreferences(openStorage: () => Storage): PreferenceStore {
  const attempt = <T>(action: (storage: Storage) => T): T | undefined => {
    try {
      return action(openStorage());
    } catch {
      // Refused or full: the page is as useful without its memory.
      return undefined;
    }
  };
  return {
    read: (name) => attempt((storage) => storage.getItem(PREFIX + name)) ?? undefined,
    write: (name, value) => {
      attempt((storage) => storage.setItem(PREFIX + name, value));
    },
  };
}
