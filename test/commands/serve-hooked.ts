import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { buildPageHook } from "../support/build-page-hook.ts";
import { serveHookedFolder } from "../support/hooked-folder-server.ts";
import { serveHookedProxy } from "../support/hooked-proxy.ts";

const USAGE = `Say which folder, which server, or which file:
  npm run serve:hooked -- DIR                     serves a folder
  npm run serve:hooked -- --proxy http://HOST:N   passes on what a server answers
  npm run serve:hooked -- --write FILE            leaves the hook in a file, for a server that injects scripts
Also: --port N, --without (no hook, to compare), --busy (everything is taken for SignalR's)`;

/**
 * `npm run serve:hooked`: the built page hook first in every HTML page of a folder or of another server, so that a
 * foreign test suite runs against a page with the hook. Ends with Ctrl+C.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: "string", default: "0" },
      proxy: { type: "string" },
      write: { type: "string" },
      without: { type: "boolean", default: false },
      busy: { type: "boolean", default: false },
    },
  });
  const [folder] = positionals;
  const { proxy, write } = values;
  const port = Number(values.port);
  const asked = [...positionals, proxy, write].filter((name) => name !== undefined).length;
  if (asked !== 1 || !Number.isInteger(port) || port < 0 || port > 65_535) {
    console.error(USAGE);
    return 2;
  }
  const script = values.without ? "" : await buildPageHook({ isBusy: values.busy });
  if (write !== undefined) {
    await writeFile(write, script);
    return 0;
  }
  const server =
    proxy === undefined
      ? await serveHookedFolder(folder ?? "", script, { port })
      : await serveHookedProxy(proxy, script, { port });
  console.log(
    `${proxy ?? folder} is at ${server.origin}/ ${values.without ? "without" : "with"} the page hook. Ctrl+C ends it.`,
  );
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  await server.close();
  return 0;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
