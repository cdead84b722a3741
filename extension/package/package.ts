/**
 * `npm run package`: builds both extensions and leaves in `dist/packages` what the stores take: one archive for each
 * kind of browser, and the source archive from which a reviewer builds the same. The same sources give the same bytes.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAll } from "../../playground/server/build.ts";
import { pathOf } from "../../vite.config.ts";
import { folderFiles } from "./folder-files.ts";
import { trackedFiles } from "./tracked-files.ts";
import { zipEntries } from "./zip.ts";

export interface Package {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The archives of what was built into `dist`; without the source archive where there is no git repository. */
export async function packagesOf(dist: string): Promise<readonly Package[]> {
  const { version } = JSON.parse(await readFile(pathOf("package.json"), "utf8")) as { version: string };
  const archive = async (kind: string, entries: Parameters<typeof zipEntries>[0]): Promise<Package> => ({
    name: `hubscope-${kind}-${version}.zip`,
    bytes: zipEntries(entries),
  });
  const source = await trackedFiles(pathOf(""));
  return Promise.all([
    archive("chrome", await folderFiles(join(dist, "extension-chrome"))),
    archive("firefox", await folderFiles(join(dist, "extension-firefox"))),
    ...(source === undefined ? [] : [archive("source", source)]),
  ]);
}

/** Writes the packages into an empty `folder`; their paths. */
export async function writePackages(
  folder: string,
  packages: readonly Package[],
): Promise<readonly string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return Promise.all(
    packages.map(async ({ name, bytes }) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    }),
  );
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const dist = pathOf("dist");
  await buildAll(dist);
  const packages = await packagesOf(dist);
  const paths = await writePackages(join(dist, "packages"), packages);
  for (const [at, { bytes }] of packages.entries()) {
    const digest = createHash("sha256").update(bytes).digest("hex");
    console.log(`${relative(process.cwd(), paths[at] ?? "")}  ${bytes.length} bytes  sha256 ${digest}`);
  }
  if (packages.length < 3)
    console.log("There is no git repository here, so the source archive was left out.");
}
