import type * as signalR from "@microsoft/signalr";
import type { InspectedTab } from "./driver/inspected-browser.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./server-fixtures.ts";

/** What the page keeps for its test. */
interface ActedPage {
  readonly connection: signalR.HubConnection;
  /** Every message that the page's client was given. */
  readonly seen: { readonly type: number; readonly target?: string; readonly invocationId?: string }[];
  /** What the page's own handlers and callbacks heard. */
  readonly heard: string[];
  /** Warnings and errors of the page's client. */
  readonly complaints: string[];
}

type Protocol = "json" | "messagepack";

/** Starts the official client in the page, with eyes on what it is given. */
async function startClient(
  tab: InspectedTab,
  server: string,
  { protocol, transport = 1 }: { protocol: Protocol; transport?: number },
): Promise<void> {
  await tab.goto(`${server}/blank.html`);
  await tab.evaluate(
    async (name, kind) => {
      for (const script of ["signalr", "signalr-protocol-msgpack"]) {
        await new Promise((resolve) => {
          const element = document.createElement("script");
          element.src = `/vendor/${script}.js`;
          element.onload = resolve;
          document.head.append(element);
        });
      }
      const client = (
        window as unknown as {
          signalR: typeof signalR & {
            protocols: { msgpack: { MessagePackHubProtocol: new () => signalR.IHubProtocol } };
          };
        }
      ).signalR;
      const page: ActedPage = { connection: undefined as never, seen: [], heard: [], complaints: [] };
      const hubProtocol =
        name === "json"
          ? new client.JsonHubProtocol()
          : new client.protocols.msgpack.MessagePackHubProtocol();
      const parse = hubProtocol.parseMessages.bind(hubProtocol);
      hubProtocol.parseMessages = (input, logger) => {
        const messages = parse(input, logger);
        for (const message of messages) {
          const { target, invocationId } = message as { target?: string; invocationId?: string };
          page.seen.push({
            type: message.type,
            ...(target && { target }),
            ...(invocationId && { invocationId }),
          });
        }
        return messages;
      };
      const connection = new client.HubConnectionBuilder()
        .withUrl("/hubs/calls", kind)
        .withHubProtocol(hubProtocol)
        .withAutomaticReconnect(new Array<number>(30).fill(200))
        .withServerTimeout(60_000)
        .withKeepAliveInterval(1_000)
        .configureLogging({
          log: (level, text) => {
            if (level >= client.LogLevel.Warning) page.complaints.push(text);
          },
        })
        .build();
      connection.on("Said", (_from: string, text: string) => {
        page.heard.push(text);
      });
      connection.onreconnecting((error) => page.heard.push(`reconnecting: ${error?.message}`));
      connection.onreconnected(() => page.heard.push("reconnected"));
      connection.onclose((error) => page.heard.push(`closed: ${error?.message}`));
      await connection.start();
      Object.assign(window, page, { connection });
    },
    protocol,
    transport,
  );
}

/** From the next message on the page's client gives its server up after so many ms of silence. */
const setServerTimeout = (tab: InspectedTab, milliseconds: number) =>
  tab.evaluate((value) => {
    (window as unknown as ActedPage).connection.serverTimeoutInMilliseconds = value;
  }, milliseconds);

const heard = (tab: InspectedTab) => tab.evaluate(() => (window as unknown as ActedPage).heard);
const complaints = (tab: InspectedTab) => tab.evaluate(() => (window as unknown as ActedPage).complaints);
const seen = (tab: InspectedTab) => tab.evaluate(() => (window as unknown as ActedPage).seen);
const invoke = (tab: InspectedTab, target: string, ...args: readonly unknown[]) =>
  tab.evaluate(
    (name, values) => (window as unknown as ActedPage).connection.invoke(name, ...(values as unknown[])),
    target,
    args,
  );
/** The page calls, and does not wait for the answer. */
const call = (tab: InspectedTab, target: string, ...args: readonly unknown[]) =>
  tab.evaluate(
    (name, values) => {
      void (window as unknown as ActedPage).connection.invoke(name, ...(values as unknown[])).then(
        (result) => (window as unknown as ActedPage).heard.push(`${name}: ${result}`),
        (error) => (window as unknown as ActedPage).heard.push(`${name} failed: ${error}`),
      );
    },
    target,
    args,
  );

/** Chooses in the `select` with this label. */
async function choose(panel: PanelDriver, label: string, value: string): Promise<void> {
  await panel.waitFor(
    (name, wanted) => {
      const select = document.querySelector<HTMLSelectElement>(`select[aria-label="${name}"]`);
      if (select === null || ![...select.options].some((option) => option.value === wanted)) return false;
      select.value = wanted;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      return true;
    },
    label,
    value,
  );
}

