import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WPT_PATTERNS } from "./hosts.ts";

interface Manifest {
  content_scripts: { matches: readonly string[] }[];
  host_permissions: readonly string[];
}

/**
 * A copy of the built extension that may read web-platform-tests from the start, as it may read loopback, and whose user
 * has chosen to record all sockets and streams. `hook` takes the place of its page hook.
 */
export function copyExtension(built: string, folder: string, hook: string | undefined): void {
  cpSync(built, folder, { recursive: true });
  const file = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  for (const script of manifest.content_scripts) script.matches = [...script.matches, ...WPT_PATTERNS];
  manifest.host_permissions = [...manifest.host_permissions, ...WPT_PATTERNS];
  writeFileSync(file, JSON.stringify(manifest));
  if (hook !== undefined) writeFileSync(join(folder, "page.js"), hook);
  const background = join(folder, "background.js");
  const choice = '(globalThis.browser ?? chrome).storage.local.set({ "other-traffic": true });\n';
  writeFileSync(background, choice + readFileSync(background, "utf8"));
}
