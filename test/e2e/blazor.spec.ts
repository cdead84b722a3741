import type { Page } from "playwright";
import type { InteropCall } from "../../core/src/wire/blazorpack/circuit-model.ts";
import { type BlazorPage, watchBlazorPage } from "../support/blazor-page.ts";
import { openRelay } from "../support/blazor-relay.ts";
import { buildBlazorServer, startBlazorServer } from "../support/blazor-server.ts";
import type { DotNetServer } from "../support/dotnet-server.ts";
import { test as base, expect } from "./fixtures.ts";

/** A real Blazor Server with its own script, decoded from what Chromium says over its socket. */
interface LivePage {
  readonly page: Page;
  readonly blazor: BlazorPage;
  /** Opens a page of the server, by another way to it where one is given, and waits until it is alive. */
  open(path: string, origin?: string): Promise<void>;
  readonly serverUrl: string;
  /** Does it, waits for its effect in the page, and compares the page with our tree. */
  step(what: string, act: () => Promise<unknown>, effect: () => Promise<unknown>): Promise<void>;
}

type BlazorServer = DotNetServer | { readonly missing: string };

const test = base.extend<{ live: LivePage }, { blazorServer: BlazorServer }>({
  blazorServer: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
    async ({}, use) => {
      const build = await buildBlazorServer();
      if ("missing" in build) return use(build);
      const server = await startBlazorServer(build);
      await use(server);
      return server.stop();
    },
    { scope: "worker", timeout: 600_000 },
  ],
  live: async ({ blazorServer, launchChromium }, use, testInfo) => {
    if ("missing" in blazorServer) {
      testInfo.skip(true, blazorServer.missing);
      return;
    }
    const { firstTab } = await launchChromium({ extension: false });
    const { page } = firstTab;
    const blazor = watchBlazorPage(page);
    const compare = async (what: string) => {
      await expect(async () => {
        const { tree, page: real } = await blazor.both();
        expect(tree, what).toEqual(real);
      }).toPass({ timeout: 30_000 });
      expect(blazor.circuit()?.batches.every(({ issues, misfits }) => issues.length + misfits === 0)).toBe(
        true,
      );
    };
    await use({
      page,
      blazor,
      serverUrl: blazorServer.url,
      async open(path, origin = blazorServer.url) {
        await page.goto(`${origin}/${path}`);
        // Prerendering shows the page before it is alive; what is clicked then is lost.
        await expect
          .poll(() => blazor.circuit()?.batches.some(({ completed }) => completed !== undefined))
          .toBe(true);
        await compare("when opened");
      },
      async step(what, act, effect) {
        await act();
        await effect();
        await compare(what);
      },
    });
    expect(blazor.records.flatMap(({ issues }) => issues)).toEqual([]);
  },
});

function callsOf(blazor: BlazorPage, name: string): readonly InteropCall[] {
  return blazor.circuit()?.calls.filter((call) => call.name === name) ?? [];
}

function outcomesOf(blazor: BlazorPage, name: string): readonly string[] {
  return callsOf(blazor, name).map(({ outcome }) => outcome.kind);
}

