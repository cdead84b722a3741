import { setTimeout as pause } from "node:timers/promises";
import { reloadExtension } from "../support/chromium-devtools.ts";
import { type FloodServer, startFloodServer } from "../support/flood-server.ts";
import { expect, test } from "./fixtures.ts";

/** `npm run test:faults` runs the whole minute. */
const SECONDS = Number(process.env["HUBSCOPE_FAULT_SECONDS"] ?? 6);
const RATE = 2_000;
const KILL_EVERY = 500;
const COUNT = RATE * SECONDS;

let server: FloodServer;
test.beforeAll(async () => {
  server = await startFloodServer();
});
test.afterAll(async () => {
  await server.close();
});

test(`the background is killed every ${KILL_EVERY} ms under ${RATE} messages a second, and nothing is lost, doubled or out of order`, async ({
  tab,
  inspectedBrowser,
}, testInfo) => {
  test.setTimeout(120_000 + SECONDS * 6_000);
  await tab.goto(`${server.origin}/faults`);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("recording");
  await tab.evaluate(
    startFlood,
    `${server.origin.replace("http", "ws")}/hub?count=${COUNT}&size=105&rate=${RATE}`,
  );
  let kills = 0;
  const started = Date.now();
  for (; Date.now() < started + SECONDS * 1_000; kills++) {
    await inspectedBrowser.endBackground();
    // From one kill to the next, not from its end.
    await pause(Math.max(0, started + (kills + 1) * KILL_EVERY - Date.now()));
  }
  await tab.waitFor(hasReceived, COUNT);
  await panel.filter("target:Tick dir:in");
  await expect.poll(() => panel.rowCount(), { timeout: 60_000 + SECONDS * 1_000 }).toBe(COUNT);
  testInfo.annotations.push({ type: "faults", description: `${COUNT} messages, ${kills} kills` });
  // A slow machine kills less often; fewer than one in two seconds would prove little.
  expect(kills).toBeGreaterThan(SECONDS / 2);

  // Views from start to end, each of which must hold the numbers of its place.
  const views = 30;
  for (let view = 0; view <= views; view++) {
    const rows = await panel.rowsAt(view / views);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map(({ cells }) => numberIn(cells["Data"]))).toEqual(rows.map(({ index }) => index - 1));
  }
  await panel.filter("is:error");
  expect(await panel.rowCount()).toBe(0);
});

for (const protocol of ["json", "messagepack"] as const) {
  test(`payloads of 24 MB in ${protocol} arrive whole, each way`, async ({ tab }) => {
    test.slow();
    await tab.goto(`${server.origin}/large`);
    const panel = await tab.openPanel();
    await expect.poll(() => panel.text()).toContain("recording");
    await tab.evaluate(echoLarge, `${server.origin.replace("http", "ws")}/echo`, protocol, 24_000_000);
    const sizes = async () =>
      (await panel.rows())
        .filter(({ cells }) => cells["Target"] === "Large")
        .map(({ cells }) => `${cells["Direction"]} ${cells["Size"]}`);
    await expect
      .poll(sizes, { timeout: 60_000 })
      .toEqual([expect.stringMatching(/^↑ 24(\.0)? MB$/), expect.stringMatching(/^↓ 24(\.0)? MB$/)]);
  });
}

test("what a page says and hears just before it goes is there, in its order", async ({ tab }) => {
  await tab.goto(`${server.origin}/going`);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("recording");
  await panel.clickNamed("checkbox", "Preserve log");
  const last = 120;
  await tab.evaluate(sayAndGo, `${server.origin.replace("http", "ws")}/echo`, last, `${server.origin}/next`);
  await panel.filter("target:Said");
  const shown = async () =>
    (await panel.allRows()).map(({ cells }) => `${cells["Direction"]} ${numberIn(cells["Data"])}`);
  const wanted = Array.from({ length: last + 1 }, (_, at) => [
    expect.stringMatching(new RegExp(`^↑.* ${at}$`)),
    expect.stringMatching(new RegExp(`^↓.* ${at}$`)),
  ]).flat();
  await expect.poll(shown, { timeout: 30_000 }).toEqual(wanted);
});

