import { build } from "vite";
import { extensionScriptConfig, pathOf } from "../../vite.config.ts";

export interface PageHookOptions {
  /** Every request and socket is taken for SignalR's, and every message goes the long way. For foreign test suites. */
  readonly isBusy?: boolean;
}

/** The page hook as the extension loads it, built into memory. */
export async function buildPageHook({ isBusy = false }: PageHookOptions = {}): Promise<string> {
  const config = extensionScriptConfig("unwritten", "page");
  const { build: to } = config;
  const lib = to?.lib;
  if (typeof lib !== "object") throw new Error("The page hook is no library.");
  const result = await build({
    ...config,
    logLevel: "warn",
    build: {
      ...to,
      lib: isBusy ? { ...lib, entry: pathOf("test/support/busy-page-hook.ts") } : lib,
      write: false,
    },
  });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (bundle === undefined || !("output" in bundle)) throw new Error("Vite built no script.");
  return bundle.output[0].code;
}
