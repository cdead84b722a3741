import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

export interface Bundle {
  readonly code: string;
  /** Bytes of the minified code, compressed at the level that servers use at most. */
  readonly gzip: number;
  /** Absolute paths of the modules that are in it. */
  readonly modules: readonly string[];
}

/** Bundles what the module text `source` needs, as an application in `folder` would; nothing of it stays in the folder. */
export async function bundle(folder: string, name: string, source: string): Promise<Bundle> {
  const input = join(folder, `${name}.entry.js`);
  writeFileSync(input, source);
  const built = await build({
    root: folder,
    configFile: false,
    envFile: false,
    publicDir: false,
    logLevel: "silent",
    build: {
      target: "es2022",
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: { input, preserveEntrySignatures: "strict", output: { codeSplitting: false } },
    },
  });
  const outputs = [built].flat().flatMap((result) => ("output" in result ? result.output : []));
  const [chunk, ...more] = outputs.flatMap((output) => (output.type === "chunk" ? [output] : []));
  if (chunk === undefined || more.length > 0) throw new Error(`${name} is not one module.`);
  return { code: chunk.code, gzip: gzipSync(chunk.code, { level: 9 }).length, modules: chunk.moduleIds };
}
