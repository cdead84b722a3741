import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../core/build/paths.ts";

/** What the compiler cannot do without; everything else that a module names must then come from the platform. */
const LANGUAGE = ["Array<T>", "ReadonlyArray<T>", "Boolean", "Number", "Object", "RegExp", "String"]
  .concat(["Function", "CallableFunction", "NewableFunction", "IArguments", "TemplateStringsArray"])
  .map((name) => `interface ${name} {}`)
  .join("\n");

/**
 * The names that JavaScript modules use and nobody declares, by file: found by compiling them against an empty
 * platform, so that scopes, `typeof` and shadowing are judged by the compiler. A name in {@link LANGUAGE} is not listed.
 */
export function freeNames(files: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const folder = mkdtempSync(join(tmpdir(), "hubscope-names-"));
  try {
    writeFileSync(join(folder, "language.d.ts"), LANGUAGE);
    const compilerOptions = {
      ...{ allowJs: true, checkJs: true, noLib: true, noEmit: true, strict: false, types: [] },
      ...{ target: "ES2022", module: "ESNext", moduleResolution: "bundler" },
    };
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["language.d.ts", ...files] }),
    );
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      cwd: folder,
    });
    const names = new Map<string, Set<string>>();
    for (const [, file = "", name = ""] of stdout.matchAll(
      /^(.+?)\(\d+,\d+\): error TS\d+: Cannot find name '([^']+)'/gm,
    )) {
      // An import is resolved to the declarations beside the module, which are not what runs.
      if (file.endsWith(".d.ts")) continue;
      const found = names.get(file) ?? new Set();
      names.set(file, found.add(name));
    }
    return names;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
