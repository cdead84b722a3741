import type { Theme } from "../support/chromium-launch.ts";
import { violationsIn } from "./driver/axe.ts";
import { expect, test } from "./server-fixtures.ts";

interface CallsPage {
  readonly runAllCalls: () => Promise<unknown>;
}

for (const theme of ["light", "dark"] as const satisfies readonly Theme[]) {
  test(`axe finds nothing in the panel, ${theme}`, async ({ launch, server }) => {
    test.slow();
    const { firstTab } = await launch({ theme });
    await firstTab.goto(`${server}/blank.html`);
    const panel = await firstTab.openPanel();
    await expect.poll(() => panel.text()).toContain("No SignalR traffic yet");
    expect.soft(await panel.violations(), "empty").toEqual([]);

    await firstTab.goto(`${server}/calls.html`);
    await firstTab.evaluate(async () => {
      await (window as unknown as CallsPage).runAllCalls();
    });
    await panel.clickRow(({ cells }) => cells["Type"] === "completion" && cells["Target"] === "CurrentOrder");
    await expect.poll(() => panel.detailText()).toContain("result");
    expect.soft(await panel.violations(), "with a value").toEqual([]);
    for (const tab of ["Raw", "Hex", "Related"]) {
      await panel.clickNamed("tab", tab);
      expect.soft(await panel.violations(), tab).toEqual([]);
    }
    await panel.clickRow(({ cells }) => cells["Data"]?.startsWith("error") === true);
    expect.soft(await panel.violations(), "with an error").toEqual([]);
    await panel.filter("nothing has this");
    expect.soft(await panel.violations(), "nothing found").toEqual([]);
    await panel.clickNamed("button", "Keys");
    expect.soft(await panel.violations(), "keys").toEqual([]);
  });

  test(`axe finds nothing in the playground, ${theme}`, async ({ launch, demo }) => {
    const { firstTab } = await launch({ theme, extension: false });
    await firstTab.goto(demo.url);
    await firstTab.waitFor(() => document.body.textContent.includes("connected"));
    expect(await violationsIn(firstTab.evaluate), "first screen").toEqual([]);
  });
}
