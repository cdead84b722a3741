import { signal } from "@preact/signals";
import { afterEach, describe, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { createSession } from "../../../core/src/session/create-session.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { formatTime } from "../../../ui/format/format-time.ts";
import type { InspectorOptions } from "../../../ui/inspector/inspector-model.ts";
import { memoryPreferences } from "../../../ui/inspector/preferences.ts";
import { longSession } from "../support/long-session.ts";
import { type Mounted, mountInspector } from "../support/mount.tsx";
import { START, speaker, tradingSession } from "../support/trading-session.ts";

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.unmount();
  mounted = undefined;
});

async function show(session: Session, options?: InspectorOptions, size?: { width: number; height: number }) {
  await page.viewport(1280, 800);
  mounted = mountInspector(session, options, size);
  return mounted;
}

const grid = () => page.getByRole("grid", { name: "Messages" });
const row = (...texts: string[]) =>
  texts.reduce((rows, hasText) => rows.filter({ hasText }), page.getByRole("row"));
const detail = () => page.getByRole("region", { name: "Detail" });

function negotiatedByJson(): Session {
  const session = createSession();
  const exchange = "e";
  const text = '{"negotiateVersion":1,"connectionId":"c","connectionToken":"t","availableTransports":[]}';
  const url = "http://localhost/hubs/json/negotiate?negotiateVersion=1";
  session.apply({ type: "http-request", at: START, exchange, method: "POST", url });
  session.apply({ type: "http-response", at: START + 1, exchange, status: 200 });
  const payload = { kind: "text", text } as const;
  session.apply({ type: "http-response-body", at: START + 2, exchange, payload, isRewritten: true });
  session.apply({ type: "http-ended", at: START + 3, exchange });
  return session;
}

test("of a body that was written anew the row says about how large it was, and the detail says why", async () => {
  await show(negotiatedByJson(), undefined, { width: 1200, height: 500 });
  await expect.element(row("negotiate")).toHaveTextContent(/~\d+ B/);
  await row("negotiate").click();
  await expect.element(detail()).toHaveTextContent("Read by the page as JSON: written anew from the value.");
  await expect.element(detail().getByRole("tab", { name: "Text" })).toBeVisible();
  await expect.element(detail().getByRole("tab", { name: "Hex" })).not.toBeInTheDocument();
});

