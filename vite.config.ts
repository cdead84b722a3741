/**
 * Builds the playground (`--mode playground`) and the extension (`playground/server/build.ts` puts its parts
 * together). Nothing is minified: reviewers of the stores read what users run.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type InlineConfig, type UserConfig } from "vite";

export type ExtensionTarget = "chrome" | "firefox";

/** Scripts that the browser loads by name, each one classic file. */
export type ExtensionScript = "page" | "once" | "relay" | "background";

/** "once" is the page hook for one load of a page that the extension may not read. */
const SCRIPT_ENTRIES: Readonly<Record<ExtensionScript, string>> = {
  page: "extension/page/main.ts",
  once: "extension/page/once.ts",
  relay: "extension/relay/main.ts",
  background: "extension/background/main.ts",
};

const ROOT = fileURLToPath(new URL(".", import.meta.url));

export function pathOf(name: string): string {
  return `${ROOT}${name}`;
}

const shared = {
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  // The same bytes whatever NODE_ENV says: its "development" would write this machine's paths into the build.
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  // Scripts name the modules that they are made of: a linked node_modules must not bring its real place into them.
  resolve: { preserveSymlinks: true },
} satisfies InlineConfig;

const output = {
  target: ["chrome120", "firefox140"],
  minify: false,
  sourcemap: false,
  modulePreload: false,
  reportCompressedSize: false,
} satisfies InlineConfig["build"];

/** Works from any static host under any path. */
export function playgroundConfig(outDir: string = pathOf("dist/playground")): InlineConfig {
  return {
    ...shared,
    root: pathOf("playground"),
    base: "./",
    build: { ...output, target: "es2022", outDir, emptyOutDir: true },
  };
}

/** The extension's pages. `pages` maps a page's name in the extension to its HTML file here. */
export function extensionPagesConfig(outDir: string, pages: Readonly<Record<string, string>>): InlineConfig {
  return {
    ...shared,
    root: ROOT,
    base: "/",
    build: {
      ...output,
      outDir,
      emptyOutDir: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(pages).map(([name, html]) => [name, pathOf(html)])),
      },
    },
  };
}

/** One script without imports: content scripts cannot be modules. */
export function extensionScriptConfig(outDir: string, script: ExtensionScript): InlineConfig {
  return {
    ...shared,
    root: ROOT,
    build: {
      ...output,
      outDir,
      emptyOutDir: false,
      lib: {
        entry: pathOf(SCRIPT_ENTRIES[script]),
        name: "hubscope",
        formats: ["iife"],
        fileName: () => `${script}.js`,
      },
    },
  };
}

/** `manifest.json` is Chrome's, without a version; Firefox's is derived. */
export function extensionManifest(target: ExtensionTarget): Readonly<Record<string, unknown>> {
  const { version } = readJson("package.json");
  const { manifest_version, name, ...rest } = readJson("manifest.json");
  const chrome = { manifest_version, name, version, ...rest };
  if (target === "chrome") return chrome;
  const { minimum_chrome_version: _chromeOnly, message_serialization: _always, ...common } = rest;
  return {
    manifest_version,
    name,
    version,
    ...common,
    background: { scripts: ["background.js"] },
    browser_specific_settings: {
      gecko: {
        // A name for AMO and for storage, for ever. No address: that would claim a domain which nobody has registered.
        id: "{91cbffbd-b2d8-4ba8-aebd-060347b765ef}",
        strict_min_version: "140.0",
        data_collection_permissions: { required: ["none"] },
      },
    },
  };
}

function readJson(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(pathOf(name), "utf8")) as Record<string, unknown>;
}

export default defineConfig(({ mode }): UserConfig => {
  if (mode === "playground" || mode === "production") {
    const { configFile: _own, logLevel: _plain, ...config } = playgroundConfig();
    return config;
  }
  throw new Error(`There is no mode "${mode}" here: the extension is built by npm run build.`);
});