async function open(panel: PanelDriver, drawer: "Send…" | "Break…"): Promise<void> {
  const isOpen = await panel.evaluate(
    (name) =>
      [...document.querySelectorAll("button")].some(
        (button) =>
          button.textContent?.includes(name) === true && button.getAttribute("aria-expanded") === "true",
      ),
    drawer,
  );
  if (!isOpen) await panel.clickNamed("button", drawer);
}

async function say(
  panel: PanelDriver,
  mode: "To the server" | "To the page (simulate)",
  what: { readonly kind: string; readonly target: string; readonly text: string },
): Promise<void> {
  await open(panel, "Send…");
  await panel.clickNamed("radio", mode);
  await choose(panel, "Kind", what.kind);
  await panel.fill("combobox", "Target", what.target);
  await panel.fill("textbox", "Arguments", what.text);
  await panel.clickNamed("button", mode === "To the server" ? "Send to server" : "Deliver to page");
}

interface FaultForm {
  readonly kind: string;
  readonly direction?: "in" | "out";
  readonly target?: string;
  readonly delay?: string;
  readonly times?: string;
}

async function addFault(
  panel: PanelDriver,
  { kind, direction, target, delay, times }: FaultForm,
): Promise<void> {
  await open(panel, "Break…");
  await choose(panel, "Fault", kind);
  if (direction !== undefined) await choose(panel, "Direction of the messages", direction);
  if (target !== undefined) await panel.fill("combobox", "Target of the messages", target);
  if (delay !== undefined)
    await panel.fill("textbox", kind === "delay" ? "Delay, ms" : "Longest wait, ms", delay);
  if (times !== undefined) await panel.fill("textbox", "Attempts", times);
  await panel.clickNamed("button", "Add fault");
}

/** Until the page has the fault; returns what the hub said last, which it struck: the first may have been on its way before. */
async function sayUntilStruck(tab: InspectedTab, panel: PanelDriver): Promise<string> {
  let times = 0;
  const text = () => `said ${times}`;
  await expect
    .poll(async () => {
      times++;
      await invoke(tab, "SayToCaller", text());
      return panel.text();
    })
    .toMatch(/struck \d/);
  return text();
}

/** The row that the log has for a message, as soon as it has one. */
async function rowOf(
  panel: PanelDriver,
  matches: (cells: Readonly<Record<string, string>>) => boolean,
): Promise<string> {
  let found: string | undefined;
  await expect
    .poll(async () => {
      found = (await panel.allRows()).find(({ cells }) => matches(cells))?.text;
      return found;
    })
    .toBeDefined();
  return found ?? "";
}

for (const protocol of ["json", "messagepack"] as const) {
  test(`over ${protocol} the user sends, simulates, drops, delays and reorders on the page's connection`, async ({
    tab,
    server,
  }) => {
    await startClient(tab, server, { protocol });
    const panel = await tab.openPanel();
    await rowOf(panel, (cells) => /handshake/i.test(cells["Type"] ?? ""));

    await test.step("send: the reply is paired in the log, and the page's client knows nothing of it", async () => {
      await say(panel, "To the server", {
        kind: "invocation",
        target: "EchoString",
        text: '"from the panel"',
      });
      const reply = await rowOf(
        panel,
        (cells) => cells["ID"] === "hubscope-1" && /completion|result/i.test(cells["Type"] ?? ""),
      );
      expect(reply).toContain("EchoString");
      expect(reply).toContain("from the panel");
      expect(await invoke(tab, "EchoString", "the page's own")).toBe("the page's own");
      expect((await seen(tab)).filter(({ invocationId }) => invocationId?.startsWith("hubscope"))).toEqual(
        [],
      );
      expect((await seen(tab)).filter(({ type }) => type === 3)).toHaveLength(1);
      expect(await complaints(tab)).toEqual([]);
    });

    await test.step("simulate: the page's handler runs", async () => {
      await say(panel, "To the page (simulate)", {
        kind: "send",
        target: "Said",
        text: '"me", "never said"',
      });
      await expect.poll(() => heard(tab)).toContain("never said");
      expect(await complaints(tab)).toEqual([]);
    });

    await test.step("drop: what the hub says does not arrive, what it answers does", async () => {
      await addFault(panel, { kind: "drop", direction: "in", target: "Said" });
      expect(await heard(tab)).not.toContain(await sayUntilStruck(tab, panel));
      await panel.clickNamed("button", "Undo all");
      await expect.poll(async () => (await panel.text()).includes("Undo all")).toBe(false);
    });

    await test.step("delay: it arrives, after what came later", async () => {
      await addFault(panel, { kind: "delay", direction: "in", target: "Said", delay: "1500" });
      await expect.poll(() => panel.text()).toContain("Undo all");
      await call(tab, "SayToCaller", "late");
      await call(tab, "EchoString", "in time");
      await expect.poll(() => heard(tab)).toContain("late");
      const lines = await heard(tab);
      expect(lines.indexOf("EchoString: in time")).toBeGreaterThan(-1);
      expect(lines.indexOf("EchoString: in time")).toBeLessThan(lines.indexOf("late"));
      await panel.clickNamed("button", "Undo all");
      await expect.poll(async () => (await panel.text()).includes("Undo all")).toBe(false);
    });

    await test.step("reorder: a call of the page is overtaken by its next", async () => {
      await addFault(panel, { kind: "reorder", direction: "out", target: "EchoInt", delay: "10000" });
      await expect.poll(() => panel.text()).toContain("Undo all");
      await call(tab, "EchoInt", 1);
      await call(tab, "EchoString", "overtakes");
      await expect.poll(() => heard(tab)).toContain("EchoInt: 1");
      const lines = await heard(tab);
      expect(lines.indexOf("EchoString: overtakes")).toBeLessThan(lines.indexOf("EchoInt: 1"));
    });
    expect(await complaints(tab)).toEqual([]);
  });
}

