import {
  type Guard,
  type GuardedPagesServer,
  startGuardedPagesServer,
} from "../support/guarded-pages-server.ts";
import type { InspectedTab } from "./driver/inspected-browser.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./server-fixtures.ts";

type Transport = "ws" | "sse" | "lp";
type Talk = (hubUrl: string, transport: Transport) => Promise<Record<string, unknown>>;

interface GuardedPage {
  readonly faults: readonly string[];
  readonly talk: Talk;
  readonly talkInZone: Talk;
  readonly talkWithoutTime: Talk;
}

const TRANSPORTS: readonly Transport[] = ["ws", "sse", "lp"];
const SAID = { sum: 42, items: [0, 1, 2], said: "hello" };

let pages: GuardedPagesServer;
test.beforeAll(async () => {
  pages = await startGuardedPagesServer();
});
test.afterAll(async () => {
  await pages.close();
});

const open = (tab: InspectedTab, guard: Guard) => tab.goto(`${pages.origin}/${guard}`);

const talk = (
  tab: InspectedTab,
  how: "talk" | "talkInZone" | "talkWithoutTime",
  hub: string,
  transport: Transport,
) =>
  tab.evaluate((name, url, over) => (window as unknown as GuardedPage)[name](url, over), how, hub, transport);

const faultsOf = (tab: InspectedTab) => tab.evaluate(() => (window as unknown as GuardedPage).faults);

/** Calls, in order of their rows: what each transport must have left in the log, whatever guards the page. */
async function callsIn(panel: PanelDriver): Promise<readonly string[]> {
  const rows = await panel.allRows();
  return rows.flatMap(({ cells }) =>
    ["invocation", "stream call"].includes(cells["Type"] ?? "")
      ? [`${cells["Direction"]} ${cells["Target"]}`]
      : [],
  );
}

const CALLS_OF_ONE_TALK = ["↑ Add", "↑ Count", "↑ SayToCaller", "↓ Said"];

for (const [guard, how] of [
  ["policy", "talk"],
  ["trusted-types", "talk"],
  ["fake-timers", "talkWithoutTime"],
] as const) {
  test(`a page guarded by ${guard} is recorded on every transport, and its guard sees nothing`, async ({
    tab,
    server,
  }) => {
    await open(tab, guard);
    const heard = [];
    for (const transport of TRANSPORTS) heard.push(await talk(tab, how, `${server}/hubs/calls`, transport));
    expect(heard).toEqual(TRANSPORTS.map(() => expect.objectContaining(SAID)));
    expect(await faultsOf(tab)).toEqual([]);
    const panel = await tab.openPanel();
    await expect
      .poll(async () => [...(await callsIn(panel))].sort())
      .toEqual(TRANSPORTS.flatMap(() => CALLS_OF_ONE_TALK).sort());
  });
}

test("zone.js sees the same tasks with and without the extension", async ({ launch, server }) => {
  const seen: Record<string, unknown>[] = [];
  for (const extension of [true, false]) {
    const { firstTab } = await launch({ extension });
    await open(firstTab, "zone");
    for (const transport of TRANSPORTS) {
      seen.push(await talk(firstTab, "talkInZone", `${server}/hubs/calls`, transport));
    }
    expect(await faultsOf(firstTab)).toEqual([]);
    if (!extension) continue;
    const panel = await firstTab.openPanel();
    await expect
      .poll(async () => [...(await callsIn(panel))].sort())
      .toEqual(TRANSPORTS.flatMap(() => CALLS_OF_ONE_TALK).sort());
  }
  const [hooked, native] = [seen.slice(0, TRANSPORTS.length), seen.slice(TRANSPORTS.length)];
  expect(hooked).toEqual(native);
  expect(Object.keys((native[0] as { tasks: object }).tasks).length).toBeGreaterThan(0);
});

test("the page's timers are asked for the same with and without the extension", async ({
  launch,
  server,
}) => {
  const asked: unknown[] = [];
  for (const extension of [true, false]) {
    const { firstTab } = await launch({ extension });
    await open(firstTab, "fake-timers");
    for (const transport of TRANSPORTS) {
      const heard = await talk(firstTab, "talkWithoutTime", `${server}/hubs/calls`, transport);
      asked.push(heard["spans"]);
    }
  }
  expect(asked.slice(0, TRANSPORTS.length)).toEqual(asked.slice(TRANSPORTS.length));
  expect(asked.flat().length).toBeGreaterThan(0);
});
