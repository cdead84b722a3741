import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  button,
  compose,
  expectPage,
  logRow,
  openPlaygroundPages,
  type PlaygroundPages,
  result,
  SET_UP_LIMIT,
} from "./playground-page.ts";

let pages: PlaygroundPages;
beforeAll(async () => {
  pages = await openPlaygroundPages();
}, SET_UP_LIMIT);
afterAll(() => pages.close());

const method = (page: Page, target: string) =>
  page.getByRole("list", { name: /Methods/ }).getByRole("button", { name: new RegExp(`^${target}\\b`) });

describe("the first screen", () => {
  test("is connected to the demo hub at once, and Invoke answers", async () => {
    const { page, complaints, requests } = await pages.open();
    await expectPage(page.getByRole("list", { name: "Phases of the connection" })).toContainText("connected");
    await button(page, "Invoke").click();
    await expectPage(result(page, "Join")).toContainText("answered in");
    await expectPage(result(page, "Join").getByRole("tree")).toContainText('group: "lobby"');
    await expectPage(logRow(page, /invocation.*Join(?!ed)/)).toHaveCount(1);
    await expectPage(logRow(page, /completion.*Join(?!ed)/)).toHaveCount(1);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(pages.server.url) && !url.startsWith("data:"))).toEqual(
      [],
    );
    await page.context().close();
  });

  test("the whole of it by keyboard: choose a method, change the arguments, Ctrl+Enter", async () => {
    const { page } = await pages.open();
    await method(page, "Add").focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Arguments").focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("40, 2");
    await page.keyboard.press("Control+Enter");
    await expectPage(result(page, "Add").getByRole("tree")).toContainText("result: 42");
    await page.context().close();
  });
});

describe.for(["JSON", "MessagePack"] as const)("the demo hub over %s", (protocol) => {
  const open = async () => {
    const opened = await pages.open();
    await opened.page.getByRole("radio", { name: protocol, exact: true }).check();
    const phases = opened.page.getByRole("list", { name: "Phases of the connection" });
    await expectPage(phases).toContainText(`handshake, ${protocol.toLowerCase()} 1`);
    await expectPage(phases).toContainText("connected");
    return opened;
  };

  test("a stream shows its items while they come, and Cancel ends it", async () => {
    const { page } = await open();
    await method(page, "Prices").click();
    await page.getByLabel("Arguments").fill('"MSFT", 20, 0');
    await button(page, "Stream").click();
    const prices = result(page, "Prices");
    await expectPage(prices).toContainText(/[5-9] items|\d\d items/);
    await expectPage(prices).toContainText("a second");
    await expectPage(prices.getByRole("listitem").first()).toContainText('symbol: "MSFT"');
    await expectPage(prices.locator("svg path")).toHaveAttribute("d", /^M[\d.]+ [\d.]+L/);
    await button(page, "Cancel Prices").click();
    await expectPage(prices).toContainText("cancelled after");
    await expectPage(logRow(page, /cancel.*Prices/)).toHaveCount(1);
    await page.context().close();
  });

  test("several streams run at once", async () => {
    const { page } = await open();
    for (const symbol of ["MSFT", "AAPL"]) {
      await compose(page, "Prices", `"${symbol}", 30, 0`);
      await button(page, "Stream").click();
    }
    await expectPage(page.getByRole("button", { name: "Cancel Prices" })).toHaveCount(2);
    for (const symbol of ["MSFT", "AAPL"]) {
      await expectPage(page.getByRole("article").filter({ hasText: symbol })).toContainText(
        /[3-9] items|\d\d items/,
      );
    }
    await page.context().close();
  });

  test("an error is red and has the hub's text", async () => {
    const { page } = await open();
    await compose(page, "Fail", '"Order 7 is filled."');
    await button(page, "Invoke").click();
    const error = result(page, "Fail").getByText(/HubException: Order 7 is filled\./);
    await expectPage(error).toBeVisible();
    const red = await page.evaluate(() => {
      const probe = document.createElement("span");
      probe.style.color = "var(--error)";
      document.body.append(probe);
      return getComputedStyle(probe).color;
    });
    await expectPage(error).toHaveCSS("color", red);
    await expectPage(logRow(page, /completion.*Fail/)).toHaveCount(1);
    await page.context().close();
  });

  test("the hub's question is answered with the reply as typed", async () => {
    const { page } = await open();
    await page.getByLabel("Value that WhatIsYourName answers with").fill('"Ada Lovelace"');
    await compose(page, "AskMyName", "");
    await button(page, "Invoke").click();
    await expectPage(result(page, "AskMyName").getByRole("tree")).toContainText('"Hello, Ada Lovelace."');
    await page.context().close();
  });

  test("what the server calls is counted and shown, unsubscribed it is not", async () => {
    const { page } = await open();
    const announced = page
      .getByRole("region", { name: "From the server" })
      .getByRole("listitem")
      .filter({ hasText: "Announced" });
    await compose(page, "Broadcast", '"Lunch"');
    await button(page, "Invoke").click();
    await button(page, "Send").click();
    await expectPage(announced).toContainText("2");
    await expectPage(announced).toContainText('"guest 1", "Lunch"');
    await button(page, "Unsubscribe from Announced").click();
    await expectPage(announced).toHaveCount(0);
    await page.getByLabel("Client method to subscribe to").fill("announced");
    await page.keyboard.press("Enter");
    await button(page, "Invoke").click();
    await expectPage(page.getByRole("listitem").filter({ hasText: "announced" })).toContainText('"Lunch"');
    await page.context().close();
  });

  test("64-bit integers go there and back to the last digit, and an upload is summed", async () => {
    const { page } = await open();
    await compose(page, "Echo", '{"account": 9007199254740993}');
    await button(page, "Invoke").click();
    await expectPage(result(page, "Echo").getByRole("tree")).toContainText("account: 9007199254740993");
    await compose(page, "Sum", "stream(1, 2, 3.5)");
    await button(page, "Invoke").click();
    await expectPage(result(page, "Sum").getByRole("tree")).toContainText("sum: 6.5");
    await expectPage(logRow(page, /stream item.*Sum/)).toHaveCount(3);
    await page.context().close();
  });
});

