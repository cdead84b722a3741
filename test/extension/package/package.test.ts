import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Package, packagesOf, writePackages } from "../../../extension/package/package.ts";
import { zipEntries } from "../../../extension/package/zip.ts";
import { buildAll } from "../../../playground/server/build.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const bytes = (text: string) => new TextEncoder().encode(text);

describe("an archive", () => {
  const entries = [
    { path: "b.txt", content: bytes("two") },
    { path: "a/x.sh", content: bytes("one"), executable: true },
  ];

  test("does not depend on the order in which files are found", () => {
    expect(zipEntries(entries.toReversed())).toEqual(zipEntries(entries));
  });

  test("does not depend on the time zone", () => {
    const before = process.env["TZ"];
    try {
      const archives = ["Pacific/Kiritimati", "Pacific/Pago_Pago"].map((zone) => {
        process.env["TZ"] = zone;
        return zipEntries(entries);
      });
      expect(archives[0]).toEqual(archives[1]);
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });

  test("gives back what went in", () => {
    expect(unzipSync(zipEntries(entries))).toEqual({ "a/x.sh": bytes("one"), "b.txt": bytes("two") });
  });

  test("has no name twice", () => {
    expect(() => zipEntries([...entries, { path: "b.txt", content: bytes("three") }])).toThrow("b.txt");
  });
});

describe("the packages", () => {
  const folder = mkdtempSync(join(tmpdir(), "hubscope-packages-"));
  let packages: readonly Package[];
  const named = (kind: string): Package => {
    const found = packages.find(({ name }) => name.startsWith(`hubscope-${kind}-`));
    if (found === undefined)
      throw new Error(`There is no ${kind} package among ${packages.map(({ name }) => name)}.`);
    return found;
  };

  beforeAll(async () => {
    await buildAll(join(folder, "first"));
    packages = await packagesOf(join(folder, "first"));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  test("are named by kind and version, and the manifest lies at the root of what a browser loads", async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(packages.map(({ name }) => name)).toEqual(
      ["chrome", "firefox", "source"].map((kind) => `hubscope-${kind}-${version}.zip`),
    );
    for (const kind of ["chrome", "firefox"]) {
      const manifest = unzipSync(named(kind).bytes)["manifest.json"];
      expect(JSON.parse(new TextDecoder().decode(manifest))).toMatchObject({ manifest_version: 3, version });
    }
    const paths = await writePackages(join(folder, "written"), packages);
    expect(new Uint8Array(readFileSync(paths[0] ?? ""))).toEqual(named("chrome").bytes);
  });

  test("are the same bytes when everything is built again", { timeout: 300_000 }, async () => {
    await buildAll(join(folder, "second"));
    const again = await packagesOf(join(folder, "second"));
    for (const { name, bytes: first } of packages.filter(({ name }) => !name.includes("source"))) {
      expect(again.find((other) => other.name === name)?.bytes, name).toEqual(first);
    }
  });

  test("the source archive builds to the same extensions", { timeout: 300_000 }, async () => {
    const source = join(folder, "source");
    const files = unzipSync(named("source").bytes);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), content);
    }
    // What `npm ci` would install, which takes minutes and a registry.
    symlinkSync(join(ROOT, "node_modules"), join(source, "node_modules"), "dir");
    await run(source, "playground/server/build.ts");
    for (const target of ["chrome", "firefox"]) {
      for (const [path, content] of Object.entries(unzipSync(named(target).bytes))) {
        expect(
          new Uint8Array(readFileSync(join(source, "dist", `extension-${target}`, path))),
          `${target}: ${path}`,
        ).toEqual(content);
      }
    }
  });

  test("the source archive has what a build needs, and nothing that is built or private", () => {
    const paths = Object.keys(unzipSync(named("source").bytes));
    for (const needed of [
      "package.json",
      "package-lock.json",
      "manifest.json",
      "extension/store/reviewers.md",
    ]) {
      expect(paths).toContain(needed);
    }
    expect(paths.filter((path) => /^(?:dist|node_modules|\.git|test-results)\/|\.env/.test(path))).toEqual(
      [],
    );
  });
});

function run(cwd: string, script: string): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, "node_modules/tsx/dist/cli.mjs"), script], {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${script} ended with ${code}: ${said}`)),
    );
  });
}
