/**
 * `npm run bench:wire [-- --json] [-- --only=chat] [-- --where=node] [-- --rounds=9]`: our codecs against the official
 * packages, in one run, in Node and in a real Chromium, from the same bundle.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs, promisify } from "node:util";
import { chromium } from "playwright";
import { CHROMIUM_ARGUMENTS, requireBrowser, runsAsRoot } from "../../support/browsers.ts";
import { bundle } from "./bundle.ts";
import { sizeRows } from "./bundle-size.ts";
import type { Where } from "./cases.ts";
import type { Row } from "./in-one-place.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    where: { type: "string", default: "" },
    rounds: { type: "string", default: "15" },
    slice: { type: "string", default: "15" },
  },
});

const folder = await mkdtemp(join(tmpdir(), "hubscope-bench-"));
try {
  const code = await bundle(fileURLToPath(new URL("in-one-place.ts", import.meta.url)));
  const file = join(folder, "bench.mjs");
  await writeFile(file, code);
  const rows = [
    ...(values.where === "chromium" ? [] : await inNode(file)),
    ...(values.where === "node" ? [] : await inChromium(code)),
    ...(values.only === "" || "codec bundle".includes(values.only) ? await sizeRows() : []),
  ];
  if (values.json) console.log(JSON.stringify(rows));
  else print(rows);
} finally {
  await rm(folder, { recursive: true });
}

function call(where: Where): string {
  const options = { rounds: Number(values.rounds), slice: Number(values.slice) };
  return `measureHere(${JSON.stringify(where)}, ${JSON.stringify(values.only)}, ${JSON.stringify(options)})`;
}

/** A process of its own, which has run nothing else. */
async function inNode(file: string): Promise<readonly Row[]> {
  const script = `import { measureHere } from ${JSON.stringify(pathToFileURL(file).href)};console.log(JSON.stringify(${call("node")}))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  return JSON.parse(stdout) as Row[];
}

async function inChromium(code: string): Promise<readonly Row[]> {
  const browser = await chromium.launch({
    executablePath: requireBrowser("chromium"),
    args: [...CHROMIUM_ARGUMENTS, ...(runsAsRoot ? ["--no-sandbox"] : [])],
  });
  try {
    const page = await browser.newPage();
    const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
    const answer = await page.evaluate(
      `import(${JSON.stringify(url)}).then(({ measureHere }) => ${call("chromium")})`,
    );
    return answer as Row[];
  } finally {
    await browser.close();
  }
}

function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, where, peer, ratio, target, met } of rows) {
    const verdict = met === null ? "" : met ? "met" : "NOT MET";
    const wanted = target === null ? "" : `target ${target}`;
    console.log(
      `${name.padEnd(width)}  ${where.padEnd(8)}  ${String(ratio).padStart(9)}  ${wanted.padEnd(12)} ${verdict.padEnd(8)} ${peer}`,
    );
  }
}
