/**
 * `npm run build`: leaves `dist/playground`, `dist/extension-chrome` and `dist/extension-firefox`.
 *
 * @module
 */
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import {
  type ExtensionScript,
  type ExtensionTarget,
  extensionManifest,
  extensionPagesConfig,
  extensionScriptConfig,
  pathOf,
  playgroundConfig,
} from "../../vite.config.ts";

const SCRIPTS: readonly ExtensionScript[] = ["page", "once", "relay", "background"];
const PAGES: Readonly<Record<string, string>> = {
  devtools: "extension/devtools/devtools.html",
  panel: "extension/panel/panel.html",
  grant: "extension/panel/grant.html",
  options: "extension/options/options.html",
  playground: "playground/index.html",
};

export function extensionFolder(target: ExtensionTarget, dist: string = pathOf("dist")): string {
  return join(dist, `extension-${target}`);
}

/** Builds everything into `dist`; the two extensions differ in their manifests only. */
export async function buildAll(dist: string = pathOf("dist")): Promise<void> {
  await Promise.all([buildPlayground(dist), buildExtension("chrome", extensionFolder("chrome", dist))]);
  await copyExtension(extensionFolder("chrome", dist), extensionFolder("firefox", dist), "firefox");
}

export async function buildPlayground(dist: string = pathOf("dist")): Promise<void> {
  await build(playgroundConfig(join(dist, "playground")));
}

export async function buildExtension(
  target: ExtensionTarget,
  folder: string = extensionFolder(target),
): Promise<void> {
  await emptyFolder(folder);
  await Promise.all([
    buildPages(folder),
    ...SCRIPTS.map((script) => build(extensionScriptConfig(folder, script))),
    cp(pathOf("extension/icons"), join(folder, "icons"), { recursive: true }),
  ]);
  await writeManifest(folder, target);
}

async function buildPages(folder: string): Promise<void> {
  await build(extensionPagesConfig(folder, PAGES));
  // Vite keeps the path of an HTML file; in the extension each page lies at the root.
  for (const [name, html] of Object.entries(PAGES)) {
    await rename(join(folder, html), join(folder, `${name}.html`));
  }
  for (const left of ["extension", "playground"])
    await rm(join(folder, left), { recursive: true, force: true });
}

async function copyExtension(from: string, to: string, target: ExtensionTarget): Promise<void> {
  await emptyFolder(to);
  await cp(from, to, { recursive: true });
  await writeManifest(to, target);
}

async function writeManifest(folder: string, target: ExtensionTarget): Promise<void> {
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify(extensionManifest(target), null, 2)}\n`);
}

async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  await buildAll();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const folders = [pathOf("dist/playground"), extensionFolder("chrome"), extensionFolder("firefox")];
  console.log(`Built in ${seconds} s:`);
  for (const folder of folders) console.log(`  ${relative(process.cwd(), folder)}`);
}
