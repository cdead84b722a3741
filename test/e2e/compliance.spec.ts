import { type ComplianceServer, startComplianceServer } from "../support/extension-compliance-server.ts";
import type { InspectedBrowser } from "./driver/inspected-browser.ts";
import { expect, test } from "./fixtures.ts";

interface ComplianceResult {
  readonly name: string;
  readonly value: unknown;
}

interface Measure {
  readonly name: string;
  /** Milliseconds or KiB, as the name says. */
  readonly value: number;
}

interface CompliancePage {
  runCompliance(): Promise<ComplianceResult[]>;
  readonly compliance: { readonly measures: readonly Measure[] };
}

/** KiB. A browser that holds a server back takes less of 64 MiB before the page reads on. */
const HELD_BACK = 16_384;

/** Milliseconds that a busy machine may add. A connection that is kept alive by a copy of its answer lasts for seconds or for ever. */
const BY_CHANCE = 500;

let server: ComplianceServer;
test.beforeAll(async () => {
  server = await startComplianceServer();
});
test.afterAll(async () => {
  await server.close();
});

test("a page sees the same platform with the hook as without it", async ({ launch }) => {
  // Two browsers, one after the other, and some checks wait for what must not come.
  test.setTimeout(240_000);
  const native = await runCompliance(await launch({ extension: false }));
  const hooked = await runCompliance(await launch());
  // Otherwise the comparison would be of two native pages.
  expect(native.isHooked).toBe(false);
  expect(hooked.isHooked).toBe(true);

  expect(native.results.length).toBeGreaterThan(500);
  for (const { name, value } of native.results) {
    expect(`${name}: ${String(value)}`).not.toMatch(/: (?:failed:|took 15 s)/);
  }
  for (const [at, result] of native.results.entries()) {
    expect.soft(hooked.results[at], result.name).toEqual(result);
  }
  expect(hooked.results.length).toBe(native.results.length);

  // Back-pressure and the end of a connection, as the server saw them: never later or more than natively, but for chance.
  expect(native.measures.length).toBeGreaterThan(20);
  // Firefox takes whatever comes, natively too: how much that is in a moment is chance.
  const holdsBack = native.measures.every(({ name, value }) => !isAmount(name) || value <= HELD_BACK);
  for (const [at, { name, value }] of native.measures.entries()) {
    const measured = hooked.measures[at];
    expect(measured?.name).toBe(name);
    if (isAmount(name) && !holdsBack) continue;
    const most = isAmount(name) ? value * 1.5 + 4_096 : value + BY_CHANCE;
    expect.soft(measured?.value, name).toBeLessThanOrEqual(most);
  }
});

function isAmount(name: string): boolean {
  return name.startsWith("KiB");
}

async function runCompliance(browser: InspectedBrowser): Promise<{
  readonly isHooked: boolean;
  readonly results: readonly ComplianceResult[];
  readonly measures: readonly Measure[];
}> {
  const tab = browser.firstTab;
  await tab.goto(`${server.origin}/`);
  // The one thing that a Proxy cannot hide is the name in its source text.
  const isHooked = await tab.evaluate(() => !String(WebSocket).includes("WebSocket"));
  const results = await tab.evaluate(() => (window as unknown as CompliancePage).runCompliance());
  const measures = await tab.evaluate(() => (window as unknown as CompliancePage).compliance.measures);
  return { isHooked, results, measures };
}
