import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { ABLE, type FakeActor, fakeActor } from "../../support/fake-actor.ts";
import { type Mounted, mountInspector } from "../../support/mount.tsx";
import { START, tradingSession } from "../../support/trading-session.ts";

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.unmount();
  mounted = undefined;
  document.documentElement.style.colorScheme = "";
});

interface Shown extends Mounted {
  readonly actor: FakeActor;
}

async function show(size = { width: 1200, height: 760 }): Promise<Shown> {
  await page.viewport(1280, 800);
  const session = tradingSession();
  let refresh = (): void => undefined;
  let time = START + 6000;
  const actor = fakeActor(
    session,
    () => refresh(),
    () => (time += 64),
  );
  mounted = mountInspector(session, { actor }, size);
  refresh = mounted.model.refresh;
  return { ...mounted, actor };
}

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const sendDrawer = () => page.getByRole("region", { name: "Send", exact: true });
const breakDrawer = () => page.getByRole("region", { name: "Break", exact: true });
const row = (...texts: string[]) =>
  texts.reduce((rows, hasText) => rows.filter({ hasText }), page.getByRole("row"));
const focused = (): Element | null => document.activeElement;

test("without an actor there is nothing of it", async () => {
  await page.viewport(1280, 800);
  mounted = mountInspector(tradingSession(), undefined);
  await expect.element(page.getByRole("toolbar")).toBeVisible();
  expect(button("Send…").query()).toBeNull();
  expect(button("Break…").query()).toBeNull();
  await row("completion", "PlaceOrder").click();
  await expect.element(page.getByRole("region", { name: "Detail" })).toBeVisible();
  expect(button("Simulate").query()).toBeNull();
  page.getByRole("grid", { name: "Messages" }).element().focus();
  await userEvent.keyboard("sb");
  expect(document.querySelector("#inspector-drawer")).toBeNull();
});

describe("the Send drawer", () => {
  test("is opened, used and closed by keyboard, and the focus comes back", async () => {
    const { actor } = await show();
    const opener = button("Send…");
    await expect.element(opener).toHaveAttribute("aria-expanded", "false");
    opener.element().focus();
    await userEvent.keyboard("{Enter}");
    await expect.element(sendDrawer()).toBeVisible();
    await expect.element(opener).toHaveAttribute("aria-expanded", "true");
    expect(focused()).toBe(page.getByRole("combobox", { name: "Target" }).element());
    await userEvent.keyboard("Echo{Tab}{Tab}");
    expect(focused()).toBe(page.getByRole("textbox", { name: "Arguments" }).element());
    await userEvent.keyboard("42{Control>}{Enter}{/Control}");
    const result = sendDrawer().getByRole("listitem", { name: "Echo" });
    await expect.element(result).toHaveTextContent("Sent. Waiting for the answer.");
    actor.answer();
    await expect.element(result).toHaveTextContent("Answered in 64 ms.");
    await expect.element(result.getByRole("treeitem", { name: "result: 42" })).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await expect.element(sendDrawer()).not.toBeInTheDocument();
    expect(focused()).toBe(opener.element());
  });

  test("leads to the row of the answer", async () => {
    const { actor, model } = await show();
    model.act?.send.change({ target: "Echo", text: "42" });
    await button("Send…").click();
    await button("Send to server").click();
    await expect.element(button("Show message")).toBeVisible();
    actor.answer();
    await button("Show answer").click();
    await expect.element(row("completion", "Echo")).toHaveAttribute("aria-selected", "true");
    await expect.element(row("invocation", "Echo").getByText("sent by Hubscope")).toBeVisible();
    await button("Show message").click();
    const detail = page.getByRole("region", { name: "Detail" });
    await expect.element(detail).toHaveTextContent("You sent this through the page's connection");
  });

  test("a fault in the arguments is said with its place, and nothing can be sent", async () => {
    await show();
    await button("Send…").click();
    await page.getByRole("combobox", { name: "Target" }).fill("Echo");
    await page.getByRole("textbox", { name: "Arguments" }).fill("[1");
    await expect.element(button("Send to server")).toBeDisabled();
    await expect.element(sendDrawer()).toHaveTextContent("Line 1, column 3:");
    await expect
      .element(page.getByRole("textbox", { name: "Arguments" }))
      .toHaveAttribute("aria-invalid", "true");
  });

  test("what cannot be done says why", async () => {
    const { actor, model } = await show();
    actor.can = {
      ...ABLE,
      send: { can: false, reason: "Long polling has no open request." },
      warning: "Out of step.",
    };
    model.session.apply({ type: "page-navigated", at: START + 7000, url: "http://localhost:5000/" });
    model.refresh();
    await button("Send…").click();
    await page.getByRole("combobox", { name: "Target" }).fill("Echo");
    await expect.element(button("Send to server")).toBeDisabled();
    await expect.element(sendDrawer()).toHaveTextContent("Long polling has no open request.");
    await expect.element(sendDrawer()).toHaveTextContent("Out of step.");
    await page.getByRole("radio", { name: "To the page (simulate)" }).click();
    await page.getByRole("combobox", { name: "Target" }).fill("Tick");
    await expect.element(button("Deliver to page")).toBeEnabled();
  });
});

