import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ThrowAwayProfile {
  readonly folder: string;
  remove(): void;
}

const present = new Set<ThrowAwayProfile>();

process.once("exit", () => {
  for (const profile of present) profile.remove();
});

/** An empty folder for a browser, which does not outlive this process. Remove it when the browser has ended. */
export function createProfile(browser: string): ThrowAwayProfile {
  const folder = mkdtempSync(join(tmpdir(), `hubscope-${browser}-`));
  const profile = {
    folder,
    remove: () => {
      present.delete(profile);
      // A browser's helper processes may still be writing.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
  present.add(profile);
  return profile;
}
