import { type ClassicServer, startClassicServer } from "../support/classic-server.ts";
import { type ComplianceServer, startComplianceServer } from "../support/extension-compliance-server.ts";
import { expectSameMessages, runAllCalls } from "./calls-page.ts";
import { expect, test } from "./server-fixtures.ts";

/** Server-Sent Events carry text alone: the official client refuses MessagePack there. */
const WAYS = [
  ["ws", "json", "WebSockets"],
  ["ws", "messagepack", "WebSockets"],
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

test.describe("the official client of classic SignalR", () => {
  let classic: ClassicServer;
  test.beforeAll(async () => {
    classic = await startClassicServer();
  });
  test.afterAll(() => classic.close());

  interface ClassicPage {
    readonly connected: Promise<string>;
    call(text: string): Promise<string>;
  }

  for (const transport of ["webSockets", "serverSentEvents", "foreverFrame"]) {
    test(`over ${transport}: a call, its reply, and what the hub pushes`, async ({ tab }) => {
      await tab.goto(`${classic.origin}/?transport=${transport}`);
      expect(await tab.evaluate(() => (window as unknown as ClassicPage).connected)).toBe(transport);
      for (const text of ["first", "second"]) {
        expect(await tab.evaluate((said) => (window as unknown as ClassicPage).call(said), text)).toBe(text);
      }
      const panel = await tab.openPanel();
      const shown = async () =>
        (await panel.allRows()).flatMap(({ cells }) =>
          /^echohub\./i.test(cells["Target"] ?? "") ? [`${cells["Target"]} ${cells["Data"]}`] : [],
        );
      // Two calls, two replies, two pushes.
      await expect.poll(async () => (await shown()).length).toBe(6);
      const rows = await shown();
      for (const text of ["first", "second"]) {
        expect(rows.filter((row) => row.includes(text))).toHaveLength(3);
      }
    });
  }
});

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
    await expect.poll(() => options.driver.text()).toContain("Other WebSockets and event streams are recorded too.");
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
  });
});
