import { setTimeout as pause } from "node:timers/promises";

/** Asks again and again until `look` finds something; rejects after `timeout` ms, naming what was waited for. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  timeout = 30_000,
): Promise<Exclude<T, undefined | null | false | "" | 0>> {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, undefined | null | false | "" | 0>;
    if (Date.now() > end) throw new Error(`Waited ${timeout} ms in vain for ${what}.`);
    await pause(25);
  }
}
