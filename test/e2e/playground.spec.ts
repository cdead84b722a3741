import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./server-fixtures.ts";

/** Type, target and data of the inspector's calls and answers. */
async function calls(page: PanelDriver): Promise<readonly string[]> {
  return (await page.rows())
    .filter(({ cells }) => cells["Target"] !== "" && /invocation|completion/.test(cells["Type"] ?? ""))
    .map(({ cells }) => `${cells["Direction"]} ${cells["Type"]} ${cells["Target"]} ${cells["Data"]}`);
}

for (const protocol of ["JSON", "MessagePack"] as const) {
  test(`a call of the demo hub over ${protocol} needs nothing but one click`, async ({ launch, demo }) => {
    const { firstTab } = await launch({ extension: false });
    await firstTab.goto(demo.url);
    const page = firstTab.driver;
    await expect.poll(() => page.text()).toContain("connected for");
    if (protocol === "MessagePack") await page.clickNamed("radio", protocol);
    await expect.poll(() => page.text()).toContain(`WebSockets · ${protocol}`);
    await page.clickNamed("button", "Add a, b");
    await page.clickNamed("button", "Invoke");
    await expect.poll(() => calls(page)).toEqual(["↑ invocation Add 19, 23", "↓ completion Add 42"]);
  });

  test(`a real server is called over ${protocol}`, async ({ launch, demo, server }) => {
    const { firstTab } = await launch({ extension: false });
    await firstTab.goto(demo.url);
    const page = firstTab.driver;
    await page.clickNamed("radio", "My server");
    await page.fill("textbox", "Hub address", `${server}/hubs/calls`);
    await page.clickNamed("radio", protocol);
    await page.clickNamed("button", "Connect");
    await expect.poll(() => page.text()).toContain(`/hubs/calls\n`);
    await page.fill("combobox", "Target", "EchoAny");
    await page.fill("textbox", "Arguments", '{"id": 9007199254740993, "tags": ["a"]}');
    await page.clickNamed("button", "Invoke");
    await expect.poll(async () => (await calls(page)).length).toBe(2);
    const [call, answer] = await calls(page);
    expect(call).toContain('↑ invocation EchoAny {id: 9007199254740993, tags: ["a"]}');
    expect(answer).toContain('↓ completion EchoAny {id: 9007199254740993, tags: ["a"]}');
  });
}

test("an address where nothing listens gets one sentence that says so", async ({ launch, demo }) => {
  const { firstTab } = await launch({ extension: false });
  await firstTab.goto(demo.url);
  const page = firstTab.driver;
  await page.clickNamed("radio", "My server");
  await page.fill("textbox", "Hub address", "http://127.0.0.1:9/hub");
  await page.clickNamed("button", "Connect");
  await expect.poll(() => page.text()).toContain("Nothing answers at http://127.0.0.1:9.");
});
