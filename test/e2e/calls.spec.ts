import { type CallsPage, expectSameMessages, runAllCalls } from "./calls-page.ts";
import { expect, test } from "./server-fixtures.ts";

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
