import { execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packCore } from "../../core/build/pack.ts";
import { ROOT } from "../../core/build/paths.ts";

/** A project of its own, outside the repository, in which the packed package is the only dependency. */
export interface EmptyProject {
  readonly folder: string;
  readonly tarball: string;
  write(file: string, text: string): void;
  /** Runs a file of the project in Node; what it printed, by line. Rejects when it fails. */
  runNode(file: string): Promise<readonly string[]>;
  /** Compiles the files strictly, declarations of the package included, into `folder/out`. Resolves to the faults. */
  compile(files: readonly string[], options: Readonly<Record<string, unknown>>): Promise<string>;
  remove(): void;
}

export async function installPackage(): Promise<EmptyProject> {
  const folder = mkdtempSync(join(tmpdir(), "hubscope-consumer-"));
  try {
    const tarball = await packCore(join(folder, "packed"));
    const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
    write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
    await promisify(execFile)("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], {
      cwd: folder,
      shell: process.platform === "win32",
    });
    provideNodeTypes(folder);
    return {
      folder,
      tarball,
      write,
      runNode: (file) => runNode(folder, file),
      compile: (files, options) => compile(folder, files, options),
      remove: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The tests may not need the network: the types of Node come from the repository. */
function provideNodeTypes(folder: string): void {
  const types = "node_modules/@types/node";
  mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
  for (const path of [types, "node_modules/undici-types"])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
}

async function runNode(folder: string, file: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder, timeout: 15_000 });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}

async function compile(
  folder: string,
  files: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<string> {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    target: "ES2022",
    types: [],
    rootDir: ".",
    outDir: "out",
    ...options,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  const compiling = spawn(process.execPath, [compiler, "-p", "."], { cwd: folder });
  let said = "";
  for (const stream of [compiling.stdout, compiling.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const code = await new Promise<number | null>((resolve) => compiling.on("close", resolve));
  return code === 0 || said !== "" ? said : `The compiler ended with ${code}.`;
}
