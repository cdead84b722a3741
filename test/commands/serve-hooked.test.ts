import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM_ARGUMENTS, requireBrowser, runsAsRoot } from "../support/browsers.ts";
import { withFirstScript } from "../support/first-script.ts";

/** What the page found before anything of its own ran: the name is missing from the text of a function that is ours. */
const PROBE = "window.found = String(WebSocket);";

const FILES: Readonly<Record<string, string>> = {
  "plain.html": `<!doctype html><html lang="en"><head><script>${PROBE}</script></head></html>`,
  "bare.html": `<script>${PROBE}</script>`,
  "guarded.html": `<!doctype html>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-mine'">
<script nonce="mine">${PROBE}</script>`,
  "script.any.js": `// META: script=/helper.js\n${PROBE} window.helped = typeof helper;`,
  "helper.js": "self.helper = 1;",
  "data.json": '{"a":1}',
};

const COMMAND = fileURLToPath(new URL("serve-hooked.ts", import.meta.url));

function run(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", COMMAND, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function started(...args: readonly string[]): Promise<{ command: ChildProcess; origin: string }> {
  const command = run(...args);
  let said = "";
  for await (const piece of command.stdout ?? []) {
    said += String(piece);
    const origin = / is at (http:\/\/127\.0\.0\.1:\d+)\//.exec(said)?.[1];
    if (origin !== undefined) return { command, origin };
  }
  throw new Error(`It said: ${said}`);
}

async function stopped(command: ChildProcess): Promise<void> {
  if (command.exitCode !== null) return;
  command.kill("SIGTERM");
  await once(command, "exit");
}

describe("npm run serve:hooked", () => {
  let folder: string;
  let command: ChildProcess;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hubscope-served-"));
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
    ({ command, origin } = await started(folder));
    browser = await chromium.launch({
      executablePath: requireBrowser("chromium"),
      args: [...CHROMIUM_ARGUMENTS, ...(runsAsRoot ? ["--no-sandbox"] : [])],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    if (command !== undefined) await stopped(command);
    await rm(folder, { recursive: true, force: true });
  });

  test.for(["plain.html", "bare.html", "guarded.html", "script.any.html"])(
    "%s is hooked before its first script",
    async (name) => {
      const page = await browser.newPage();
      await page.goto(`${origin}/${name}`);
      const found = await page.evaluate(() => (window as unknown as { found: string }).found);
      expect(found).toContain("[native code]");
      expect(found).not.toContain("WebSocket");
      await page.close();
    },
  );

  test("a test that is a script gets what it asks for", async () => {
    const page = await browser.newPage();
    await page.goto(`${origin}/script.any.html`);
    expect(await page.evaluate(() => (window as unknown as { helped: string }).helped)).toBe("number");
    await page.close();
  });

  test("what is no page is served as it is, and nothing outside the folder", async () => {
    const json = await fetch(`${origin}/data.json`);
    expect([json.headers.get("content-type"), await json.text()]).toEqual([
      "application/json; charset=utf-8",
      FILES["data.json"],
    ]);
    expect((await fetch(`${origin}/nothing.html`)).status).toBe(404);
    expect((await fetch(`${origin}/..%2f..%2fetc%2fpasswd`)).status).toBe(400);
  });

  test("another server's pages are hooked by a proxy, and what they fetch is not", async () => {
    const bare = await started(folder, "--without");
    const proxy = await started("--proxy", bare.origin, "--busy");
    const page = await browser.newPage();
    await page.goto(`${proxy.origin}/plain.html`);
    const [found, fetched] = await page.evaluate(async () => {
      const response = await fetch("/plain.html");
      return [(window as unknown as { found: string }).found, await response.text()] as const;
    });
    expect(found).not.toContain("WebSocket");
    expect(fetched).toBe(FILES["plain.html"]);
    await page.close();
    await stopped(proxy.command);
    await stopped(bare.command);
  }, 60_000);

  test("the hook is left in a file for a server that injects scripts by itself", async () => {
    const file = join(folder, "hook.js");
    const [code] = (await once(run("--write", file), "exit")) as [number];
    expect(code).toBe(0);
    const page = await browser.newPage();
    await page.addInitScript(await readFile(file, "utf8"));
    await page.goto("about:blank");
    expect(await page.evaluate(() => String(WebSocket))).not.toContain("WebSocket");
    await page.close();
  }, 60_000);

  test("two things at once are not understood", async () => {
    const command = spawn(process.execPath, ["--import", "tsx", COMMAND, folder, "--proxy", origin], {
      stdio: "ignore",
    });
    expect((await once(command, "exit"))[0]).toBe(2);
  }, 60_000);

  test("it ends when it is told to", async () => {
    command.kill("SIGTERM");
    const [code] = (await once(command, "exit")) as [number];
    expect(code).toBe(0);
  });
});

test.for([
  ["<!DOCTYPE html><html><head a=b><meta>", "<!DOCTYPE html><html><head a=b>", "<meta>"],
  [
    "<!doctype html>\n<!-- note -->\n<title>x</title>",
    "<!doctype html>\n<!-- note -->\n",
    "<title>x</title>",
  ],
  ["<header>x</header>", "", "<header>x</header>"],
  ["text", "", "text"],
  ["", "", ""],
] as const)("the script is first in %j", ([html, before, after]) => {
  expect(withFirstScript(html, "f()")).toBe(`${before}<script>f()</script>${after}`);
});

test("a script that names its own end tag stays whole", () => {
  expect(withFirstScript("", 'x = "</script>"')).toBe('<script>x = "<\\/script>"</script>');
});
