import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildCore } from "../../core/build/build.ts";
import { CORE, packageEntries, ROOT } from "../../core/build/paths.ts";
import { bundle } from "./bundle.ts";

interface Budgeted {
  readonly name: string;
  readonly source: string;
  readonly budget: number;
  /** What it shall come to. Shown, because it is not reached everywhere. */
  readonly target?: number;
}

interface SizeBudget {
  readonly bundles: readonly Budgeted[];
  readonly peers: readonly Pick<Budgeted, "name" | "source">[];
}

const { bundles, peers } = JSON.parse(readFileSync(join(CORE, "size-budget.json"), "utf8")) as SizeBudget;

interface Row {
  readonly bundle: string;
  readonly gzip: number;
  readonly budget: number;
  readonly target?: number;
  readonly peer?: number;
}

let folder: string;
const rows: Row[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hubscope-size-"));
  const installed = join(folder, "node_modules/hubscope");
  mkdirSync(installed, { recursive: true });
  await buildCore(join(installed, "dist"));
  symlinkSync(join(CORE, "package.json"), join(installed, "package.json"));
  symlinkSync(join(ROOT, "node_modules/@microsoft"), join(folder, "node_modules/@microsoft"), "junction");
});

afterAll(() => {
  console.table(rows);
  rmSync(folder, { recursive: true, force: true });
});

describe("the size budget", () => {
  test("has a row for every entry", () => {
    const names = bundles.map(({ name }) => name);
    for (const { specifier } of packageEntries()) expect(names).toContain(specifier);
  });

  test.for(bundles.map((row, index) => [row.name, row, index] as const))(
    "%s keeps to it",
    async ([, row, index]) => {
      const { gzip } = await bundle(folder, `bundle-${index}`, row.source);
      const peer = peers.find(({ name }) => name === row.name);
      const peerSize =
        peer === undefined ? undefined : (await bundle(folder, `peer-${index}`, peer.source)).gzip;
      rows.push({
        bundle: row.name,
        gzip,
        budget: row.budget,
        ...(row.target === undefined ? {} : { target: row.target }),
        ...(peerSize === undefined ? {} : { peer: peerSize }),
      });
      expect(gzip).toBeLessThanOrEqual(row.budget);
    },
  );
});
