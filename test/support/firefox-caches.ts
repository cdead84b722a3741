import { cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * What Firefox compiles of its own scripts when it starts with an empty profile, and writes down when it ends. With it in the
 * next empty profile a start costs a third less. Nothing of a user's is in it; without the second, Firefox takes the first
 * for another version's and throws it away.
 */
const PARTS = ["startupCache", "compatibility.ini"];

const FOLDER = fileURLToPath(new URL("../../node_modules/.cache/firefox-caches", import.meta.url));

/** One folder for each version that is installed. */
function folderFor(firefox: string): string {
  const path = realpathSync(firefox);
  return join(FOLDER, `${path.replaceAll(/\W+/g, "-")}-${Math.round(statSync(path).mtimeMs)}`);
}

export function hasCaches(firefox: string): boolean {
  return existsSync(folderFor(firefox));
}

/** Puts into an empty profile what an earlier one has left, if there was one. */
export function useCaches(firefox: string, profile: string): void {
  const folder = folderFor(firefox);
  if (existsSync(folder)) cpSync(folder, profile, { recursive: true });
}

/** Keeps the caches of a profile whose Firefox has ended by itself. */
export function keepCaches(firefox: string, profile: string): void {
  const folder = folderFor(firefox);
  // Complete before it has its name: another process may look for it at this moment.
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  for (const part of PARTS.filter((name) => existsSync(join(profile, name))))
    cpSync(join(profile, part), join(draft, part), { recursive: true });
  if (existsSync(folder)) rmSync(draft, { recursive: true, force: true });
  else renameSync(draft, folder);
}
