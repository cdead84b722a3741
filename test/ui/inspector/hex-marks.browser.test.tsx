import { afterEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { type Mounted, mountInspector } from "../support/mount.tsx";
import { tradingSession } from "../support/trading-session.ts";

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.unmount();
  mounted = undefined;
});

test("the value that is selected in the tree is marked in Hex, and a byte selects its value", async () => {
  await page.viewport(1280, 900);
  mounted = mountInspector(tradingSession(), undefined, { width: 1280, height: 900 });
  const { root, model } = mounted;
  const entry = model.session.log.find((one) => one.kind === "message" && one.target === "PlaceOrder");
  model.open((entry?.number ?? 0) + 2);
  const marked = () =>
    [...root.querySelectorAll(".hex-bytes .marked")].map(({ textContent }) => textContent.trim()).join(" ");
  await page.getByRole("treeitem", { name: 'status: "Filled"' }).click();
  await page.getByRole("tab", { name: "Hex" }).click();
  await expect.poll(marked).toBe("a6 46 69 6c 6c 65 64");
  await expect
    .element(page.getByRole("status"))
    .toHaveTextContent('result › status: "Filled" · str · 7 bytes from');
  const bytes = page.getByRole("region", { name: "Bytes" });
  bytes.element().focus();
  await userEvent.keyboard("{ArrowLeft}");
  await expect.element(page.getByRole("status")).toHaveTextContent("result › id: 88123 · uint32 · 5 bytes");
  await expect.poll(marked).toBe("ce 00 01 58 3b");
  await userEvent.click(
    root.querySelectorAll(".hex-bytes .marked").item(0).parentElement?.lastElementChild ?? root,
  );
  const picked = model.detail.detail.value?.tree.active.value;
  expect(picked).not.toBe("/result/id");
  await page.getByRole("tab", { name: "Value" }).click();
  await expect.element(page.getByRole("treeitem", { selected: true })).toBeVisible();
});