test("after the extension was reloaded, the reopened panel says that the page must be", {
  tag: "@chromium",
}, async ({ launchChromium }) => {
  const browser = await launchChromium();
  const { context, firstTab } = browser;
  await firstTab.goto(`${server.origin}/orphan`);
  await firstTab.evaluate(startFlood, `${server.origin.replace("http", "ws")}/hub?count=5&size=60&rate=100`);
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  await reloadExtension(context, new URL(worker.url()).hostname);
  const panel = await firstTab.openPanel();
  await expect.poll(() => panel.text(), { timeout: 30_000 }).toContain("Reload the page");
  expect(await panel.text()).not.toContain("recording 127");
  await panel.clickNamed("button", "Reload the page");
  await expect.poll(() => panel.text(), { timeout: 30_000 }).toContain("recording 127.0.0.1");
});

test("page memory for 100,000 messages with the panel closed stays under the buffer's limit", {
  tag: "@chromium",
}, async ({ launchChromium }) => {
  test.slow();
  const browser = await launchChromium();
  const { firstTab } = browser;
  await firstTab.goto(`${server.origin}/memory`);
  const session = await browser.context.newCDPSession(firstTab.page);
  const used = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN;
  };
  await session.send("Performance.enable");
  const before = await used();
  // 1 KB each: five times what the buffer may hold.
  const address = `${server.origin.replace("http", "ws")}/hub?count=100000&size=1024`;
  await firstTab.evaluate(startFlood, address);
  await firstTab.waitFor(hasReceived, 100_000);
  await expect.poll(async () => (await used()) - before, { timeout: 30_000 }).toBeLessThan(20_000_000 * 1.1);
  const panel = await firstTab.openPanel();
  await panel.filter("target:Tick");
  await expect.poll(() => panel.rowCount()).toBe(10_000);
  await panel.filter("");
  const dropped = (await panel.rowsAt(0)).filter(({ cells }) => cells["Type"] === "dropped");
  expect(dropped.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^.*90,0\d\d events lost here.*limit/),
  ]);
  expect(await panel.text()).toMatch(/Messages before [\d:.]+ were not kept/);
});

function numberIn(data: string | undefined): number {
  return Number(/^\d+/.exec(data ?? "")?.[0] ?? Number.NaN);
}

// Functions for the page: each is sent as source text.

interface FloodedPage {
  received: number;
}

async function startFlood(address: string): Promise<void> {
  const page = window as unknown as FloodedPage;
  page.received = -1;
  const socket = new WebSocket(address);
  socket.onmessage = () => {
    page.received++;
    if (page.received === 0) socket.send('{"type":6}\u001e');
  };
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  socket.send('{"protocol":"json","version":1}\u001e');
}

function hasReceived(count: number): boolean {
  return (window as unknown as FloodedPage).received >= count;
}

/** Says a number when the one before has come back, and is gone in the same moment as the last. Every tenth is long. */
async function sayAndGo(address: string, last: number, next: string): Promise<void> {
  const socket = new WebSocket(address);
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const said = (number: number) =>
    `{"type":1,"target":"Said","arguments":[${number},"${"x".repeat(number % 10 === 0 ? 3_000 : 10)}"]}\u001e`;
  let number = -1;
  socket.onmessage = () => {
    number++;
    if (number <= last) socket.send(said(number));
    else location.href = next;
  };
  socket.send('{"protocol":"json","version":1}\u001e');
}

async function echoLarge(address: string, protocol: "json" | "messagepack", size: number): Promise<void> {
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  const next = () =>
    new Promise((resolve) => {
      socket.onmessage = resolve;
    });
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const greeted = next();
  socket.send(`{"protocol":"${protocol}","version":1}\u001e`);
  await greeted;
  const echoed = next();
  if (protocol === "json") {
    socket.send(`{"type":1,"target":"Large","arguments":["${"x".repeat(size)}"]}\u001e`);
  } else {
    // [1, {}, nil, "Large", [bin 32]]
    const head = [0x95, 0x01, 0x80, 0xc0, 0xa5, 0x4c, 0x61, 0x72, 0x67, 0x65, 0x91, 0xc6];
    const length = head.length + 4 + size;
    const prefix: number[] = [];
    for (let rest = length; rest > 0; rest = Math.floor(rest / 128))
      prefix.push((rest % 128) + (rest >= 128 ? 128 : 0));
    const bytes = new Uint8Array(prefix.length + length);
    bytes.set([...prefix, ...head]);
    new DataView(bytes.buffer).setUint32(prefix.length + head.length, size);
    socket.send(bytes);
  }
  await echoed;
}