for (const [name, transport] of [
  ["Server-Sent Events", 2],
  ["long polling", 4],
] as const) {
  test(`over ${name} what the user sends goes as the page sends, and its reply is paired`, async ({
    tab,
    server,
  }) => {
    await startClient(tab, server, { protocol: "json", transport });
    const panel = await tab.openPanel();
    await rowOf(panel, (cells) => /handshake/i.test(cells["Type"] ?? ""));
    await say(panel, "To the server", { kind: "invocation", target: "EchoString", text: '"by a POST"' });
    const reply = await rowOf(
      panel,
      (cells) => cells["ID"] === "hubscope-1" && /completion|result/i.test(cells["Type"] ?? ""),
    );
    expect(reply).toContain("by a POST");
    expect(await invoke(tab, "EchoString", "the page's own")).toBe("the page's own");
    const given = (await seen(tab)).filter(({ invocationId }) => invocationId?.startsWith("hubscope"));
    expect(given).toEqual([]);
    expect(await complaints(tab)).toEqual([]);
  });

  test(`over ${name} the user simulates, breaks what goes each way, and cuts`, async ({ tab, server }) => {
    await startClient(tab, server, { protocol: "json", transport });
    const panel = await tab.openPanel();
    await rowOf(panel, (cells) => /handshake/i.test(cells["Type"] ?? ""));

    await test.step("simulate: the page's handler runs, and its calls are answered as before", async () => {
      await say(panel, "To the page (simulate)", {
        kind: "send",
        target: "Said",
        text: '"me", "never said"',
      });
      await expect.poll(() => heard(tab)).toContain("never said");
      expect(await invoke(tab, "EchoString", "after it")).toBe("after it");
    });

    await test.step("drop what the page sends: it is done with it, and the server never gets it", async () => {
      await addFault(panel, { kind: "drop", direction: "out", target: "SayToCaller" });
      await expect.poll(() => panel.text()).toContain("Undo all");
      await tab.evaluate(() => (window as unknown as ActedPage).connection.send("SayToCaller", "lost"));
      expect(await invoke(tab, "EchoString", "a round trip later")).toBe("a round trip later");
      await rowOf(panel, (cells) => cells["Target"] === "SayToCaller");
      expect(await heard(tab)).not.toContain("lost");
      await panel.clickNamed("button", "Undo all");
      await expect.poll(async () => (await panel.text()).includes("Undo all")).toBe(false);
    });

    await test.step("delay what the server sends: it arrives, after what came later", async () => {
      await addFault(panel, { kind: "delay", direction: "in", target: "Said", delay: "1500" });
      await expect.poll(() => panel.text()).toContain("Undo all");
      await call(tab, "SayToCaller", "late");
      await call(tab, "EchoString", "in time");
      await expect.poll(() => heard(tab)).toContain("late");
      const lines = await heard(tab);
      expect(lines.indexOf("EchoString: in time")).toBeGreaterThan(-1);
      expect(lines.indexOf("EchoString: in time")).toBeLessThan(lines.indexOf("late"));
      expect(await complaints(tab)).toEqual([]);
      await panel.clickNamed("button", "Undo all");
      await expect.poll(async () => (await panel.text()).includes("Undo all")).toBe(false);
    });

    await test.step("closed, the panel leaves nothing held", async () => {
      await addFault(panel, { kind: "silence" });
      await expect.poll(() => panel.text()).toContain("Undo all");
      await tab.evaluate(() => (window as unknown as ActedPage).connection.send("SayToCaller", "held"));
      await expect.poll(() => panel.text()).toContain("1 payload held");
      await tab.closePanel();
      await expect.poll(() => heard(tab), { timeout: 30_000 }).toContain("held");
      expect(await invoke(tab, "EchoString", "all is well")).toBe("all is well");
    });

    await test.step("cut: the client hears of a network that failed, and comes back", async () => {
      const other = await tab.openPanel();
      await open(other, "Break…");
      await other.clickNamed("button", "Cut now");
      await expect.poll(() => heard(tab)).toContain("reconnected");
      const [lost] = (await heard(tab)).filter((line) => line.startsWith("reconnecting"));
      if (transport === 4) expect(lost).toMatch(/Failed to fetch|NetworkError when attempting to fetch/);
      expect(await invoke(tab, "EchoString", "on a new connection")).toBe("on a new connection");
      await expect
        .poll(async () => (await other.allRows()).some(({ text }) => text.includes("cut by Hubscope")))
        .toBe(true);
    });
  });
}

