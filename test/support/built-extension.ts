import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { buildAll, extensionFolder } from "../../playground/server/build.ts";
import type { ExtensionTarget } from "../../vite.config.ts";

export interface BuiltExtensions {
  folder(target: ExtensionTarget): string;
  manifest(target: ExtensionTarget): Readonly<Record<string, unknown>>;
  /** Text files of the extension: path and text. */
  texts(target: ExtensionTarget): readonly (readonly [path: string, text: string])[];
  remove(): void;
}

/** Both extensions, built from the sources as they are now into a folder of their own. */
export async function buildExtensions(): Promise<BuiltExtensions> {
  const dist = mkdtempSync(join(tmpdir(), "hubscope-built-"));
  await buildAll(dist);
  const folder = (target: ExtensionTarget) => extensionFolder(target, dist);
  return {
    folder,
    manifest: (target) => JSON.parse(readFileSync(join(folder(target), "manifest.json"), "utf8")),
    texts: (target) =>
      readdirSync(folder(target), { recursive: true, withFileTypes: true })
        .filter((item) => item.isFile() && /\.(?:js|html|css|json)$/.test(item.name))
        .map((item) => {
          const path = join(item.parentPath, item.name);
          return [relative(folder(target), path).split(sep).join("/"), readFileSync(path, "utf8")] as const;
        }),
    remove: () => rmSync(dist, { recursive: true, force: true, maxRetries: 5 }),
  };
}
