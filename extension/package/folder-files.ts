import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { ZipEntry } from "./zip.ts";

/** All files below `folder`. */
export async function folderFiles(folder: string): Promise<readonly ZipEntry[]> {
  const items = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    items
      .filter((item) => item.isFile())
      .map(async (item) => {
        const file = join(item.parentPath, item.name);
        return { path: relative(folder, file).split(sep).join("/"), content: await readFile(file) };
      }),
  );
}
