import { type ComplianceServer, startComplianceServer } from "../support/extension-compliance-server.ts";
import type { InspectedBrowser } from "./driver/inspected-browser.ts";
import { expect, test } from "./fixtures.ts";

interface ComplianceResult {
  readonly name: string;
  readonly value: unknown;
}

let server: ComplianceServer;
test.beforeAll(async () => {
  server = await startComplianceServer();
});
test.afterAll(async () => {
  await server.close();
});

test("a page sees the same platform with the hook as without it", async ({ launch }) => {
  const native = await runCompliance(await launch({ extension: false }));
  const hooked = await runCompliance(await launch());
  // Otherwise the comparison would be of two native pages.
  expect(native.isHooked).toBe(false);
  expect(hooked.isHooked).toBe(true);

  expect(native.results.length).toBeGreaterThan(100);
  for (const { name, value } of native.results) {
    expect(`${name}: ${String(value)}`).not.toContain(": failed:");
  }
  for (const [at, result] of native.results.entries()) {
    expect.soft(hooked.results[at], result.name).toEqual(result);
  }
  expect(hooked.results.length).toBe(native.results.length);
});

async function runCompliance(
  browser: InspectedBrowser,
): Promise<{ readonly isHooked: boolean; readonly results: readonly ComplianceResult[] }> {
  const tab = browser.firstTab;
  await tab.goto(`${server.origin}/`);
  // The one thing that a Proxy cannot hide is the name in its source text.
  const isHooked = await tab.evaluate(() => !String(WebSocket).includes("WebSocket"));
  const results = await tab.evaluate(() =>
    (window as unknown as { runCompliance(): Promise<ComplianceResult[]> }).runCompliance(),
  );
  return { isHooked, results };
}
