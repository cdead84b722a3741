import { setTimeout as pause } from "node:timers/promises";
import { type BenchBrowser, callIn, openBrowser, recordedByDevtools } from "./browsers.ts";
import { panelRows, receiveFlood } from "./pages.ts";
import { median } from "./rows.ts";

export interface PageCost {
  /**
   * Processor time of the page's main thread, microseconds a message: the page's own code and all that is hooked to it, until
   * the panel has the last message.
   */
  readonly thread: number;
  /** From the first to the last message, microseconds a message. */
  readonly elapsed: number;
}

/**
 * - base: devtools are open and record the network, there is no extension;
 * - listener: the same, and one listener more reads each message and does nothing with it. No hook in a page costs less;
 * - hooked: with the extension, its panel open and recording.
 */
export type Setting = "base" | "listener" | "hooked";

export interface Flood {
  readonly origin: string;
  readonly extension: string;
  readonly count: number;
  readonly size: number;
  readonly rounds: number;
}

/** What comes first in a document, for compiling and connecting, is not what a message costs. */
const WARM_UP = 2_000;
/** After a navigation the panel asks devtools what it has missed. */
const TIME_TO_SETTLE = 3_000;
/** What waits for the page to be quiet has then been done. */
const TIME_TO_FINISH = 1_000;
const PATIENCE = 120_000;

/** What a received message costs the page. The settings take turns, so that what else the machine does meets all. */
export async function measurePageCost(flood: Flood): Promise<Readonly<Record<Setting, PageCost>>> {
  const { origin, extension, rounds } = flood;
  const plain = await openBrowser({ url: origin });
  try {
    const hooked = await openBrowser({ url: origin, extension });
    try {
      const costs: Record<Setting, PageCost[]> = { base: [], listener: [], hooked: [] };
      for (let round = 0; round < rounds; round++) {
        const order: readonly Setting[] = ["base", "hooked", "listener"];
        // Each comes first, in the middle and last.
        for (let turn = 0; turn < order.length; turn++) {
          const setting = order[(turn + round) % order.length] ?? "base";
          costs[setting].push(
            await run(setting === "hooked" ? hooked : plain, flood, setting === "listener"),
          );
        }
      }
      return { base: typical(costs.base), listener: typical(costs.listener), hooked: typical(costs.hooked) };
    } finally {
      await hooked.close();
    }
  } finally {
    await plain.close();
  }
}

async function run(
  browser: BenchBrowser,
  { origin, count, size }: Flood,
  listens: boolean,
): Promise<PageCost> {
  const { page } = browser;
  await page.goto(origin);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const threadTime = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
  const address = (messages: number) => `${origin.replace("http", "ws")}/hub?count=${messages}&size=${size}`;
  await callIn(page, receiveFlood, address(WARM_UP), WARM_UP, listens);
  await untilRecorded(browser, WARM_UP);
  await pause(TIME_TO_SETTLE);
  const rows = await shownRows(browser);
  const before = await threadTime();
  const elapsed = await callIn(page, receiveFlood, address(count), count, listens);
  await untilShown(browser, rows + count);
  await pause(TIME_TO_FINISH);
  const thread = (await threadTime()) - before;
  await session.detach();
  await untilRecorded(browser, count);
  return { thread: (thread * 1e6) / count, elapsed: (elapsed * 1e3) / count };
}

/** Devtools fall behind a flood. What they still have to do must not meet the next run. */
async function untilRecorded(browser: BenchBrowser, count: number): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    if ((await recordedByDevtools(browser)) >= count) return;
    await pause(100);
  }
  throw new Error("Devtools do not record the page's socket: there is nothing to compare with.");
}

async function shownRows({ panel }: BenchBrowser): Promise<number> {
  return panel === undefined ? 0 : (await callIn(panel, panelRows)).rows;
}

/** What is put off until the burst is over belongs to its cost. */
async function untilShown(browser: BenchBrowser, rows: number): Promise<void> {
  if (browser.panel === undefined) return;
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    if ((await shownRows(browser)) >= rows) return;
    await pause(100);
  }
  throw new Error("The panel does not show all that the page has received.");
}

function typical(costs: readonly PageCost[]): PageCost {
  return {
    thread: median(costs.map(({ thread }) => thread)),
    elapsed: median(costs.map(({ elapsed }) => elapsed)),
  };
}