test("the user cuts, refuses and silences; closing the panel undoes all", async ({
  inspectedBrowser,
  tab,
  server,
}) => {
  await startClient(tab, server, { protocol: "json" });
  let panel = await tab.openPanel();
  await rowOf(panel, (cells) => /handshake/i.test(cells["Type"] ?? ""));

  await test.step("cut: the client sees 1006 and comes back", async () => {
    await open(panel, "Break…");
    await panel.clickNamed("button", "Cut now (1006)");
    await expect.poll(() => heard(tab)).toContain("reconnected");
    expect((await heard(tab)).join("\n")).toContain("1006");
    expect(await rowOf(panel, (cells) => cells["Type"] === "close")).toContain("cut by Hubscope");
  });

  await test.step("refuse: the client tries as often as it is refused, and then comes back", async () => {
    await addFault(panel, { kind: "refuse", times: "2" });
    await expect.poll(() => panel.text()).toContain("Undo all");
    const before = (await heard(tab)).filter((line) => line === "reconnected").length;
    await panel.clickNamed("button", "Cut now (1006)");
    await expect
      .poll(async () => (await heard(tab)).filter((line) => line === "reconnected").length)
      .toBe(before + 1);
    const failed = (await complaints(tab)).filter((text) =>
      text.startsWith("Failed to complete negotiation"),
    );
    expect(failed).toHaveLength(2);
    const refused = (await panel.allRows()).filter(({ text }) => text.includes("refused by Hubscope"));
    expect(refused.map(({ cells }) => cells["Type"])).toEqual(["negotiate", "negotiate"]);
  });

  await test.step("a background that ends leaves broken what is broken, and can be told again", async () => {
    await addFault(panel, { kind: "drop", direction: "in", target: "Said" });
    await sayUntilStruck(tab, panel);
    await inspectedBrowser.endBackground();
    await invoke(tab, "SayToCaller", "lost");
    await invoke(tab, "EchoString", "a round trip later");
    expect(await heard(tab)).not.toContain("lost");
    await panel.clickNamed("button", "Undo all");
    await expect
      .poll(async () => {
        await invoke(tab, "SayToCaller", "found");
        return heard(tab);
      })
      .toContain("found");
  });

  // Longer than the 5 seconds after which the hook looks whether its relay is still there.
  await test.step("silence: the client's server timeout strikes", async () => {
    // Counted from the next message on; up to here a slow machine may take its time.
    await setServerTimeout(tab, 7_000);
    await invoke(tab, "EchoString", "before the silence");
    await addFault(panel, { kind: "silence" });
    await expect
      .poll(async () => (await heard(tab)).join("\n"), { timeout: 60_000 })
      .toContain("Server timeout elapsed");
    await setServerTimeout(tab, 60_000);
  });

  await test.step("closed, the panel leaves nothing broken: the client comes back by itself", async () => {
    const before = (await heard(tab)).filter((line) => line === "reconnected").length;
    await tab.closePanel();
    await expect
      .poll(async () => (await heard(tab)).filter((line) => line === "reconnected").length, {
        timeout: 60_000,
      })
      .toBeGreaterThan(before);
    expect(await invoke(tab, "EchoString", "all is well")).toBe("all is well");
    panel = await tab.openPanel();
    expect(await panel.text()).not.toContain("Undo all");
    expect(await invoke(tab, "EchoString", "still")).toBe("still");
  });
});