describe("a captured message", () => {
  test("is sent again as it was from the menu of its row, and the focus stays in the log", async () => {
    const { actor } = await show({ width: 1200, height: 1300 });
    await page.viewport(1280, 1300);
    const grid = page.getByRole("grid", { name: "Messages" });
    await row("invocation", "CancelOrder").click();
    grid.element().focus();
    await userEvent.keyboard("{Shift>}{F10}{/Shift}");
    await expect.element(page.getByRole("menu", { name: "Message" })).toBeVisible();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    await expect.element(sendDrawer()).toBeVisible();
    expect(focused()).toBe(grid.element());
    await expect.poll(() => actor.asked.length).toBe(1);
    expect(actor.asked[0]).toMatchObject({
      how: "send",
      what: { kind: "payload", payload: { kind: "binary" } },
    });
    await expect.element(row("CancelOrder").getByText("sent by Hubscope")).toBeVisible();
  });

  test("is edited and sent by one key, and Escape leads back to the log", async () => {
    await show({ width: 1200, height: 1300 });
    await page.viewport(1280, 1300);
    const grid = page.getByRole("grid", { name: "Messages" });
    await row("invocation", "PlaceOrder").click();
    grid.element().focus();
    await userEvent.keyboard("e");
    await expect.element(page.getByRole("combobox", { name: "Target" })).toHaveValue("PlaceOrder");
    await expect
      .element(page.getByRole("textbox", { name: "Arguments" }))
      .toHaveValue('"MSFT",\n200,\n{"limit": 412.35, "tif": "Day"}');
    expect(sendDrawer().element().contains(focused())).toBe(true);
    await userEvent.keyboard("{Escape}");
    await expect.element(sendDrawer()).not.toBeInTheDocument();
    expect(focused()).toBe(grid.element());
  });

  test("that came from the server is simulated, edited, from the detail", async () => {
    const { actor } = await show({ width: 1200, height: 1300 });
    await page.viewport(1280, 1300);
    await row("invocation", "Tick").click();
    await button("Simulate").click();
    await page.getByRole("menuitem", { name: "Edit and simulate…" }).click();
    await expect.element(page.getByRole("radio", { name: "To the page (simulate)" })).toBeChecked();
    await expect.poll(() => sendDrawer().element().contains(focused())).toBe(true);
    await page.getByRole("textbox", { name: "Arguments" }).fill('"MSFT", 1');
    await button("Deliver to page").click();
    await expect.element(row("Tick").getByText("simulated by Hubscope")).toBeVisible();
    expect(actor.asked[0]).toMatchObject({ how: "simulate", what: { message: { arguments: ["MSFT", 1] } } });
  });

  test("is filtered by what was done to it, and copied with it", async () => {
    const { model, actor } = await show();
    await actor.simulate(model.session.connections[0]?.id ?? "", {
      kind: "message",
      message: { kind: "invocation", target: "Tick", arguments: [1] },
    });
    await page.getByRole("textbox", { name: "Filter" }).fill("is:act");
    await expect.element(page.getByText("1 of ", { exact: false }).first()).toBeVisible();
    await expect.poll(() => model.log.rows.count.value).toBe(1);
    await page.getByRole("textbox", { name: "Filter" }).fill("is:dropped");
    await expect.poll(() => model.log.rows.count.value).toBe(0);
    await page.getByRole("textbox", { name: "Filter" }).fill("-is:simulated");
    await expect.poll(() => model.log.rows.numbers.length).toBeGreaterThan(20);
  });
});

