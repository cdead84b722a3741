/**
 * `npm run pack:core`: leaves `dist/hubscope-<version>.tgz`, which is what is published. The version is that of the
 * root package.json, the only place that has it; it is written into the packed manifest.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildCore } from "./build.ts";
import { CORE, ROOT } from "./paths.ts";

/** Builds and packs into `destination`; the path of the tarball. */
export async function packCore(destination: string = join(ROOT, "dist")): Promise<string> {
  const stage = mkdtempSync(join(tmpdir(), "hubscope-pack-"));
  try {
    await buildCore(join(stage, "dist"));
    writeFileSync(join(stage, "package.json"), packedManifest());
    cpSync(join(CORE, "README.md"), join(stage, "README.md"));
    cpSync(join(ROOT, "LICENSE"), join(stage, "LICENSE"));
    mkdirSync(destination, { recursive: true });
    const { stdout } = await promisify(execFile)(
      "npm",
      ["pack", "--json", "--ignore-scripts", "--pack-destination", resolve(destination)],
      // A shell, because npm is a script on Windows.
      { cwd: stage, shell: process.platform === "win32" },
    );
    return join(resolve(destination), packedName(stdout));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function packedManifest(): string {
  const { name, ...rest } = readJson(join(CORE, "package.json"));
  const { version } = readJson(join(ROOT, "package.json"));
  return `${JSON.stringify({ name, version, ...rest }, null, 2)}\n`;
}

/** An array of packages, or since npm 12 an object keyed by their names. */
function packedName(json: string): string {
  const [packed] = Object.values(JSON.parse(json) as Record<string, { readonly filename: string }>);
  if (packed === undefined) throw new Error(`npm pack said nothing about a file: ${json}`);
  return packed.filename;
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  console.log(await packCore());
}
