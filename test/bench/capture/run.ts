/**
 * `npm run bench:capture [-- --json] [-- --only=page|panel] [-- --rounds=5]`: what capturing costs the page, and how fast
 * messages come to the panel, in real Chromium, against named peers in the same run.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildExtension } from "../../../playground/server/build.ts";
import { startFloodServer } from "../../support/flood-server.ts";
import { measurePageCost } from "./page-cost.ts";
import { print, type Row, rounded } from "./rows.ts";
import { openOurs, openPeer, type Speech } from "./to-panel.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "5" },
  },
});
const rounds = Number(values.rounds);
const WHERE = "chromium";
const NO_EXTENSION = "same page, DevTools open, no extension";
const PEER = "SignalR Inspector's design: one sendMessage a payload";
const MOST_COST = 1.1;
const LEAST_RATE = 15;
const MOST_FOR_PEER = 10_000;

const say = (line: string): void => {
  if (!values.json) console.log(line);
};

const extension = await mkdtemp(join(tmpdir(), "hubscope-bench-"));
const server = await startFloodServer();
try {
  await buildExtension("chrome", extension);
  const rows = [
    ...(values.only === "panel" ? [] : await pageRows()),
    ...(values.only === "page" ? [] : await panelRows()),
  ];
  if (values.json) console.log(JSON.stringify(rows));
  else print(rows);
} finally {
  await server.close();
  await rm(extension, { recursive: true });
}

async function pageRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [count, size] of [
    [20_000, 105],
    [5_000, 2_048],
  ] as const) {
    const { base, hooked } = await measurePageCost({ origin: server.origin, extension, count, size, rounds });
    const what = `${count.toLocaleString("en-GB")} messages of ${size} B received`;
    say(
      `${what}: main thread ${base.thread.toFixed(1)} → ${hooked.thread.toFixed(1)} µs a message, elapsed ${base.elapsed.toFixed(1)} → ${hooked.elapsed.toFixed(1)} µs`,
    );
    const ratio = rounded(hooked.thread / base.thread);
    rows.push({
      name: `${what}: page's main thread, at most`,
      where: WHERE,
      peer: NO_EXTENSION,
      ratio,
      target: MOST_COST,
      met: ratio <= MOST_COST,
    });
    rows.push({
      name: `${what}: elapsed`,
      where: WHERE,
      peer: NO_EXTENSION,
      ratio: rounded(hooked.elapsed / base.elapsed),
      target: null,
      met: null,
    });
  }
  return rows;
}

async function panelRows(): Promise<readonly Row[]> {
  const cases: readonly { name: string; speech: Speech; rounds: number; target: number | null }[] = [
    {
      name: "100,000 small messages to the panel: rate",
      speech: { kind: "text", count: 100_000 },
      rounds: 3,
      target: LEAST_RATE,
    },
    {
      name: "10,000 binary messages of 1 KiB to the panel: rate",
      speech: { kind: "binary", count: 10_000, size: 1_024, perTask: 100 },
      rounds: 3,
      target: null,
    },
    {
      name: "40 binary messages of 1 MiB to the panel: rate",
      speech: { kind: "binary", count: 40, size: 1_048_576, perTask: 1 },
      rounds: 3,
      target: null,
    },
  ];
  const rows: Row[] = [];
  const ours = await openOurs(server.origin, extension);
  try {
    const peer = await openPeer(server.origin, fileURLToPath(new URL("peer", import.meta.url)));
    try {
      for (const { name, speech, rounds: times, target } of cases) {
        // Fewer at once, which favours the peer: 100,000 in one burst stall it for minutes, and most never arrive.
        const count = Math.min(speech.count, MOST_FOR_PEER);
        const theirs = await peer.measure({ ...speech, count }, 1);
        const own = await ours.measure(speech, times);
        say(
          `${name}: ${Math.round(own.rate)}/s (page kept ${own.blocked.toFixed(1)} µs a message, lost ${own.lost}), peer ${Math.round(theirs.rate)}/s (page kept ${theirs.blocked.toFixed(1)} µs, lost ${theirs.lost})`,
        );
        const ratio = rounded(own.rate / theirs.rate);
        rows.push({
          name,
          where: WHERE,
          peer: PEER,
          ratio,
          target,
          met: target === null ? null : ratio >= target,
        });
        const arrived = (speech.count - own.lost) / speech.count;
        rows.push({
          name: `${name.replace(": rate", "")}: share that arrived`,
          where: WHERE,
          peer: PEER,
          ratio: arrived,
          target: 1,
          met: own.lost === 0,
        });
      }
    } finally {
      await peer.close();
    }
  } finally {
    await ours.close();
  }
  return rows;
}
