import { type BareChromium, launchBareChromium } from "../support/bare-chromium.ts";
import type { ChromiumTargets } from "../support/chromium-targets.ts";
import { until } from "../support/until.ts";
import { EXTENSION_FOLDERS } from "./driver/extension-folders.ts";
import { callAsJson, resultOf } from "./driver/inspected-browser.ts";
import { type PanelRow, rowsOfLog } from "./driver/panel-queries.ts";
import { expect, test } from "./server-fixtures.ts";

const DEVTOOLS_UI = "devtools://devtools/bundled/ui/legacy/legacy.js";
const DEVTOOLS_SDK = "devtools://devtools/bundled/core/sdk/sdk.js";

let browser: BareChromium;
test.beforeEach(async () => {
  browser = await launchBareChromium(EXTENSION_FOLDERS.chromium);
});
test.afterEach(() => browser.close());

test("a prerendered page is recorded from its start, and shown when it is", { tag: "@chromium" }, async ({
  server,
}) => {
  const { targets } = browser;
  const { devtools, panel } = await openPanel(targets, await targets.openTab(`${server}/blank.html`));
  const types = async () => (await rowsIn(targets, panel)).map(({ cells }) => cells["Type"]);
  const inPage = (expression: string) => evaluateIn(targets, devtools, "shown", expression);
  const ahead = (expression: string) => evaluateIn(targets, devtools, "prerendered", expression);

  // Not before: devtools that open end what is being prerendered.
  await inPage("location.href = '/prerendering.html'");
  await expect.poll(() => ahead(negotiated), { timeout: 30_000 }).toBe(true);
  expect(await ahead("document.prerendering")).toBe(true);
  expect(await types(), "nobody has looked at that page").toEqual([]);

  await inPage("document.querySelector('#next').click()");
  await expect.poll(() => inPage("location.pathname")).toBe("/calls.html");
  await inPage("connected.then(() => connection.invoke('EchoString', 'shown'))");
  expect(await inPage("performance.getEntriesByType('navigation')[0].activationStart")).toBeGreaterThan(0);
  await expect
    .poll(types)
    .toEqual(["negotiate", "open", "handshake", "handshake", "invocation", "completion"]);
});

const negotiated = `performance.getEntriesByType("resource").some(({ name }) => name.includes("/negotiate"))`;

async function openPanel(
  targets: ChromiumTargets,
  tab: string,
): Promise<{ readonly devtools: string; readonly panel: string }> {
  const find = (part: RegExp) =>
    until(`a target ${part}`, async () => (await targets.list()).find(({ url }) => part.test(url)));
  await targets.openDevtools(tab);
  const { targetId: devtools } = await find(/devtools_app\.html/);
  // The extension's devtools page loads when the devtools UI is up; touching its modules earlier breaks its start.
  await find(/^chrome-extension:.*\/devtools\.html/);
  await until("the extension's panel", () =>
    targets.evaluate(
      devtools,
      `(async () => {
        const { InspectorView } = await import(${JSON.stringify(DEVTOOLS_UI)});
        const view = InspectorView.InspectorView.instance();
        const id = view.tabbedPane.tabIds().find((tab) => tab.startsWith("chrome-extension:"));
        if (id !== undefined) await view.showPanel(id);
        return id !== undefined;
      })()`,
    ),
  );
  return { devtools, panel: (await find(/^chrome-extension:.*\/panel\.html/)).targetId };
}

type Shown = "shown" | "prerendered";

/**
 * Through devtools, for a page that anybody else is attached to does not prerender. `undefined` where there is no such
 * page at this moment.
 */
async function evaluateIn(
  targets: ChromiumTargets,
  devtools: string,
  which: Shown,
  expression: string,
): Promise<unknown> {
  return targets.evaluate(
    devtools,
    `(async () => {
      const { TargetManager } = await import(${JSON.stringify(DEVTOOLS_SDK)});
      const all = TargetManager.TargetManager.instance();
      const page = ${which === "shown"} ? all.primaryPageTarget()
        : all.targets().find((target) => target.targetInfo()?.subtype === "prerender");
      const answer = await page?.runtimeAgent().invoke_evaluate({
        expression: ${JSON.stringify(expression)}, awaitPromise: true, returnByValue: true, userGesture: true });
      return answer?.result?.value;
    })()`,
  );
}

async function rowsIn(targets: ChromiumTargets, panel: string): Promise<readonly PanelRow[]> {
  return resultOf(String(await targets.evaluate(panel, callAsJson(rowsOfLog, []))));
}
