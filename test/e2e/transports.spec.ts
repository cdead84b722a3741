import { type ComplianceServer, startComplianceServer } from "../support/extension-compliance-server.ts";
import { expectSameMessages, runAllCalls } from "./calls-page.ts";
import { expect, test } from "./server-fixtures.ts";

/** `calls.spec.ts` has WebSockets. Server-Sent Events carry text alone: the official client refuses MessagePack there. */
const WAYS = [
  ["sse", "json", "SSE"],
  ["lp", "json", "long polling"],
  ["lp", "messagepack", "long polling"],
] as const;

for (const [transport, protocol, name] of WAYS) {
  test(`each call of the real server over ${name} and ${protocol}, and its completion`, async ({
    tab,
    server,
  }) => {
    await tab.goto(`${server}/calls.html?protocol=${protocol}&transport=${transport}`);
    const report = await runAllCalls(tab);
    expect(report.length).toBeGreaterThan(100);
    const panel = await tab.openPanel();
    await expectSameMessages(panel, tab);
    expect((await panel.text()).toLowerCase()).toContain(name.toLowerCase());
  });
}

test.describe("sockets and event streams that are not SignalR's", () => {
  let server: ComplianceServer;
  test.beforeAll(async () => {
    server = await startComplianceServer();
  });
  test.afterAll(() => server.close());

  test("are shown once the user wants them, from the first payload of a page", async ({
    tab,
    inspectedBrowser,
  }) => {
    const options = await inspectedBrowser.openExtensionPage("options.html");
    await options.driver.clickNamed("checkbox", "Record other WebSockets and event streams too");
    await expect
      .poll(() => options.driver.text())
      .toContain("Other WebSockets and event streams are recorded too.");
    await tab.goto(`${server.origin}/blank`);
    await tab.evaluate(async () => {
      const socket = new WebSocket(`ws://${location.host}/echo`);
      await new Promise((resolve) => socket.addEventListener("open", resolve));
      socket.send("what nobody knows");
      await new Promise((resolve) => socket.addEventListener("message", resolve));
    });
    const panel = await tab.openPanel();
    const shown = async () =>
      (await panel.allRows()).filter(({ cells }) => cells["Data"]?.includes("what nobody knows"));
    await expect.poll(async () => (await shown()).map(({ cells }) => cells["Direction"])).toEqual(["↑", "↓"]);
    await tab.evaluate(async () => {
      const source = new EventSource("/events?from=1&to=1");
      await new Promise((resolve) => source.addEventListener("message", resolve));
      source.close();
    });
    const ofStream = async () => (await panel.allRows()).map(({ cells }) => cells["Data"]);
    await expect.poll(ofStream).toContain('"hello 0"');
    expect(await panel.text()).toContain("SSE · no protocol");
  });
});