describe("log", () => {
  test("a row shows direction, type, target, ID, data, size and latency", async () => {
    await show(tradingSession(), undefined, { width: 1200, height: 1200 });
    const cells = row("completion", "PlaceOrder").getByRole("gridcell");
    await expect.element(cells.nth(1).getByRole("img", { name: "Server to client" })).toBeInTheDocument();
    await expect.element(cells.nth(3)).toHaveTextContent("PlaceOrder");
    await expect.element(cells.nth(4)).toHaveTextContent("7");
    await expect.element(cells.nth(5)).toHaveTextContent('{id: 88123, status: "Filled"');
    await expect.element(cells.nth(7)).toHaveTextContent("64 ms");
  });

  test("the record mark is full only where the host can record something", async () => {
    const isRecorded = signal(true);
    const { root } = await show(tradingSession(), { isRecorded });
    const mark = () => root.querySelector(".record-mark")?.className;
    expect(mark()).toBe("record-mark on");
    isRecorded.value = false;
    await expect
      .element(page.getByRole("button", { name: /Pause recording.*Nothing of this page is recorded/ }))
      .toBeVisible();
    expect(mark()).toBe("record-mark idle");
  });

  test("an ID that does not fit shows its end, where it differs from others", async () => {
    const session = createSession();
    const socket = speaker((event) => session.apply(event), "s", "ws://localhost:5000/hubs/ids", "json");
    socket.open(0);
    socket.say(10, "out", {
      kind: "invocation",
      invocationId: "hubscope-123",
      target: "Long",
      arguments: [],
    });
    await show(session, undefined, { width: 1200, height: 1200 });
    const cell = row("Long").getByRole("gridcell").nth(4).element();
    expect(cell.scrollWidth).toBeGreaterThan(cell.clientWidth);
    const text = cell.querySelector("bdi")?.firstChild;
    if (!(text instanceof Text)) throw new Error("The cell has a text.");
    const end = document.createRange();
    end.setStart(text, text.length - 1);
    end.setEnd(text, text.length);
    const { left, right } = end.getBoundingClientRect();
    const box = cell.getBoundingClientRect();
    expect(left).toBeGreaterThan(box.left);
    expect(right).toBeLessThanOrEqual(box.right);
  });

  test("a click opens the detail and marks what belongs to the message", async () => {
    await show(tradingSession(), undefined, { width: 1200, height: 1200 });
    await row("completion", "PlaceOrder").click();
    await expect.element(detail()).toHaveTextContent("completion 7 · result");
    await expect.element(row("completion", "PlaceOrder")).toHaveAttribute("aria-selected", "true");
    expect(document.querySelectorAll(".log-row.related")).toHaveLength(2);
    await expect.element(page.getByRole("treeitem", { name: 'status: "Filled"' })).toBeVisible();
  });

  test("100,000 entries keep the document small, from the first row to the last", async () => {
    const { session, grow } = longSession(100_000);
    const { model, root } = await show(session);
    await expect.poll(() => model.log.rows.count.value).toBe(100_003);
    const rows = () => root.querySelectorAll("[role=row]").length;
    expect(rows()).toBeLessThan(60);
    expect(root.querySelectorAll("*").length).toBeLessThan(1500);
    await expect.element(grid()).toHaveAttribute("aria-rowcount", "100004");
    grid().element().focus();
    await userEvent.keyboard("{Home}");
    await expect.element(row("the socket is open")).toHaveAttribute("aria-rowindex", "2");
    await userEvent.keyboard("{End}");
    await expect.element(row("99999")).toHaveAttribute("aria-rowindex", "100004");
    grow(10);
    model.refresh();
    await expect.element(page.getByRole("button", { name: "10 new below" })).toBeVisible();
    await page.getByRole("button", { name: "10 new below" }).click();
    await expect.element(row("100009")).toBeVisible();
    expect(rows()).toBeLessThan(60);
  });

  test("filtering 100,000 entries lets the page have its turns until all is found", async () => {
    const { session } = longSession(100_000);
    const { model } = await show(session);
    await expect.poll(() => model.log.rows.count.value).toBe(100_003);
    // Turns of the page between the letters and the end of the work, seen from outside: a timer of its own.
    let turns = 0;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      if (model.log.rows.count.value === 9999) return;
      turns += 1;
      setTimeout(() => channel.port2.postMessage(null), 0);
    };
    channel.port2.postMessage(null);
    model.filter.search("rare -99990");
    expect(model.log.rows.count.value).toBeLessThan(9999);
    turns = 0;
    await expect.poll(() => model.log.rows.count.value, { timeout: 15_000 }).toBe(9999);
    channel.port1.close();
    expect(turns).toBeGreaterThan(2);
    await expect.element(page.getByText("9,999 of 100,003")).toBeVisible();
  });

  test("scrolling up stops the following; new rows move nothing", async () => {
    const { session, grow } = longSession(500);
    const { model, root } = await show(session);
    const body = root.querySelector("[role=grid]");
    if (body === null) throw new Error("no log");
    await expect.poll(() => body.scrollTop).toBeGreaterThan(5000);
    body.scrollTop = 2100;
    await expect.poll(() => model.log.following.value).toBe(false);
    const before = row("98", "Tick").element().getBoundingClientRect().top;
    grow(25);
    model.refresh();
    await expect.element(page.getByRole("button", { name: /new below/ })).toBeVisible();
    expect(row("98", "Tick").element().getBoundingClientRect().top).toBe(before);
    expect(body.scrollTop).toBe(2100);
  });

  test("the last row is in sight while it follows", async () => {
    const { session, grow } = longSession(500);
    const { model } = await show(session);
    grow(100);
    model.refresh();
    const last = row(formatTime(START + 609));
    await expect.element(last).toBeVisible();
    const box = last.element().getBoundingClientRect();
    const body = document.querySelector("[role=grid]")?.getBoundingClientRect();
    expect(box.bottom).toBeLessThanOrEqual((body?.bottom ?? 0) + 1);
  });
});

