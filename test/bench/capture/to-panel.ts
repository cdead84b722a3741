import { setTimeout as pause } from "node:timers/promises";
import type { Frame } from "playwright";
import { type BenchBrowser, callIn, openBrowser } from "./browsers.ts";
import {
  doneAt,
  forgetPeers,
  installSocketToNowhere,
  openSocketToNowhere,
  panelRows,
  peerArrived,
  sayBinary,
  sayText,
  watchRows,
} from "./pages.ts";
import { median } from "./rows.ts";

export type Speech =
  | { readonly kind: "text"; readonly count: number }
  | { readonly kind: "binary"; readonly count: number; readonly size: number; readonly perTask: number };

export interface Transfer {
  /** Messages a second, from the first that the page says to the last that the panel has. */
  readonly rate: number;
  readonly lost: number;
  /** Microseconds a message that the page was kept. */
  readonly blocked: number;
}

export interface Passage {
  measure(speech: Speech, rounds: number): Promise<Transfer>;
  close(): Promise<void>;
}

const PATIENCE = 180_000;
/** The rest of a burst is given up when nothing has come for so long. */
const STALL = 30_000;
/**
 * The peer hears all in bursts of so many, each when the one before has arrived, and only the time of the bursts counts.
 * All 100,000 at once stall it for minutes, and most never arrive.
 */
export const PEER_BURST = 10_000;

async function begin({ page }: BenchBrowser, origin: string, { kind }: Speech): Promise<void> {
  await page.goto(origin);
  await callIn(page, openSocketToNowhere, kind === "text" ? "json" : "messagepack");
  // The relay connects at the first traffic.
  await pause(1_000);
}

function say({ page }: BenchBrowser, speech: Speech): Promise<{ began: number; took: number }> {
  return speech.kind === "text"
    ? callIn(page, sayText, speech.count)
    : callIn(page, sayBinary, speech.count, speech.size, speech.perTask);
}

interface Round {
  /** Milliseconds from the first that is said to the last that arrives. */
  readonly took: number;
  /** Milliseconds that the page was kept. */
  readonly blocked: number;
  readonly lost: number;
}

async function repeat(rounds: number, { count }: Speech, once: () => Promise<Round>): Promise<Transfer> {
  const rates: number[] = [];
  const blocked: number[] = [];
  let lost = 0;
  for (let round = 0; round < rounds; round++) {
    const result = await once();
    rates.push(((count - result.lost) * 1_000) / result.took);
    blocked.push((result.blocked * 1_000) / count);
    lost = Math.max(lost, result.lost);
  }
  return { rate: median(rates), lost, blocked: median(blocked) };
}

/** Ours: to the row in the real panel's log, decoded, paired and drawn. */
export async function openOurs(origin: string, extension: string): Promise<Passage> {
  const browser = await openBrowser({ url: origin, extension, first: installSocketToNowhere });
  const panel = panelOf(browser);
  return {
    close: browser.close,
    measure: (speech, rounds) =>
      repeat(rounds, speech, async () => {
        await begin(browser, origin, speech);
        const before = await callIn(panel, panelRows);
        await callIn(panel, watchRows, speech.count);
        const { began, took: blocked } = await say(browser, speech);
        const done = await waitForRows(panel);
        const after = await callIn(panel, panelRows);
        const lost = after.dropped ? speech.count : Math.max(0, speech.count - (after.rows - before.rows));
        return { took: (done ?? Date.now()) - began, blocked, lost };
      }),
  };
}

async function waitForRows(panel: Frame): Promise<number | undefined> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const done = await callIn(panel, doneAt);
    if (done !== undefined) return done;
    await pause(50);
  }
  return undefined;
}

/** The peer: to an array in its panel. */
export async function openPeer(origin: string, extension: string): Promise<Passage> {
  const browser = await openBrowser({ url: origin, extension, first: installSocketToNowhere });
  const panel = panelOf(browser);
  return {
    close: browser.close,
    measure: (speech, rounds) =>
      repeat(rounds, speech, async () => {
        await begin(browser, origin, speech);
        let [took, blocked, lost] = [0, 0, 0];
        for (let said = 0; said < speech.count; said += PEER_BURST) {
          const count = Math.min(PEER_BURST, speech.count - said);
          await callIn(panel, forgetPeers);
          const burst = await say(browser, { ...speech, count });
          const arrived = await waitForPeers(panel, count);
          took += Math.max(arrived.lastAt, burst.began + burst.took) - burst.began;
          blocked += burst.took;
          lost += count - arrived.count;
        }
        return { took, blocked, lost };
      }),
  };
}

/** Until all have come, or none for long. */
async function waitForPeers(panel: Frame, wanted: number): Promise<{ count: number; lastAt: number }> {
  const started = Date.now();
  for (;;) {
    const arrived = await callIn(panel, peerArrived);
    const isStill = Date.now() - Math.max(started, arrived.lastAt) > STALL;
    if (arrived.count >= wanted || isStill) return arrived;
    await pause(100);
  }
}

function panelOf({ panel }: BenchBrowser): Frame {
  if (panel === undefined) throw new Error("The browser has no panel.");
  return panel;
}