describe("the Break drawer", () => {
  test("adds a fault by keyboard; the badge counts it, says so politely, and undoes it", async () => {
    const { actor, root } = await show();
    page.getByRole("grid", { name: "Messages" }).element().focus();
    await userEvent.keyboard("b");
    await expect.element(breakDrawer()).toBeVisible();
    expect(focused()).toBe(page.getByRole("combobox", { name: "Fault" }).element());
    await page.getByRole("combobox", { name: "Target of the messages" }).fill("Tick");
    await userEvent.keyboard("{Enter}");
    expect(actor.faults.value).toEqual([
      { id: "fault-1", kind: "drop", direction: "in", target: "Tick", share: 1 },
    ]);
    const badge = page.getByRole("group", { name: "Faults" });
    await expect.element(badge).toHaveTextContent("1 fault active");
    expect(root.querySelector("[aria-live=polite]")?.textContent).toBe("1 fault active.");
    const line = breakDrawer().getByRole("listitem");
    await expect.element(line).toHaveTextContent("Drop Tick to the page on every connection");
    actor.strike("fault-1", 3);
    await expect.element(line).toHaveTextContent("struck 3 times");
    await userEvent.keyboard("{Escape}");
    await expect.element(breakDrawer()).not.toBeInTheDocument();
    await badge.getByRole("button", { name: "Undo all" }).click();
    expect(actor.faults.value).toEqual([]);
    await expect.element(badge).not.toBeInTheDocument();
  });

  test("a fault is switched off, on, and removed", async () => {
    const { actor } = await show();
    await button("Break…").click();
    await page.getByRole("combobox", { name: "Fault" }).selectOptions("silence");
    await button("Add fault").click();
    const box = page.getByRole("checkbox", { name: /Hold everything/ });
    await box.click();
    expect(actor.faults.value).toEqual([]);
    await box.click();
    expect(actor.faults.value).toHaveLength(1);
    await button("Remove: Hold everything from the server").click();
    expect(actor.faults.value).toEqual([]);
    await expect.element(breakDrawer()).toHaveTextContent("Nothing is broken.");
  });

  test("cuts and closes the chosen connection", async () => {
    const { actor, model } = await show();
    await button("Break…").click();
    await page
      .getByRole("combobox", { name: "Connection to act on" })
      .selectOptions("/hubs/trading · connected");
    await page.getByRole("textbox", { name: "Close code" }).fill("1006");
    await expect.element(button("Close connection")).toBeDisabled();
    await button("Cut now (1006)").click();
    await expect.element(breakDrawer()).toHaveTextContent("Cut. The page sees close code 1006.");
    expect(actor.asked).toEqual([
      { how: "cut", connection: model.session.connections[0]?.id, cut: { kind: "abnormal" } },
    ]);
  });
});

test("no two elements have one ID while a message and answers like it are shown", async () => {
  const { model, actor, root } = await show();
  model.act?.open("send");
  for (const text of ["1", "2"]) {
    model.act?.send.change({ target: "Echo", text });
    model.act?.send.submit();
    await expect.poll(() => actor.asked.length).toBe(Number(text));
  }
  actor.answer();
  await expect.element(sendDrawer().getByRole("tree").nth(1)).toBeVisible();
  const answer = model.session.log.findLast((entry) => entry.kind === "message" && entry.target === "Echo");
  model.open(answer?.number ?? 0);
  await expect.poll(() => root.querySelectorAll("[role=tree]").length).toBe(3);
  const ids = [...root.querySelectorAll("[id]")].map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test.for([
  { width: 1200, height: 760 },
  { width: 640, height: 760 },
  { width: 340, height: 760 },
  { width: 1000, height: 240 },
])("the badge is seen at $width × $height", async (size) => {
  const { actor, root } = await show(size);
  actor.changeFaults([{ id: "a", kind: "silence" }]);
  const badge = page.getByRole("group", { name: "Faults" });
  await expect.element(badge).toBeVisible();
  const [inner, outer] = [badge.element().getBoundingClientRect(), root.getBoundingClientRect()];
  expect(inner.left).toBeGreaterThanOrEqual(outer.left);
  expect(inner.right).toBeLessThanOrEqual(outer.right);
  expect(inner.bottom).toBeLessThanOrEqual(outer.bottom);
});

const looks = (["light", "dark"] as const).flatMap((scheme) =>
  ([1200, 640, 340] as const).flatMap((width) =>
    (["invocation", "completion", "close", "break"] as const).map((what) => ({ scheme, width, what })),
  ),
);

test.for(looks)("axe finds nothing: $what, $scheme, $width px", async ({ scheme, width, what }) => {
  document.documentElement.style.colorScheme = scheme;
  document.title = "Inspector";
  document.documentElement.lang = "en";
  const { model, actor, root } = await show({ width, height: 790 });
  const { act } = model;
  if (act === undefined) throw new Error("there is an actor");
  actor.can = { ...ABLE, cut: { can: false, reason: "It has ended." }, warning: "Out of step." };
  if (what === "break") {
    act.open("break");
    act.breaking.change({ kind: "delay" });
    act.breaking.add();
    act.breaking.add();
    act.breaking.toggle("fault-2");
  } else {
    act.open("send");
    act.send.change({ kind: "invocation", target: "Echo", text: '{"a": 1}' });
    act.send.submit();
    await expect.poll(() => actor.asked.length).toBe(1);
    actor.answer();
    act.send.change({ kind: what, target: "", text: "[1", invocationId: "1" });
    const sent = model.session.log.findLast((entry) => entry.kind === "message" && entry.act === "sent");
    model.open(sent?.number ?? 0);
  }
  await expect
    .element(page.getByRole("region", { name: what === "break" ? "Break" : "Send", exact: true }))
    .toBeVisible();
  const { violations } = await axe.run(root, { resultTypes: ["violations"] });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
});
