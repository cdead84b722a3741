import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

export interface StaticFile {
  readonly type: string;
  readonly content: Buffer;
}

/** A file inside `folder`; undefined for whatever is not one, and for every path that leads out of it. */
export async function staticFile(folder: string, path: string): Promise<StaticFile | undefined> {
  const file = fileIn(folder, path);
  const type = file === undefined ? undefined : TYPES[extname(file)];
  if (file === undefined || type === undefined) return undefined;
  try {
    return { type, content: await readFile(file) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** `path` is the decoded path of a URL; a folder's own file is index.html. */
function fileIn(folder: string, path: string): string | undefined {
  if (path.includes("\0") || path.includes("\\")) return undefined;
  const root = normalize(folder + sep);
  const file = join(root, path.endsWith("/") ? `${path}index.html` : path);
  return file.startsWith(root) ? file : undefined;
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR" || code === "ENAMETOOLONG";
}
