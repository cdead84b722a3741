import type { CallReport } from "../servers/aspnetcore/wwwroot/all-calls.js";
import type { InspectedTab } from "./driver/inspected-browser.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expectedRows, messageRows, type PageMessage, showsInOrder } from "./page-messages.ts";
import { expect, test } from "./server-fixtures.ts";

/** What calls.html offers. */
interface CallsPage {
  readonly connected: Promise<void>;
  readonly runAllCalls: () => Promise<CallReport[]>;
  readonly hubMessages: () => PageMessage[];
  readonly connection: {
    stop(): Promise<void>;
    invoke(target: string, ...args: unknown[]): Promise<unknown>;
  };
}

const runAllCalls = (tab: InspectedTab) => tab.evaluate(() => (window as unknown as CallsPage).runAllCalls());
const hubMessages = (tab: InspectedTab) => tab.evaluate(() => (window as unknown as CallsPage).hubMessages());

async function expectSameMessages(panel: PanelDriver, tab: InspectedTab): Promise<void> {
  const messages = await hubMessages(tab);
  const wanted = { out: expectedRows(messages, "out"), in: expectedRows(messages, "in") };
  await expect
    .poll(async () => {
      const rows = await panel.allRows();
      return [messageRows(rows, "out").length, messageRows(rows, "in").length];
    })
    .toEqual([wanted.out.length, wanted.in.length]);
  const rows = await panel.allRows();
  for (const direction of ["out", "in"] as const) {
    const shown = messageRows(rows, direction);
    expect(shown.map(({ cells }) => [cells["Type"], cells["Target"], cells["ID"]])).toEqual(
      wanted[direction].map(({ type, target, id }) => [type, target, id]),
    );
    const wrong = shown.filter(
      ({ cells }, at) => !showsInOrder(cells["Data"] ?? "", wanted[direction][at]?.data ?? []),
    );
    expect(wrong.map(({ cells }) => cells)).toEqual([]);
  }
}

for (const protocol of ["json", "messagepack"] as const) {
  test.describe(`every call of the real server over ${protocol}`, () => {
    test("is in the log when the connection was opened before devtools", async ({ tab, server }) => {
      await tab.goto(`${server}/calls.html?protocol=${protocol}`);
      const report = await runAllCalls(tab);
      expect(report.length).toBeGreaterThan(100);
      const panel = await tab.openPanel();
      await expectSameMessages(panel, tab);
    });

    test("is in the log once, though the background ended three times meanwhile", async ({
      inspectedBrowser,
      tab,
      server,
    }) => {
      await tab.goto(`${server}/calls.html?protocol=${protocol}`);
      await runAllCalls(tab);
      await inspectedBrowser.endBackground();
      const panel = await tab.openPanel();
      const running = runAllCalls(tab);
      await inspectedBrowser.endBackground();
      await running;
      await inspectedBrowser.endBackground();
      await tab.evaluate(() =>
        (window as unknown as CallsPage).connection.invoke("EchoString", "after the last end"),
      );
      await expectSameMessages(panel, tab);
    });
  });
}
