import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltExtensions, buildExtensions } from "../../support/built-extension.ts";

/** AMO's own linter, of the version in package.json. Newer ones could not be installed when this was written. */
const LINTER = fileURLToPath(
  new URL("../../../node_modules/addons-linter/bin/addons-linter", import.meta.url),
);

interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

interface Report {
  readonly errors: readonly Complaint[];
  readonly warnings: readonly Complaint[];
  readonly notices: readonly Complaint[];
}

let built: BuiltExtensions;
beforeAll(async () => {
  built = await buildExtensions();
}, 300_000);
afterAll(() => built?.remove());

function lint(folder: string): Promise<Report> {
  return new Promise((resolve, reject) => {
    // It ends with 1 where it complains: what it prints counts.
    execFile(process.execPath, [LINTER, "--output", "json", folder], (error, stdout) => {
      try {
        resolve(JSON.parse(stdout) as Report);
      } catch {
        reject(error ?? new Error(`The linter printed no report: ${stdout}`));
      }
    });
  });
}

test("addons-linter has no error, and no warning that is not explained", { timeout: 240_000 }, async () => {
  const { errors, warnings, notices } = await lint(built.folder("firefox"));
  expect(errors).toEqual([]);
  expect(notices).toEqual([]);
  const texts = new Map(built.texts("firefox"));
  const unexplained = warnings.filter(({ code, file = "", line = 0 }) => {
    switch (code) {
      // Firefox for Android has no developer tools, so the extension is not offered there.
      case "KEY_FIREFOX_ANDROID_UNSUPPORTED_BY_MIN_VERSION":
        return file !== "manifest.json";
      // Preact's own code for a property that no view of ours sets (the next test).
      case "UNSAFE_VAR_ASSIGNMENT":
        return !/\.__html\b/.test(texts.get(file)?.split("\n")[line - 1] ?? "");
      default:
        return true;
    }
  });
  expect(unexplained).toEqual([]);
  expect(warnings.length).toBeLessThanOrEqual(2);
});

test("no view sets markup from text", () => {
  for (const [path, text] of built.texts("firefox")) {
    if (!path.endsWith(".js")) continue;
    expect(text.match(/dangerouslySetInnerHTML\s*:(?!\s*\w+\s*[,}])/g), path).toBeNull();
    const sinks =
      text.match(/\b(?:innerHTML|outerHTML)\s*=(?!=)|insertAdjacentHTML\(|document\.write\(/g) ?? [];
    // Preact has two: the assignment above, and emptying a node that had markup.
    expect(sinks.length, path).toBeLessThanOrEqual(/assets\/tokens-/.test(path) ? 2 : 0);
  }
});

test("the linter does complain where there is reason", { timeout: 240_000 }, async () => {
  // Chrome's manifest has a key that Firefox does not know and no id: the linter must not be silent about it.
  const { errors, warnings } = await lint(built.folder("chrome"));
  expect([...errors, ...warnings].map(({ code }) => code)).not.toEqual([]);
  expect(errors.length).toBeGreaterThan(0);
});
