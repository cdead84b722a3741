import { type ClassicServer, startClassicServer } from "../support/classic-server.ts";
import type { InspectedTab } from "./driver/inspected-browser.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./fixtures.ts";

/** Sending on the connections of the official client of classic SignalR, which over HTTP sends by forms. */
interface ClassicPage {
  readonly connected: Promise<string>;
  readonly heard: string[];
  readonly received: string[];
  call(text: string): Promise<string>;
}

let classic: ClassicServer;
test.beforeAll(async () => {
  classic = await startClassicServer();
});
test.afterAll(() => classic.close());

const connect = async (tab: InspectedTab, transport: string) => {
  await tab.goto(`${classic.origin}/?transport=${transport}`);
  expect(await tab.evaluate(() => (window as unknown as ClassicPage).connected)).toBe(transport);
};
const heard = (tab: InspectedTab) => tab.evaluate(() => (window as unknown as ClassicPage).heard);
const replies = (tab: InspectedTab) =>
  tab.evaluate(() => (window as unknown as ClassicPage).received.filter((text) => text.includes('"R":')));
const callFromPage = (tab: InspectedTab, text: string) =>
  tab.evaluate((said) => (window as unknown as ClassicPage).call(said), text);

/** Says it from the drawer, which is open: as soon as the connection is, whose frame may be heard of later. */
async function say(panel: PanelDriver, button: string, target: string, text: string): Promise<void> {
  await panel.fill("combobox", "Target", target);
  await panel.fill("textbox", "Arguments", text);
  await press(panel, button);
}

async function press(panel: PanelDriver, button: string): Promise<void> {
  await panel.waitFor(
    (name) =>
      [...document.querySelectorAll("button")].some(
        ({ textContent, disabled }) => textContent === name && !disabled,
      ),
    button,
  );
  await panel.clickNamed("button", button);
}

const invoke = (panel: PanelDriver, target: string, text: string) =>
  say(panel, "Send to server", target, text);

/** Text of the rows that match, as soon as there are so many. */
async function rows(
  panel: PanelDriver,
  count: number,
  matches: (cells: Readonly<Record<string, string>>) => boolean,
): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await expect
    .poll(async () => {
      found = (await panel.allRows()).filter(({ cells }) => matches(cells)).map(({ text }) => text);
      return found.length;
    })
    .toBe(count);
  return found;
}

for (const transport of ["webSockets", "serverSentEvents", "foreverFrame", "longPolling"]) {
  test(`over ${transport} the user calls, sends again as it was, and edited`, async ({ tab }) => {
    await connect(tab, transport);
    const panel = await tab.openPanel();
    await expect.poll(() => panel.text()).toContain("classic");

    await test.step("a call of a page that has sent nothing yet: its reply is paired and told", async () => {
      await panel.clickNamed("button", "Send…");
      await invoke(panel, "echohub.Echo", '"from the panel & more"');
      const [sent, reply] = await rows(panel, 2, (cells) => cells["ID"] === "hubscope-1");
      expect(sent).toContain("from the panel & more");
      expect(reply).toContain("echohub.Echo");
      expect(reply).toContain("from the panel & more");
      await expect.poll(() => panel.text()).toContain("Answered in");
      await expect.poll(() => heard(tab)).toEqual(["from the panel & more"]);
    });

    await test.step("the page's own call goes on, counted as the page counts", async () => {
      expect(await callFromPage(tab, "of the page")).toBe("of the page");
      expect(await replies(tab)).toContain('{"R":"of the page","I":"0"}');
      await rows(panel, 2, (cells) => cells["ID"] === "0");
      // What the hub pushes with each call.
      const pushed = await rows(panel, 2, (cells) => /^echohub\.said$/i.test(cells["Target"] ?? ""));
      expect(pushed.at(-1)).toContain("of the page");
    });

    await test.step("sent again as it was", async () => {
      await panel.clickRow(
        ({ cells, text }) =>
          cells["ID"] === "0" && cells["Direction"] === "↑" && text.includes("of the page"),
      );
      await panel.clickNamed("button", "Send again");
      await panel.clickNamed("menuitem", "Send again as it was");
      await rows(panel, 4, (cells) => cells["ID"] === "0");
      await expect.poll(() => heard(tab)).toEqual(["from the panel & more", "of the page", "of the page"]);
    });

    await test.step("edited, with an ID of its own", async () => {
      await panel.clickNamed("button", "Send again");
      await panel.clickNamed("menuitem", "Edit and send…");
      await panel.fill("textbox", "Arguments", '"edited"');
      await press(panel, "Send to server");
      await rows(panel, 2, (cells) => cells["ID"] === "hubscope-2");
      await expect.poll(async () => (await heard(tab)).at(-1)).toBe("edited");
    });

    await test.step("the server's errors are the run's", async () => {
      await invoke(panel, "echohub.Fail", "");
      await expect
        .poll(() => panel.text())
        .toContain("There was an error invoking Hub method 'echohub.Fail'.");
    });

    // What came by an answer of ours the page was not given; over a socket there is no other way, and the client
    // knows no such ID.
    const given = await replies(tab);
    expect(given.filter((text) => text.includes("hubscope"))).toEqual([]);
    if (transport !== "webSockets") {
      expect(given).toEqual(['{"R":"of the page","I":"0"}']);
      await invoke(panel, "nosuch.Method", "");
      await expect.poll(() => panel.text()).toContain("The server answered with status 500.");
    }
    expect(await callFromPage(tab, "all is well")).toBe("all is well");
  });
}

test("over serverSentEvents the user simulates, also after the page has called", async ({ tab }) => {
  await connect(tab, "serverSentEvents");
  expect(await callFromPage(tab, "first")).toBe("first");
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("classic");
  await panel.clickNamed("button", "Send…");
  await panel.clickNamed("radio", "To the page (simulate)");
  await say(panel, "Deliver to page", "EchoHub.said", '"never said"');
  await expect.poll(() => heard(tab)).toEqual(["first", "never said"]);
});

test("of what the server says at once the user drops one message, and the page has the others", async ({
  tab,
}) => {
  await connect(tab, "webSockets");
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("classic");
  await panel.clickNamed("button", "Break…");
  await panel.fill("combobox", "Target of the messages", "EchoHub.secret");
  await press(panel, "Add fault");
  await expect.poll(() => panel.text()).toContain("Undo all");
  const [one, other, third] = ["said", "secret", "said"].map((method, at) => ({
    H: "EchoHub",
    M: method,
    A: [`number ${at}`],
  }));
  // The fault may still be on its way: what is said until it is there is heard whole.
  await expect
    .poll(async () => {
      classic.push(JSON.stringify({ C: "d-9,1", M: [one, other, third] }));
      return panel.text();
    })
    .toMatch(/struck \d/);
  await expect.poll(() => heard(tab)).toEqual(expect.arrayContaining(["number 0", "number 2"]));
  const dropped = await panel.allRows();
  expect(dropped.map(({ cells }) => cells["Target"])).toContain("EchoHub.secret");
  expect(await tab.evaluate(() => (window as unknown as ClassicPage).received.at(-1))).toBe(
    JSON.stringify(third),
  );
  expect(await callFromPage(tab, "all is well")).toBe("all is well");
});
