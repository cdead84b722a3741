import { cpSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Browser, chromium } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageEntries } from "../../core/build/paths.ts";
import { staticFile } from "../../playground/server/static-files.ts";
import { CHROMIUM_ARGUMENTS, requireBrowser, runsAsRoot } from "../support/browsers.ts";
import { bundle } from "./bundle.ts";
import { type EmptyProject, installPackage } from "./installed-package.ts";
import { readmeExamples } from "./readme-examples.ts";

const PROTOCOLS = ["json", "messagepack"] as const;
const EXAMPLES = readmeExamples("core/README.md");
const ROOT_EXAMPLES = readmeExamples("README.md");

const NODE = { module: "NodeNext" };
const BUNDLER = { module: "ESNext", moduleResolution: "bundler" };

/** Where a consumer's platform types may come from, and how its compiler finds packages. */
const CONSUMERS: Readonly<Record<string, object>> = {
  "Node's types and no DOM library": { lib: ["ES2022"], types: ["node"], ...NODE },
  "the worker library and no DOM library": { lib: ["ES2022", "WebWorker"], ...BUNDLER },
  "the DOM library": { lib: ["ES2022", "DOM", "DOM.AsyncIterable"], ...BUNDLER },
};

let project: EmptyProject;

beforeAll(async () => {
  project = await installPackage();
  cpSync(join(import.meta.dirname, "conversation.js"), join(project.folder, "conversation.js"));
});

afterAll(() => project?.remove());

function outcome(protocol: string) {
  return {
    protocol,
    state: "closed",
    messages: true,
    sum: 5,
    items: [1, 2, 3],
    greeting: "Hello, Ada.",
    failure: "invocation-failed",
    decoded: { target: "Add", arguments: [42, "x"] },
  };
}

describe("the installed package in Node", () => {
  test.for(PROTOCOLS)("client, hub, session and decoder hold a conversation over %s", async (protocol) => {
    project.write(
      `main-${protocol}.js`,
      `import { converse } from "./conversation.js";
       console.log(JSON.stringify(await converse("${protocol}")));`,
    );
    const [printed = ""] = await project.runNode(`main-${protocol}.js`);
    expect(JSON.parse(printed)).toEqual(outcome(protocol));
  });

  test("the same conversation is held in a worker thread", async () => {
    project.write(
      "thread.js",
      `import { parentPort } from "node:worker_threads";
       import { converse } from "./conversation.js";
       parentPort.postMessage(await converse("messagepack"));`,
    );
    project.write(
      "main-thread.js",
      `import { Worker } from "node:worker_threads";
       const worker = new Worker(new URL("./thread.js", import.meta.url));
       worker.on("message", (told) => console.log(JSON.stringify(told)));`,
    );
    const [printed = ""] = await project.runNode("main-thread.js");
    expect(JSON.parse(printed)).toEqual(outcome("messagepack"));
  });

  test("what exports does not name cannot be imported", async () => {
    project.write(
      "internals.js",
      `for (const path of ["dist/wire/index.js", "dist/wire/json/codec.js", "wire/json/codec.js", "src/wire/index.ts"])
         await import("hubscope/" + path).then(() => console.log("imported"), (error) => console.log(error.code));`,
    );
    const refused = "ERR_PACKAGE_PATH_NOT_EXPORTED";
    expect(await project.runNode("internals.js")).toEqual([refused, refused, refused, refused]);
  });
});

describe("the examples of the package's README", () => {
  let faults = "";
  beforeAll(async () => {
    for (const { name, code } of EXAMPLES) project.write(`${name}.ts`, code);
    const files = EXAMPLES.map(({ name }) => `${name}.ts`);
    faults = await project.compile(files, { ...NODE, lib: ["ES2022"], types: ["node"] });
  });

  test("compile", () => expect(faults).toBe(""));

  test("show every entry", () => {
    const shown = EXAMPLES.flatMap(({ code }) =>
      Array.from(code.matchAll(/from "([^"]+)"/g), ([, from]) => from),
    );
    expect(new Set(shown)).toEqual(new Set(packageEntries().map(({ specifier }) => specifier)));
  });

  test.for(EXAMPLES)("$name prints what its comment says", async ({ name, prints }) => {
    expect(await project.runNode(`out/${name}.js`)).toEqual(prints);
  });
});