describe("states", () => {
  test("nothing yet: the host's sentence and its next step", async () => {
    let reloaded = 0;
    const sentence = "No SignalR traffic yet. Hubscope is recording localhost:5000 and all its frames.";
    const nothingYet = signal({ sentence, action: { label: "Reload the page", run: () => reloaded++ } });
    await show(createSession(), { nothingYet });
    await expect.element(page.getByText(sentence)).toBeVisible();
    await page.getByRole("button", { name: "Reload the page" }).click();
    expect(reloaded).toBe(1);
  });

  test("a filter that hides all offers to be cleared", async () => {
    await show(tradingSession());
    await page.getByRole("textbox", { name: "Filter" }).fill("nowhere to be found");
    await expect.element(page.getByText("No message matches.")).toBeVisible();
    await page.getByRole("button", { name: "Clear filter" }).click();
    await expect.element(page.getByRole("textbox", { name: "Filter" })).toHaveValue("");
    await expect.element(page.getByText("39 of 41")).toBeVisible();
  });

  test("paused: it says how much has arrived, and goes on", async () => {
    const { session, grow } = longSession(10);
    const { model } = await show(session);
    await page.getByRole("button", { name: /Pause recording/ }).click();
    grow(318);
    model.refresh();
    await expect.element(page.getByText("Paused. 318 messages have arrived since.")).toBeVisible();
    await page.getByRole("button", { name: "Go on", exact: true }).click();
    await expect.element(page.getByText("331 of 331")).toBeVisible();
  });

  test("a notice of the host comes and goes", async () => {
    const notice = signal<{ sentence: string } | undefined>({ sentence: "Hubscope was updated." });
    await show(createSession(), { notice });
    await expect.element(page.getByText("Hubscope was updated.")).toBeVisible();
    notice.value = undefined;
    await expect.element(page.getByText("Hubscope was updated.")).not.toBeInTheDocument();
  });
});

