import { type AsyncZippable, zipSync } from "fflate";

export interface ZipEntry {
  /** Path in the archive, with slashes. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable?: boolean;
}

/** The oldest time that a ZIP file can hold, noon so that no time zone changes the day. */
const FIXED_TIME = "1980-01-01T12:00:00";
const UNIX = 3;

/**
 * The same entries give the same bytes on every machine: order, times and modes are fixed, and the compressor is a
 * library of one version rather than the platform's zlib.
 */
export function zipEntries(entries: readonly ZipEntry[]): Uint8Array {
  const files: AsyncZippable = {};
  for (const { path, content, executable = false } of entries.toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  )) {
    if (Object.hasOwn(files, path)) throw new Error(`Two entries are called ${path}.`);
    const mode = executable ? 0o100755 : 0o100644;
    files[path] = [content, { level: 9, mtime: FIXED_TIME, os: UNIX, attrs: (mode << 16) >>> 0 }];
  }
  return zipSync(files);
}
