import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Serves pages that watch over themselves; each talks to a hub of another origin with the official client. */
export interface GuardedPagesServer {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * What guards the page. `policy`: a nonce, and nothing else is allowed. `trusted-types`: text becomes script or HTML only through
 * a policy, of which there is none. `zone`: Angular's zone.js patches the platform. `fake-timers`: time stands still.
 */
export type Guard = "policy" | "trusted-types" | "zone" | "fake-timers";

const NONCE = "bm9uY2U";
const NO_POLICY = "script-src 'self' 'unsafe-inline'";
// Firefox counts its own request for the page's icon among the page's.
const POLICIES: Readonly<Record<Guard, string>> = {
  policy: `default-src 'none'; script-src 'nonce-${NONCE}'; connect-src http://127.0.0.1:* ws://127.0.0.1:*; img-src 'self'; base-uri 'none'; form-action 'none'`,
  "trusted-types": `${NO_POLICY}; require-trusted-types-for 'script'; trusted-types 'none'`,
  zone: NO_POLICY,
  "fake-timers": NO_POLICY,
};
const SCRIPTS: Readonly<Record<Guard, readonly string[]>> = {
  policy: [],
  "trusted-types": [],
  zone: ["/zone.js"],
  "fake-timers": ["/fake-timers.js"],
};

export async function startGuardedPagesServer(): Promise<GuardedPagesServer> {
  const files: Readonly<Record<string, string>> = {
    "/signalr.js": sourceOf("@microsoft/signalr/dist/browser/signalr.js"),
    "/zone.js": sourceOf("zone.js/bundles/zone.umd.js"),
    "/fake-timers.js": await bundledFakeTimers(),
    "/guarded-page.js": readFileSync(new URL("guarded-page.js", import.meta.url), "utf8"),
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = files[pathname];
    if (file !== undefined) {
      response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(file);
      return;
    }
    const guard = pathname.slice(1);
    if (!isGuard(guard)) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": POLICIES[guard],
      })
      .end(pageOf(guard));
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => {
        server.close(closed);
      });
    },
  };
}

function isGuard(name: string): name is Guard {
  return Object.hasOwn(POLICIES, name);
}

function pageOf(guard: Guard): string {
  const scripts = [...SCRIPTS[guard], "/signalr.js", "/guarded-page.js"];
  const tags = scripts.map((src) => `<script nonce="${NONCE}" src="${src}"></script>`).join("");
  return `<!doctype html><title>${guard}</title><script nonce="${NONCE}">
    window.faults = [];
    addEventListener("securitypolicyviolation", (event) => faults.push(event.violatedDirective + " " + event.sourceFile));
    addEventListener("error", (event) => faults.push(event.message));
    addEventListener("unhandledrejection", (event) => faults.push(String(event.reason)));
  </script>${tags}<body>`;
}

function sourceOf(module: string): string {
  return readFileSync(fileURLToPath(new URL(`../../node_modules/${module}`, import.meta.url)), "utf8");
}

/** The package is CommonJS for Node; pages need one script with a global. */
async function bundledFakeTimers(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL("../../node_modules/@sinonjs/fake-timers", import.meta.url)),
        name: "FakeTimers",
        formats: ["iife"],
      },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (output === undefined || !("output" in output)) throw new Error("the bundler gave no output");
  return output.output[0].code;
}
