import { type ComplianceServer, startComplianceServer } from "../support/extension-compliance-server.ts";
import type { PanelDriver } from "./driver/panel-driver.ts";
import { expect, test } from "./fixtures.ts";

let server: ComplianceServer;
test.beforeAll(async () => {
  server = await startComplianceServer();
});
test.afterAll(async () => {
  await server.close();
});

test("frames of every kind are recorded, each message once", async ({ tab }) => {
  await tab.goto(`${server.origin}/blank`);
  const { port } = new URL(server.origin);
  const targets = await tab.evaluate(talkInFrames, `http://localhost:${port}`);
  expect(targets.length).toBe(9);
  const panel = await tab.openPanel();
  // The echo server says everything twice: once out, once in.
  await expect.poll(() => targetsOf(panel)).toEqual(targets.flatMap((name) => [name, name]).sort());
});

test("payloads keep their order and their bytes, whatever they are made of", async ({ tab }) => {
  await tab.goto(`${server.origin}/blank`);
  await tab.evaluate(talkInBlobs);
  const panel = await tab.openPanel();
  await expect
    .poll(async () => (await targetRows(panel)).map(({ target, size }) => `${target} ${size}`))
    .toEqual(
      ["out", "in"]
        .flatMap(() => ["Blob1", "Text2", "Blob3", "Bytes4"])
        .map((name) => expect.stringContaining(name)),
    );
});

test("a payload of one megabyte is recorded whole", async ({ tab }) => {
  await tab.goto(`${server.origin}/blank`);
  await tab.evaluate(sendOneMegabyte);
  const panel = await tab.openPanel();
  await expect
    .poll(async () => (await targetRows(panel)).map(({ size }) => size))
    .toEqual(["1.0 MB", "1.0 MB"]);
});

test("negotiate is recorded, however the page asks and reads", async ({ tab }) => {
  await tab.goto(`${server.origin}/blank`);
  await tab.evaluate(negotiateInEveryWay);
  const panel = await tab.openPanel();
  const negotiated = async () =>
    (await panel.allRows()).filter(({ cells }) => cells["Type"] === "negotiate").map(({ text }) => text);
  // text, json, bytes, blob, a copy, XMLHttpRequest as text, as json and as bytes; json is written anew, so its size is about that.
  const exact = expect.stringMatching(/200 ·.*version 1\s*88 B/);
  const about = expect.stringMatching(/200 ·.*version 1\s*~88 B/);
  await expect.poll(negotiated).toEqual([exact, about, exact, exact, exact, exact, about, exact]);
});

test("nothing is lost or doubled while the background is killed again and again", async ({
  tab,
  inspectedBrowser,
}) => {
  await tab.goto(`${server.origin}/blank`);
  const panel = await tab.openPanel();
  await expect.poll(() => panel.text()).toContain("recording");
  await tab.evaluate(startTicking);
  for (let kill = 1; kill <= 4; kill++) {
    await inspectedBrowser.endBackground();
    await tab.waitFor(hasTicked, kill * 50);
  }
  const sent = await tab.evaluate(stopTicking);
  expect(sent).toBeGreaterThan(100);
  await expect.poll(() => panel.text()).toContain(`${(2 * sent + 2).toLocaleString("en-GB")} messages`);
});

async function targetRows(panel: PanelDriver) {
  const rows = await panel.allRows();
  return rows.flatMap(({ cells }) =>
    cells["Target"] === undefined || cells["Target"] === "" || cells["Type"] !== "invocation"
      ? []
      : [{ target: cells["Target"], size: cells["Size"] ?? "", direction: cells["Direction"] ?? "" }],
  );
}

async function targetsOf(panel: PanelDriver): Promise<string[]> {
  return (await targetRows(panel)).map(({ target }) => target).sort();
}

// Functions for the page: each is sent as source text.

