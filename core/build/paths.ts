import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const CORE: string = fileURLToPath(new URL("..", import.meta.url));
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** An entry of the package: what an embedder writes, and the module it stands for. */
export interface PackageEntry {
  /** As `exports` names it: `.`, `./wire`. */
  readonly subpath: string;
  /** As an import names it: `hubscope`, `hubscope/wire`. */
  readonly specifier: string;
  /** Path below `src` and `dist`, without ending: `wire/index`. */
  readonly module: string;
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

/** The entries, from the one place that lists them: `exports` of `core/package.json`. */
export function packageEntries(): readonly PackageEntry[] {
  const { exports } = JSON.parse(readFileSync(join(CORE, "package.json"), "utf8")) as Manifest;
  return Object.entries(exports).flatMap(([subpath, target]) => {
    if (typeof target === "string") return [];
    const module = target.default.replace(/^\.\/dist\//, "").replace(/\.js$/, "");
    return [{ subpath, specifier: `hubscope${subpath.slice(1)}`, module }];
  });
}
