import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesBelow } from "../../core/build/build.ts";
import { packCore } from "../../core/build/pack.ts";
import { CORE, packageEntries, ROOT } from "../../core/build/paths.ts";

let folder: string;
let tarball: string;
let packed: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hubscope-tarball-"));
  tarball = await packCore(join(folder, "a"));
  const { code, said } = await run("tar", ["-xzf", tarball, "-C", folder]);
  if (code !== 0) throw new Error(said);
  packed = join(folder, "package");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

async function run(command: string, args: readonly string[]): Promise<Ended> {
  const started = spawn(command, args, { cwd: folder });
  let said = "";
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    started.on("error", reject).on("close", resolve);
  });
  return { code, said };
}

function linter(path: string, ...args: readonly string[]): Promise<Ended> {
  return run(process.execPath, [join(ROOT, "node_modules", path), ...args]);
}

function readJson(...path: readonly string[]): Record<string, unknown> {
  return JSON.parse(readFileSync(join(...path), "utf8")) as Record<string, unknown>;
}

describe("the packed tarball", () => {
  test("has the version of the root package.json, which nothing else in the repository repeats", () => {
    const { version } = readJson(ROOT, "package.json");
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(readJson(packed, "package.json")["version"]).toBe(version);
    expect(tarball.endsWith(`hubscope-${version}.tgz`)).toBe(true);
    const manifests = [join(CORE, "package.json"), join(ROOT, "manifest.json")];
    for (const file of manifests) expect(readJson(file)).not.toHaveProperty("version");
    const sources = [join(CORE, "src"), join(CORE, "build")].flatMap(filesBelow);
    const repeating = [...sources, join(CORE, "README.md")].filter((file) =>
      readFileSync(file, "utf8").includes(`"${version}"`),
    );
    expect(repeating).toEqual([]);
  });

  test("holds the modules with their declarations, the README and the licence, and nothing else", () => {
    expect(readdirSync(packed).sort()).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
    const files = filesBelow(join(packed, "dist")).map((file) => relative(packed, file).split(sep).join("/"));
    expect(files.filter((file) => !/\.(?:js|d\.ts)$/.test(file))).toEqual([]);
    const modules = files.filter((file) => file.endsWith(".js"));
    expect(files.filter((file) => file.endsWith(".d.ts")).sort()).toEqual(
      modules.map((file) => file.replace(/\.js$/, ".d.ts")).sort(),
    );
    for (const { module } of packageEntries()) expect(modules).toContain(`dist/${module}.js`);
    for (const file of files)
      expect(readFileSync(join(packed, file), "utf8"), file).not.toMatch(/(?:from |import\()"[^"]*\.ts"/);
  });

  test("needs no other package and runs no script when it is installed", () => {
    const manifest = readJson(packed, "package.json");
    for (const name of ["dependencies", "peerDependencies", "optionalDependencies", "scripts", "private"])
      expect(manifest).not.toHaveProperty(name);
    expect(manifest["sideEffects"]).toBe(false);
    expect(manifest["license"]).toBe(readJson(ROOT, "package.json")["license"]);
  });

  test("is the same to the byte when packed again", async () => {
    const hash = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
    const again = await packCore(join(folder, "b"));
    expect(hash(again)).toBe(hash(tarball));
  });

  test("publint --strict finds nothing", async () => {
    const { code, said } = await linter("publint/src/cli.js", "run", "--strict", tarball);
    expect(said).toContain("All good!");
    expect(code, said).toBe(0);
  });

  test("attw finds every type of every entry, for ES modules", async () => {
    const attw = "@arethetypeswrong/cli/dist/index.js";
    const { code, said } = await linter(attw, tarball, "--profile", "esm-only", "--no-color", "--no-emoji");
    expect(code, said).toBe(0);
    for (const { specifier } of packageEntries()) expect(said).toContain(`"${specifier}"`);
  });
});

describe("the repository", () => {
  test("resolves the package by relative path, not through node_modules", () => {
    const sources = ["core/src", "ui", "extension", "playground", "test"].flatMap((name) =>
      filesBelow(join(ROOT, name)).filter(
        (file) => /\.tsx?$/.test(file) && !/[\\/]node_modules[\\/]/.test(file),
      ),
    );
    const guilty = sources.filter((file) =>
      /^(?:import|export)[^;]*?\sfrom "hubscope(?:\/[^"]*)?"/m.test(code(file)),
    );
    expect(sources.length).toBeGreaterThan(100);
    expect(guilty).toEqual([]);
    expect(existsSync(join(ROOT, "test/package/conversation.js"))).toBe(true);
  });
});

/** Templates aside: the package's own tests write programs of consumers in them. */
function code(file: string): string {
  return readFileSync(file, "utf8").replace(/`(?:[^`\\]|\\.)*`/g, "``");
}
