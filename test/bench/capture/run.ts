/**
 * `npm run bench:capture [-- --json] [-- --only=page|panel] [-- --rounds=5]`: what capturing costs the page, and how fast
 * messages come to the panel, in real Chromium, against named peers in the same run. What the rows say, and what they said
 * last, is in `test/bench/README.md`.
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
import { openOurs, openPeer, PEER_BURST, type Speech } from "./to-panel.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "5" },
  },
});
const rounds = Number(values.rounds);
const WHERE = "chromium";
const NO_EXTENSION = "same page, DevTools open and recording, no extension";
const PEER = "SignalR Inspector's design: one sendMessage a payload";
const MOST_COST = 1.1;
const LEAST_RATE = 15;

const say = (line: string): void => {
  if (!values.json) console.log(line);
};

// The build has its say about bundles on the way.
const written = process.stdout.write.bind(process.stdout);
const extension = await mkdtemp(join(tmpdir(), "hubscope-bench-"));
const server = await startFloodServer();
try {
  process.stdout.write = () => true;
  await buildExtension("chrome", extension);
  process.stdout.write = written;
  const rows = [
    ...(values.only === "panel" ? [] : await pageRows()),
    ...(values.only === "page" ? [] : await panelRows()),
  ];
  if (values.json) console.log(JSON.stringify(rows));
  else print(rows);
} finally {
  process.stdout.write = written;
  await server.close();
  await rm(extension, { recursive: true });
}

async function pageRows(): Promise<readonly Row[]> {
  say(
    "What a page pays that receives a burst over a real socket and parses it; medians, microseconds a message.",
  );
  say("  elapsed: from the first to the last message, which is what its user waits for;");
  say(
    "  main thread: processor time of the page and all that is hooked to it until the panel shows the last message;",
  );
  say(
    "  listener: no extension, one listener more that reads each message and drops it. No hook can cost less.",
  );
  const rows: Row[] = [];
  for (const [count, size] of [
    [100_000, 105],
    [20_000, 2_048],
  ] as const) {
    const { base, listener, hooked } = await measurePageCost({
      origin: server.origin,
      extension,
      count,
      size,
      rounds,
    });
    const what = `${count.toLocaleString("en-GB")} messages of ${size} B received`;
    const figures = (kind: "elapsed" | "thread") =>
      `${base[kind].toFixed(1)}, listener ${listener[kind].toFixed(1)}, hooked ${hooked[kind].toFixed(1)}`;
    say(`${what}: elapsed ${figures("elapsed")}; main thread ${figures("thread")}`);
    const row = (name: string, ratio: number, target: number | null): Row => ({
      name: `${what}: ${name}`,
      where: WHERE,
      peer: NO_EXTENSION,
      ratio: rounded(ratio),
      target,
      met: target === null ? null : ratio <= target,
    });
    rows.push(
      row("elapsed, at most", hooked.elapsed / base.elapsed, MOST_COST),
      row("main thread, at most", hooked.thread / base.thread, MOST_COST),
      row("main thread with a listener alone", listener.thread / base.thread, null),
    );
  }
  return rows;
}

async function panelRows(): Promise<readonly Row[]> {
  const cases: readonly {
    name: string;
    speech: Speech;
    /** Of ours; the peer, which takes minutes, has one. */
    rounds: number;
    target: number | null;
  }[] = [
    {
      name: "100,000 small messages to the panel",
      speech: { kind: "text", count: 100_000 },
      rounds: 3,
      target: LEAST_RATE,
    },
    {
      name: "10,000 binary messages of 1 KiB to the panel",
      speech: { kind: "binary", count: 10_000, size: 1_024, perTask: 100 },
      rounds: 3,
      target: null,
    },
    {
      name: "40 binary messages of 1 MiB to the panel",
      speech: { kind: "binary", count: 40, size: 1_048_576, perTask: 1 },
      rounds: 3,
      target: null,
    },
  ];
  say(
    "How fast messages come from the page to the panel, from the first that is said to the last that has come:",
  );
  say(
    "  ours to a row in the log, decoded and paired, all said at once; the peer's to an array in its panel,",
  );
  say(
    `  said in bursts of ${PEER_BURST.toLocaleString("en-GB")}, of which only the time until all has come counts.`,
  );
  const rows: Row[] = [];
  const ours = await openOurs(server.origin, extension);
  try {
    const peer = await openPeer(server.origin, fileURLToPath(new URL("peer", import.meta.url)));
    try {
      for (const { name, speech, rounds: times, target } of cases) {
        const theirs = await peer.measure(speech, 1);
        const own = await ours.measure(speech, times);
        say(
          `${name}: ${Math.round(own.rate)}/s (page kept ${own.blocked.toFixed(1)} µs a message, lost ${own.lost}), peer ${Math.round(theirs.rate)}/s (page kept ${theirs.blocked.toFixed(1)} µs, lost ${theirs.lost})`,
        );
        const ratio = own.rate / theirs.rate;
        const row = { where: WHERE, peer: PEER };
        rows.push(
          {
            ...row,
            name: `${name}: rate`,
            ratio: rounded(ratio),
            target,
            met: target === null ? null : ratio >= target,
          },
          {
            ...row,
            name: `${name}: share that arrived`,
            ratio: (speech.count - own.lost) / speech.count,
            target: 1,
            met: own.lost === 0,
          },
        );
      }
    } finally {
      await peer.close();
    }
  } finally {
    await ours.close();
  }
  return rows;
}
