import { buildBlazorServer, startBlazorServer } from "../support/blazor-server.ts";
import type { DotNetServer } from "../support/dotnet-server.ts";
import { expect, test } from "./fixtures.ts";

type BlazorServer = DotNetServer | { readonly missing: string };

let server: BlazorServer;
test.beforeAll(async () => {
  test.setTimeout(600_000);
  const build = await buildBlazorServer();
  server = "missing" in build ? build : await startBlazorServer(build);
});
test.afterAll(async () => {
  if (!("missing" in server)) await server.stop();
});

test("a Blazor Server page works as without us, and the panel shows its circuit", async ({ tab }) => {
  if ("missing" in server) return test.skip(true, server.missing);
  await tab.goto(`${server.url}/counter`);
  const panel = await tab.openPanel();
  const targets = async () => (await panel.allRows()).map(({ cells }) => cells["Target"]);
  await expect.poll(targets).toContain("JS.RenderBatch");
  const batches = (await targets()).filter((target) => target === "JS.RenderBatch").length;
  await expect.poll(targets).toContain("OnRenderCompleted");
  await tab.evaluate(() => document.querySelector<HTMLButtonElement>("#increment")?.click());
  await tab.waitFor(() => document.querySelector("#count")?.textContent === "Count: 1");
  await expect
    .poll(async () => (await targets()).filter((target) => target === "JS.RenderBatch").length)
    .toBeGreaterThan(batches);
  expect(await targets()).toEqual(expect.arrayContaining(["StartCircuit", "OnRenderCompleted"]));
  expect(await panel.text()).toContain("blazorpack");
  expect(await panel.text()).toContain("circuit connected");
  const started = (await panel.allRows()).filter(({ text }) => text.includes("circuit started"));
  expect(started.map(({ cells }) => `${cells["Type"]} ${cells["Target"]}`)).toEqual([
    "completion StartCircuit",
  ]);
  await panel.clickRow(({ cells }) => cells["Target"] === "BeginInvokeDotNetFromJS");
  await expect.poll(() => panel.detailText()).toContain("A click on <button#increment> of component");
  await panel.clickRow(({ cells }) => cells["Target"] === "JS.RenderBatch");
  await expect.poll(() => panel.detailText()).toMatch(/Batch 2 updates \d+ component/);
  await expect.poll(() => panel.detailText()).toContain("OnRenderCompleted");
  const rows = await panel.allRows();
  expect(rows.filter(({ cells }) => /undecodable/i.test(cells["Type"] ?? ""))).toEqual([]);
  return undefined;
});
