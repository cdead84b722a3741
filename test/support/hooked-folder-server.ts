import { readFile, stat } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, resolve, sep } from "node:path";
import { withFirstScript } from "./first-script.ts";

export interface HookedFolderServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Serves a folder with `script` first in each of its HTML pages: inline and before everything else, so that it runs
 * before a policy in a `<meta>` can forbid it. `NAME.any.html`, `NAME.window.html` and the like are made of
 * `NAME.any.js` where there is no such file, as web-platform-tests wants it; their `.worker.html` are not, because no
 * page hook runs in workers.
 */
export async function serveHookedFolder(
  folder: string,
  script: string,
  { port = 0 } = {},
): Promise<HookedFolderServer> {
  const root = resolve(folder);
  if (!(await stat(root)).isDirectory()) throw new Error(`${folder} is no folder.`);
  const server = createServer((request, response) => {
    answer(root, script, request.url ?? "/", response).catch((error: unknown) => {
      send(response, 500, "text/plain", String(error));
    });
  });
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", done);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
}

async function answer(root: string, script: string, url: string, response: ServerResponse): Promise<void> {
  const path = pathWithin(root, url);
  if (path === undefined) return send(response, 400, "text/plain", "No such address.");
  const file = (await isFolder(path)) ? join(path, "index.html") : path;
  const body = await contentOf(file);
  if (body === undefined) return send(response, 404, "text/plain", "No such file.");
  const type = TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
  return send(response, 200, type, isHtml(type) ? withFirstScript(body.toString("utf8"), script) : body);
}

/** Undefined for what is no path, or leads out of the folder. */
function pathWithin(root: string, url: string): string | undefined {
  try {
    const { pathname } = new URL(url, "http://localhost");
    const path = normalize(join(root, decodeURIComponent(pathname)));
    return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep) ? path : undefined;
  } catch {
    // Not to be decoded: an address that no browser sends.
    return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function contentOf(file: string): Promise<Buffer | undefined> {
  const content = await readFile(file).catch(() => undefined);
  if (content !== undefined) return content;
  const [, name, kind] = /^(.*)\.(any|window)\.html$/.exec(file) ?? [];
  if (name === undefined) return undefined;
  const source = await readFile(`${name}.${kind}.js`, "utf8").catch(() => undefined);
  return source === undefined ? undefined : Buffer.from(testPage(`${name}.${kind}.js`, source));
}

/** The page that web-platform-tests makes of a test that is a script, with what its comments ask for. */
function testPage(file: string, source: string): string {
  const asked = [...source.matchAll(/^\/\/\s*META:\s*(\w+)=(.*)$/gm)];
  const titles = asked.flatMap(([, name, value = ""]) =>
    name === "title" ? [`<title>${escaped(value)}</title>`] : [],
  );
  const scripts = asked.flatMap(([, name, value = ""]) => (name === "script" ? [value] : []));
  const all = ["/resources/testharness.js", "/resources/testharnessreport.js", ...scripts];
  const tags = all.map((address) => `<script src="${escaped(address)}"></script>`);
  const globalScope =
    "<script>self.GLOBAL = { isWindow: () => true, isWorker: () => false, isShadowRealm: () => false };</script>";
  const own = file.slice(file.lastIndexOf(sep) + 1);
  return `<!doctype html><meta charset="utf-8">${titles.join("")}${globalScope}${tags.join("")}<div id="log"></div><script src="${escaped(encodeURI(own))}"></script>`;
}

function escaped(text: string): string {
  return text.trim().replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".htm": "text/html; charset=utf-8",
  ".xhtml": "application/xhtml+xml; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".gif": "image/gif",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
};

function isHtml(type: string): boolean {
  return type.startsWith("text/html");
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(body);
}
