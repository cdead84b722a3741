import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Where the build leaves the extension. */
export const EXTENSION_FOLDERS = {
  chromium: process.env["HUBSCOPE_EXTENSION_CHROMIUM"] ?? join(ROOT, "dist", "extension-chrome"),
  firefox: process.env["HUBSCOPE_EXTENSION_FIREFOX"] ?? join(ROOT, "dist", "extension-firefox"),
} as const;

/** The folder that a test named, else the built one. */
export function folderOf(browser: keyof typeof EXTENSION_FOLDERS, named: boolean | string = true): string {
  return typeof named === "string" ? named : EXTENSION_FOLDERS[browser];
}

export function firefoxExtensionId(): string {
  const manifest = JSON.parse(readFileSync(join(EXTENSION_FOLDERS.firefox, "manifest.json"), "utf8")) as {
    browser_specific_settings?: { gecko?: { id?: string } };
  };
  const id = manifest.browser_specific_settings?.gecko?.id;
  if (id === undefined) throw new Error("The Firefox build has no extension id in its manifest.");
  return id;
}
