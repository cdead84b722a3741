import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ZipEntry } from "./zip.ts";

const EXECUTABLE = "100755";
const LINK = "120000";

/** What git tracks in `root`, as it lies there now. Undefined where there is no git repository: an unpacked source archive. */
export async function trackedFiles(root: string): Promise<readonly ZipEntry[] | undefined> {
  if (!existsSync(join(root, ".git"))) return undefined;
  const { stdout } = await promisify(execFile)("git", ["ls-files", "-s", "-z"], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  return Promise.all(stdout.split("\0").filter(Boolean).map(read));

  async function read(line: string): Promise<ZipEntry> {
    // MODE OBJECT STAGE<TAB>PATH
    const mode = line.slice(0, 6);
    const path = line.slice(line.indexOf("\t") + 1);
    if (mode === LINK)
      throw new Error(`${path} is a link, which a source archive cannot hold on every system.`);
    return { path, content: await readFile(join(root, path)), executable: mode === EXECUTABLE };
  }
}
