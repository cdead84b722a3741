import { type BenchBrowser, callIn, openBrowser } from "./browsers.ts";
import { receiveFlood } from "./pages.ts";
import { median } from "./rows.ts";

export interface PageCost {
  /** Processor time of the page's main thread, microseconds a message: the page's own code and all that is hooked to it. */
  readonly thread: number;
  /** From the first to the last message, microseconds a message. */
  readonly elapsed: number;
}

/**
 * What a received message costs the page with the extension (its panel open and recording) and without, devtools open
 * in both. Two browsers take turns, so that what else the machine does meets both.
 */
export async function measurePageCost(options: {
  readonly origin: string;
  readonly extension: string;
  readonly count: number;
  readonly size: number;
  readonly rounds: number;
}): Promise<{ readonly base: PageCost; readonly hooked: PageCost }> {
  const { origin, extension, count, size, rounds } = options;
  const base = await openBrowser({ url: origin });
  try {
    const hooked = await openBrowser({ url: origin, extension });
    try {
      const address = `${origin.replace("http", "ws")}/hub?count=${count}&size=${size}`;
      const costs: Record<"base" | "hooked", PageCost[]> = { base: [], hooked: [] };
      for (let round = 0; round <= rounds; round++) {
        const [one, other] = [
          await run(base, origin, address, count),
          await run(hooked, origin, address, count),
        ];
        // The first round warms up.
        if (round === 0) continue;
        costs.base.push(one);
        costs.hooked.push(other);
      }
      return { base: typical(costs.base), hooked: typical(costs.hooked) };
    } finally {
      await hooked.close();
    }
  } finally {
    await base.close();
  }
}

async function run(
  { page }: BenchBrowser,
  origin: string,
  address: string,
  count: number,
): Promise<PageCost> {
  await page.goto(origin);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const threadTime = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
  // What a page pays once, for compiling and connecting, is not what a message costs.
  await callIn(page, receiveFlood, address, count);
  const before = await threadTime();
  const elapsed = await callIn(page, receiveFlood, address, count);
  const thread = (await threadTime()) - before;
  await session.detach();
  return { thread: (thread * 1e6) / count, elapsed: (elapsed * 1e3) / count };
}

function typical(costs: readonly PageCost[]): PageCost {
  return {
    thread: median(costs.map(({ thread }) => thread)),
    elapsed: median(costs.map(({ elapsed }) => elapsed)),
  };
}