describe("keyboard", () => {
  test("from the log to the value and back, without a pointer", async () => {
    await show(tradingSession());
    grid().element().focus();
    await userEvent.keyboard("{Home}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{Enter}");
    await expect.element(detail()).toHaveTextContent("PlaceOrder");
    const active = grid().element().getAttribute("aria-activedescendant");
    expect(document.getElementById(active ?? "")?.getAttribute("aria-selected")).toBe("true");
    await userEvent.keyboard("j");
    await expect.element(detail()).toHaveTextContent("completion 7 · result");
    page.getByRole("tree").element().focus();
    await userEvent.keyboard("{ArrowLeft}");
    await expect
      .element(page.getByRole("treeitem", { name: /^result/ }))
      .toHaveAttribute("aria-expanded", "false");
    await userEvent.keyboard("{Escape}");
    await expect.element(detail()).not.toBeInTheDocument();
    expect(document.activeElement).toBe(grid().element());
  });

  test("/ and Ctrl+F go to the filter, Ctrl+L clears, Ctrl+E pauses, ? shows the keys", async () => {
    const { model } = await show(tradingSession());
    grid().element().focus();
    await userEvent.keyboard("/");
    await expect.element(page.getByRole("textbox", { name: "Filter" })).toHaveFocus();
    await userEvent.keyboard("order?");
    await expect.element(page.getByRole("textbox", { name: "Filter" })).toHaveValue("order?");
    grid().element().focus();
    await userEvent.keyboard("?");
    await expect.element(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await expect.element(page.getByRole("dialog", { name: "Keys" })).not.toBeInTheDocument();
    await userEvent.keyboard("{Control>}e{/Control}");
    expect(model.recording.value).toBe(false);
    await userEvent.keyboard("{Control>}e{/Control}{Control>}l{/Control}");
    expect(model.session.log).toHaveLength(0);
  });

  test("where the inspector is the whole page, its keys need no focus", async () => {
    await show(tradingSession(), { isWholePage: true });
    (document.activeElement as HTMLElement | null)?.blur();
    await userEvent.keyboard("/");
    await expect.element(page.getByRole("textbox", { name: "Filter" })).toHaveFocus();
  });

  test("the header resizes and hides columns, and remembers it", async () => {
    const preferences = memoryPreferences();
    await show(tradingSession(), { preferences });
    const header = (name: string) => page.getByRole("columnheader", { name });
    header("Time").element().focus();
    const before = header("Time").element().getBoundingClientRect().width;
    await userEvent.keyboard("{Shift>}{ArrowRight}{/Shift}");
    expect(header("Time").element().getBoundingClientRect().width).toBe(before + 8);
    await userEvent.keyboard("{ArrowRight}{ArrowRight}{Shift>}{F10}{/Shift}");
    await page.getByRole("menuitemcheckbox", { name: "Size" }).click();
    await expect.element(header("Size")).not.toBeInTheDocument();
    expect(document.activeElement).toBe(header("Type").element());
    mounted?.unmount();
    await show(tradingSession(), { preferences });
    await expect.element(header("Size")).not.toBeInTheDocument();
    expect(header("Time").element().getBoundingClientRect().width).toBe(before + 8);
  });

  test("a splitter moves with the arrow keys", async () => {
    await show(tradingSession());
    const splitter = page.getByRole("separator", { name: "Width of the connections" });
    splitter.element().focus();
    await userEvent.keyboard("{ArrowRight}");
    await expect.element(splitter).toHaveAttribute("aria-valuenow", "228");
    expect(document.getElementById("inspector-side")?.getBoundingClientRect().width).toBe(228);
  });

  test("the toolbar is one tab stop and the filter", async () => {
    const { root } = await show(tradingSession());
    const stops = [...root.querySelectorAll<HTMLElement>("[role=toolbar] :is(button, input)")].filter(
      ({ tabIndex }) => tabIndex === 0,
    );
    expect(stops).toHaveLength(2);
    stops[0]?.focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(document.activeElement).toBe(page.getByRole("button", { name: "Clear", exact: true }).element());
  });
});

describe("detail", () => {
  test("each tab shows its view", async () => {
    await show(tradingSession(), undefined, { width: 1200, height: 1200 });
    await row("completion", "PlaceOrder").click();
    await page.getByRole("tab", { name: "Raw" }).click();
    await page.getByRole("button", { name: "Show hex" }).click();
    await expect.element(page.getByRole("region", { name: "Bytes" })).toHaveTextContent("00000000");
    await page.getByRole("tab", { name: "Related 2" }).click();
    await page.getByRole("option", { name: /^Client to server ?invocation/ }).click();
    await expect.element(row("invocation", "PlaceOrder")).toHaveAttribute("aria-selected", "true");
  });

  test("text is shown as it was on the wire, made safe", async () => {
    await show(tradingSession(), undefined, { width: 1200, height: 1200 });
    await row("Alert").first().click();
    await page.getByRole("tab", { name: "Raw" }).click();
    await expect
      .element(page.getByRole("region", { name: "Raw text" }))
      .toHaveTextContent('[1.00,123456789012345678901,"\\u202egnp.exe"]');
  });

  test("the value keeps every digit", async () => {
    await show(tradingSession(), undefined, { width: 1200, height: 1200 });
    await row("Alert").first().click();
    await expect.element(page.getByRole("treeitem", { name: /^1: 123456789012345678901/ })).toBeVisible();
  });

  test("the copy menu copies by keyboard", async () => {
    const copied: string[] = [];
    const { browserPlatform } = await import("../../../ui/inspector/platform.ts");
    const platform = { ...browserPlatform, copy: async (text: string) => void copied.push(text) };
    await show(tradingSession(), { platform }, { width: 1200, height: 1200 });
    await row("invocation", "PlaceOrder").click();
    page.getByRole("button", { name: "Copy" }).element().focus();
    await userEvent.keyboard("{Enter}{ArrowDown}{Enter}");
    await expect.poll(() => copied).toEqual([expect.stringMatching(/^95|^96/)]);
    await expect.element(page.getByText("Copied as hex.").first()).toBeInTheDocument();
  });
});

describe("width", () => {
  test("under 700 px the connections are a select and the detail lies below the log", async () => {
    await show(tradingSession(), undefined, { width: 640, height: 700 });
    await page
      .getByRole("combobox", { name: "Connection" })
      .selectOptions("/hubs/admin · negotiate failed · 0");
    await expect.element(page.getByText("2/41")).toBeVisible();
    await row("negotiate").click();
    const log = document.querySelector(".log")?.getBoundingClientRect();
    expect(detail().element().getBoundingClientRect().top).toBeGreaterThanOrEqual(log?.bottom ?? 0);
  });

  test("under 360 px the log keeps time, direction, target and data, and nothing is wider than it", async () => {
    const { root } = await show(tradingSession(), undefined, { width: 340, height: 700 });
    const names = [...root.querySelectorAll("[role=columnheader]")].map((head) => head.textContent);
    expect(names).toEqual(["Time", "Direction", "Target", "Data"]);
    expect(root.scrollWidth).toBeLessThanOrEqual(340);
  });
});