test.describe("Blazor Server", { tag: "@chromium" }, () => {
  test("our tree is the page while a counter counts", async ({ live }) => {
    const { page, blazor } = live;
    await live.open("counter");
    const count = (text: string) => () => expect(page.locator("#count")).toHaveText(`Count: ${text}`);
    await live.step("one", () => page.click("#increment"), count("1"));
    await live.step("two", () => page.click("#increment"), count("2"));
    const more = page.locator("#more");
    await live.step(
      "opened",
      () => page.click("#toggle"),
      () => expect(more).toBeVisible(),
    );
    await expect(more.locator("circle")).toHaveCount(1);
    await live.step("counts while open", () => page.click("#increment"), count("3"));
    await live.step(
      "closed",
      () => page.click("#toggle"),
      () => expect(more).toHaveCount(0),
    );
    await live.step("ten renders", () => page.click("#burst"), count("13"));
    const events = blazor.circuit()?.calls.flatMap(({ event }) => event ?? []) ?? [];
    expect(events.map(({ name, target }) => `${name} ${target?.element}#${target?.elementId}`)).toEqual([
      "click button#increment",
      "click button#increment",
      "click button#toggle",
      "click button#increment",
      "click button#toggle",
      "click button#burst",
    ]);
    const lines = blazor.circuit()?.batches.flatMap((batch) => batch.lines) ?? [];
    expect(lines.some(({ text }) => text === 'text in <h1#count> is now "2", was "1"')).toBe(true);
  });

  test("our tree is the page again when the connection was cut and the circuit goes on", async ({ live }) => {
    const { page, blazor } = live;
    const relay = await openRelay(live.serverUrl);
    try {
      await live.open("counter", relay.url);
      const count = (text: string) => () => expect(page.locator("#count")).toHaveText(`Count: ${text}`);
      await live.step("before", () => page.click("#increment"), count("1"));
      // What the server renders meanwhile comes on the next connection, before the answer to ConnectCircuit.
      const batches = () => blazor.circuit()?.batches.length ?? 0;
      const before = batches();
      await page.click("#later");
      // Blazor renders when a handler begins to wait: only then is it certain that the server has the click.
      await expect.poll(batches).toBeGreaterThan(before);
      relay.cut();
      await live.step("after", async () => {}, count("101"));
      // The count may have come just before the cut, and what is clicked without a connection is lost.
      const happenings = () => blazor.circuit()?.happenings.map(({ what }) => what) ?? [];
      await expect.poll(happenings).toContainEqual({ kind: "answer", to: "connect", isGranted: true });
      await live.step("and on", () => page.click("#increment"), count("102"));
      expect(happenings().filter(({ kind }) => kind === "start")).toHaveLength(1);
      expect(blazor.circuit()?.batches.some(({ isBehindGap }) => isBehindGap)).toBe(false);
    } finally {
      await relay.close();
    }
  });

  test("our tree is the page while a form is filled in and sent", async ({ live }) => {
    const { page } = live;
    await live.open("form");
    await live.step(
      "refused",
      () => page.click("#send"),
      () => expect(page.locator(".validation-message")).toHaveText("A name is needed."),
    );
    await live.step(
      "named",
      async () => {
        await page.fill("#name", "Ada <&> 日本");
        await page.press("#name", "Tab");
      },
      () => expect(page.locator(".validation-message")).toHaveCount(0),
    );
    await page.fill("#amount", "3");
    await page.check("#urgent");
    await page.selectOption("#size", "l");
    await page.fill("#note", "two\nlines");
    await live.step(
      "sent",
      () => page.click("#send"),
      () => expect(page.locator("#sent")).toHaveText("Ada <&> 日本: 3 l, urgent, two lines"),
    );
    await live.step(
      "typed",
      async () => {
        // A key before the answer to the last one is lost: the server renders the older value into the field.
        for (const typed of ["a", "ab", "abc"]) {
          await page.locator("#live").press(typed.slice(-1));
          await expect(page.locator("#echo")).toHaveText(typed);
        }
      },
      () => expect(page.locator("#echo")).toHaveText("abc"),
    );
    await live.step(
      "key",
      () => page.press("#keys", "ArrowDown"),
      () => expect(page.locator("#keys")).toHaveText("ArrowDown"),
    );
  });

  test("our tree is the page while lists are reordered", async ({ live }) => {
    const { page } = live;
    await live.open("list");
    const order = () => page.locator("#plain li").allTextContents();
    const reorder = async (button: string, wanted: readonly string[]) =>
      live.step(
        button,
        () => page.click(`#${button}`),
        () => expect.poll(order).toEqual(wanted),
      );
    // A component keeps its state wherever its row goes.
    await live.step(
      "clicked",
      () => page.click('#keyed li[data-number="2"] button'),
      () => expect(page.locator("#keyed li").nth(1)).toHaveText("item 2 clicked 1"),
    );
    await reorder("add", ["1", "2", "3", "7", "4", "5", "6"]);
    await reorder("reverse", ["6", "5", "4", "7", "3", "2", "1"]);
    await reorder("rotate", ["5", "4", "7", "3", "2", "1", "6"]);
    await reorder("swap", ["6", "4", "7", "3", "2", "1", "5"]);
    await reorder("remove", ["4", "7", "3", "2", "1", "5"]);
    const before = await order();
    await live.step(
      "shuffle",
      () => page.click("#shuffle"),
      () => expect.poll(order).not.toEqual(before),
    );
    await expect(page.locator('#keyed li[data-number="2"]')).toHaveText("item 2 clicked 1");
    await reorder("clear", []);
    await reorder("add", ["8"]);
  });

  test("calls between .NET and the page are paired with their answers, and streams counted", async ({
    live,
  }) => {
    const { page, blazor } = live;
    await live.open("interop");
    const shows = async (button: string, wanted: string) =>
      live.step(
        button,
        () => page.click(`#${button}`),
        () => expect(page.locator("#outcome")).toHaveText(wanted),
      );
    await shows("sum", "42");
    await shows("fail", "JSException: broken");
    await shows("nothing", "nothing");
    await shows("element", "outcome");
    await shows("bytes", "254 2 1");
    await shows("callback", "hello page, 49");
    await shows("upload", "70000 bytes");
    await shows("download", "70000 bytes");
    await shows("cancel", "TaskCanceledException: A task was canceled.");
    const squares = await page.evaluate<readonly number[]>(
      "Promise.all([window.square(3), window.square(4)])",
    );
    expect(squares).toEqual([9, 16]);
    expect(await page.evaluate<readonly number[]>("window.doubled(1, 200)")).toEqual([1, 200, 1, 200]);
    expect(await page.evaluate<string>("window.refused()")).toContain("refused");

    const outcomes = {
      "interop.add": ["succeeded"],
      "interop.fail": ["failed"],
      "interop.nothing": ["succeeded"],
      "interop.idOf": ["succeeded"],
      "interop.reversed": ["succeeded"],
      "interop.callBack": ["succeeded"],
      Greet: ["succeeded"],
      Square: ["succeeded", "succeeded", "succeeded"],
      Doubled: ["succeeded"],
      Refuse: ["failed"],
      // .NET waits no longer, which it tells nobody: the page still answers.
      "interop.slow": ["succeeded"],
    };
    for (const [name, wanted] of Object.entries(outcomes)) {
      await expect.poll(() => outcomesOf(blazor, name), name).toEqual(wanted);
    }
    const [reversed] = callsOf(blazor, "interop.reversed");
    expect([...(reversed?.bytes.values() ?? [])]).toEqual([new Uint8Array([1, 2, 254])]);
    const [doubled] = callsOf(blazor, "Doubled");
    // The first bytes of .NET were those of interop.reversed.
    expect(doubled?.outcome).toMatchObject({
      resultJson: '{"__byte[]":2}',
      bytes: new Map([[2, new Uint8Array([1, 200, 1, 200])]]),
    });
    expect(
      blazor.circuit()?.streams.map(({ kind, size, pieces, outcome }) => [kind, size, pieces, outcome.kind]),
    ).toEqual([
      ["js-to-net", 70_000, 3, "complete"],
      ["net-to-js", 70_000, 3, "complete"],
    ]);
    expect(blazor.circuit()?.calls.filter(({ outcome }) => outcome.kind === "pending")).toEqual([]);
  });

  test("a component that throws is replaced by its boundary, and ends the circuit without one", async ({
    live,
  }) => {
    const { page, blazor } = live;
    await live.open("throwing");
    await live.step(
      "caught",
      () => page.click("#break"),
      () => expect(page.locator("#caught")).toHaveText("caught by the boundary"),
    );
    expect(blazor.circuit()?.state).toBe("connected");
    await page.click("#kill");
    await expect.poll(() => blazor.circuit()?.state).toBe("failed");
    const happenings = blazor.circuit()?.happenings.map(({ what }) => what) ?? [];
    expect(happenings).toContainEqual({
      kind: "error",
      message: expect.stringContaining("InvalidOperationException: not caught"),
    });
    expect(blazor.circuit()?.calls.at(-1)?.outcome.kind).toBe("abandoned");
  });
});