describe("the composer", () => {
  test("arguments that cannot be read are said with line and column, and cannot be sent", async () => {
    const { page } = await pages.open();
    await page.getByLabel("Arguments").fill('"a",\n{ "b" 1 }');
    await expectPage(page.getByText("Line 2, column 7: A colon goes after the property")).toBeVisible();
    await expectPage(page.getByLabel("Arguments")).toHaveAttribute("aria-invalid", "true");
    await expectPage(button(page, "Invoke")).toBeDisabled();
    await page.getByLabel("Arguments").fill('"a",\n{ "b": 1 }');
    await expectPage(button(page, "Invoke")).toBeEnabled();
    await page.context().close();
  });

  test("target and arguments outlive a reload", async () => {
    const { page } = await pages.open();
    await compose(page, "Add", "1, 2");
    await page.reload();
    await expectPage(page.getByLabel("Target", { exact: true })).toHaveValue("Add");
    await expectPage(page.getByLabel("Arguments")).toHaveValue("1, 2");
    await page.context().close();
  });

  test("the colours lie exactly under the letters that are typed", async () => {
    const { page } = await pages.open();
    const text = Array.from({ length: 30 }, (_, line) => `"line ${line} ${"wide ".repeat(line)}"`).join(
      ",\n",
    );
    await page.getByLabel("Arguments").fill(text);
    const sizes = await page.locator(".arguments-editor").evaluate((editor) => {
      const area = editor.querySelector("textarea");
      const colours = editor.querySelector("pre");
      return {
        area: [area?.scrollHeight, area?.clientWidth],
        colours: [colours?.scrollHeight, colours?.clientWidth],
      };
    });
    expect(sizes.colours[1]).toBe(sizes.area[1]);
    // The last line break gives the copy one line more at most.
    expect(Math.abs((sizes.colours[0] ?? 0) - (sizes.area[0] ?? 0))).toBeLessThanOrEqual(20);
    await page.context().close();
  });
});

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violations(page: Page): Promise<readonly string[]> {
  // Through the debugger, which the page's content security policy does not stop.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
      };
    };
    const { violations: found } = await axe.run();
    return found.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join("\n")}`,
    );
  });
}

describe.for(["light", "dark"] as const)("accessibility, %s", (colorScheme) => {
  test.for([
    ["wide", 1400],
    ["narrow", 640],
  ] as const)("axe finds nothing in either screen, %s", async ([, width]) => {
    const { page } = await pages.open({ context: { colorScheme, viewport: { width, height: 900 } } });
    await button(page, "Invoke").click();
    await expectPage(result(page, "Join")).toContainText("answered");
    await compose(page, "Fail", "");
    await button(page, "Invoke").click();
    await compose(page, "Prices", '"MSFT", 20, 5');
    await button(page, "Stream").click();
    await expectPage(result(page, "Prices")).toContainText("ended after");
    await page.getByLabel("Arguments").fill("{");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("radio", { name: "My server" }).check();
    await page.getByLabel("Hub address").fill("nowhere");
    await button(page, "Connect").click();
    await expectPage(page.getByRole("alert")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});

describe("a narrow window", () => {
  test("has one column and never scrolls sideways", async () => {
    const { page } = await pages.open({ context: { viewport: { width: 360, height: 800 } } });
    await button(page, "Invoke").click();
    await expectPage(result(page, "Join")).toContainText("answered");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
    const lefts = await page
      .locator(".pg-column")
      .evaluateAll((columns) => columns.map((one) => one.getBoundingClientRect().left));
    expect(new Set(lefts).size).toBe(1);
    await page.context().close();
  });
});