describe("the types of the installed package", () => {
  test.for(Object.entries(CONSUMERS))("compile strictly with %s", async ([, options]) => {
    const examples = [...EXAMPLES, ...ROOT_EXAMPLES].map(({ code }, index) => {
      project.write(`typed-${index}.ts`, code);
      return `typed-${index}.ts`;
    });
    project.write("every-entry.ts", everyEntry());
    expect(ROOT_EXAMPLES.length).toBeGreaterThan(0);
    const faults = await project.compile(["every-entry.ts", ...examples], { ...options, noEmit: true });
    expect(faults).toBe("");
  });

  test("a wrong use is a compile error", async () => {
    project.write(
      "wrong.ts",
      `import { createHubClient } from "hubscope/client"; createHubClient({ url: 1 });`,
    );
    const faults = await project.compile(["wrong.ts"], { ...NODE, lib: ["ES2022", "DOM"] });
    expect(faults).toMatch(/wrong\.ts.*TS\d+/);
  });
});

function everyEntry(): string {
  const names = packageEntries().map(({ specifier }, index) => ({ specifier, name: `entry${index}` }));
  const imports = names.map(({ specifier, name }) => `import * as ${name} from "${specifier}";`);
  return `${imports.join("\n")}\nexport const all: readonly object[] = [${names.map(({ name }) => name).join()}];\n`;
}

describe("the installed package in Chromium", () => {
  let server: Server;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    server = await serve(project.folder);
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({
      executablePath: requireBrowser("chromium"),
      args: [...CHROMIUM_ARGUMENTS, ...(runsAsRoot ? ["--no-sandbox"] : [])],
    });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test.for(PROTOCOLS)("a page without a bundler holds a conversation over %s", async (protocol) => {
    project.write(
      "page.html",
      `<!doctype html><script type="importmap">${importMap(project.folder)}</script>
       <script type="module">import { converse } from "./conversation.js"; window.converse = converse;</script>`,
    );
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(`${address}/page.html`);
    expect(faults).toEqual([]);
    const told = await page.evaluate((name) => {
      const { converse } = window as unknown as { converse: (protocol: string) => Promise<unknown> };
      return converse(name);
    }, protocol);
    expect(told).toEqual(outcome(protocol));
    await page.close();
  });

  test("a worker, bundled because import maps do not reach workers, holds a conversation", async () => {
    const worker = await bundle(
      project.folder,
      "worker",
      `import { converse } from "./conversation.js"; converse("json").then((told) => postMessage(told));`,
    );
    project.write("worker.js", worker.code);
    project.write("empty.html", "<!doctype html>");
    const page = await browser.newPage();
    await page.goto(`${address}/empty.html`);
    const told = await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const started = new Worker("./worker.js", { type: "module" });
          started.onmessage = ({ data }) => resolve(data);
          started.onerror = ({ message }) => reject(new Error(message));
        }),
    );
    expect(told).toEqual(outcome("json"));
    await page.close();
  });
});

/** Import maps are what `exports` is to Node; made from it, so that they cannot differ. */
function importMap(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, "node_modules/hubscope/package.json"), "utf8")) as {
    exports: Record<string, string | { default: string }>;
  };
  const imports = Object.entries(manifest.exports).map(([subpath, target]) => [
    `hubscope${subpath.slice(1)}`,
    `/node_modules/hubscope/${(typeof target === "string" ? target : target.default).slice(2)}`,
  ]);
  return JSON.stringify({ imports: Object.fromEntries(imports) });
}

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    void staticFile(folder, decodeURIComponent(pathname)).then((file) => {
      if (file === undefined) return response.writeHead(404).end();
      return response.writeHead(200, { "content-type": file.type }).end(file.content);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