/** Answers the targets that the frames call, one each. */
async function talkInFrames(otherOrigin: string): Promise<string[]> {
  const source = (target: string) => `
    (async () => {
      const socket = new WebSocket("ws://${location.host}/echo");
      await new Promise((resolve) => { socket.onopen = resolve; });
      socket.send('{"protocol":"json","version":1}\\u001e');
      await new Promise((resolve) => { socket.onmessage = resolve; });
      socket.send('{"type":1,"target":"${target}","arguments":[]}\\u001e');
      await new Promise((resolve) => { socket.onmessage = resolve; });
      top.postMessage("done", "*");
    })();`;
  const targets = ["top", "blank", "loaded", "srcdoc", "sandboxed", "rewritten", "data", "blob", "foreign"];
  let done = 0;
  const all = new Promise<void>((resolve) => {
    addEventListener("message", () => {
      done++;
      if (done === targets.length) resolve();
    });
  });
  const run = (win: Window, target: string) => {
    const script = win.document.createElement("script");
    script.textContent = source(target);
    (win.document.body ?? win.document.documentElement).append(script);
  };
  const frame = (attributes: Record<string, string>) => {
    const element = document.createElement("iframe");
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  run(window, "top");
  const blank = frame({});
  document.body.append(blank);
  if (blank.contentWindow !== null) run(blank.contentWindow, "blank");
  // Its first, empty document is hooked too, and the same window may be used again for the page.
  const loaded = frame({ src: "/blank" });
  loaded.onload = () => loaded.contentWindow !== null && run(loaded.contentWindow, "loaded");
  document.body.append(loaded);
  document.body.append(frame({ srcdoc: `<body><script>${source("srcdoc")}</script>` }));
  document.body.append(
    frame({ sandbox: "allow-scripts", srcdoc: `<body><script>${source("sandboxed")}</script>` }),
  );
  const rewritten = frame({ src: "/blank" });
  rewritten.onload = () => {
    rewritten.onload = null;
    const inner = rewritten.contentDocument;
    inner?.open();
    inner?.write("<body>");
    inner?.close();
    if (rewritten.contentWindow !== null) run(rewritten.contentWindow, "rewritten");
  };
  document.body.append(rewritten);
  const page = (target: string) => `<!doctype html><body><script>${source(target)}</script>`;
  document.body.append(frame({ src: `data:text/html,${encodeURIComponent(page("data"))}` }));
  const blob = new Blob([page("blob")], { type: "text/html" });
  document.body.append(frame({ src: URL.createObjectURL(blob) }));
  const foreign = frame({ src: `${otherOrigin}/obedient` });
  foreign.onload = () => foreign.contentWindow?.postMessage(source("foreign"), "*");
  document.body.append(foreign);
  await all;
  return targets;
}

async function talkInBlobs(): Promise<void> {
  const socket = new WebSocket(`ws://${location.host}/echo`);
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  let received = 0;
  const all = new Promise<void>((resolve) => {
    socket.onmessage = () => {
      received++;
      if (received === 5) resolve();
    };
  });
  socket.send('{"protocol":"json","version":1}\u001e');
  const message = (target: string) => `{"type":1,"target":"${target}","arguments":[]}\u001e`;
  socket.send(new Blob([message("Blob1")]));
  socket.send(message("Text2"));
  socket.send(new Blob([message("Blob3")]));
  socket.send(new TextEncoder().encode(message("Bytes4")));
  await all;
}

async function negotiateInEveryWay(): Promise<void> {
  const post = () => fetch("/hub/negotiate?negotiateVersion=1", { method: "POST" });
  await (await post()).text();
  await (await post()).json();
  await (await post()).arrayBuffer();
  await (await post()).blob();
  await (await post()).clone().text();
  for (const type of ["text", "json", "arraybuffer"] as const) {
    await new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.open("POST", "/hub/negotiate");
      xhr.responseType = type;
      xhr.onloadend = resolve;
      xhr.send();
    });
  }
}

async function sendOneMegabyte(): Promise<void> {
  const socket = new WebSocket(`ws://${location.host}/echo`);
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  socket.send('{"protocol":"json","version":1}\u001e');
  socket.send(`{"type":1,"target":"Large","arguments":["${"m".repeat(1_000_000)}"]}\u001e`);
  await new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      if (data.length > 1_000_000) resolve();
    };
  });
}

async function startTicking(): Promise<void> {
  const socket = new WebSocket(`ws://${location.host}/echo`);
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  socket.send('{"protocol":"json","version":1}\u001e');
  const ticking = { sent: 0, received: 0, timer: 0 };
  socket.onmessage = () => {
    ticking.received++;
  };
  ticking.timer = window.setInterval(() => {
    for (let tick = 0; tick < 10; tick++) {
      socket.send(`{"type":1,"target":"Tick","arguments":[${++ticking.sent}]}\u001e`);
    }
  }, 10);
  Object.assign(window, { ticking });
}

function hasTicked(times: number): boolean {
  return (window as unknown as { ticking: { received: number } }).ticking.received > times;
}

async function stopTicking(): Promise<number> {
  const { ticking } = window as unknown as { ticking: { sent: number; received: number; timer: number } };
  clearInterval(ticking.timer);
  // The echo of the handshake counts too.
  while (ticking.received < ticking.sent + 1) await new Promise((resolve) => setTimeout(resolve, 10));
  return ticking.sent;
}
