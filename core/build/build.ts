/**
 * `npm run build:core`: JavaScript modules and declarations of the package into `core/dist`.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CORE, ROOT } from "./paths.ts";

const RELATIVE_TS = /(\bfrom |\bimport\(|^import )"(\.{1,2}\/[^"]+)\.ts"/gm;

/** Empties `folder` and builds into it. Rejects with what the compiler said. */
export async function buildCore(folder: string = join(CORE, "dist")): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await compile(["-p", join(CORE, "tsconfig.build.json"), "--outDir", folder]);
  for (const file of filesBelow(folder)) if (file.endsWith(".d.ts")) nameModulesInDeclarations(file);
}

/** The compiler rewrites `./x.ts` to `./x.js` in JavaScript but not in declarations, where older resolvers stumble. */
function nameModulesInDeclarations(file: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replace(RELATIVE_TS, '$1"$2.js"'));
}

async function compile(options: readonly string[]): Promise<void> {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  try {
    await promisify(execFile)(process.execPath, [compiler, ...options], { cwd: ROOT });
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    throw new Error(stdout === undefined || stdout === "" ? String(error) : stdout, { cause: error });
  }
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name);
    return item.isDirectory() ? filesBelow(path) : [path];
  });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildCore();
}
