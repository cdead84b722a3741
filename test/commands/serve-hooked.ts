import { parseArgs } from "node:util";
import { buildPageHook, serveHookedFolder } from "../support/hooked-folder-server.ts";

/**
 * `npm run serve:hooked -- DIR [--port N]`: serves any folder with the built page hook first in every HTML page, so that
 * a foreign test suite runs against a page with the hook. `--without` leaves it out, to compare. Ends with Ctrl+C.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string", default: "0" }, without: { type: "boolean", default: false } },
  });
  const [folder] = positionals;
  const port = Number(values.port);
  if (
    folder === undefined ||
    positionals.length > 1 ||
    !Number.isInteger(port) ||
    port < 0 ||
    port > 65_535
  ) {
    console.error("Say which folder: npm run serve:hooked -- DIR [--port N] [--without]");
    return 2;
  }
  const server = await serveHookedFolder(folder, values.without ? "" : await buildPageHook(), { port });
  console.log(
    `${folder} is at ${server.origin}/ ${values.without ? "without" : "with"} the page hook. Ctrl+C ends it.`,
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
