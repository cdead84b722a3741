/**
 * The page hook for one load of a page that the extension has no access to: devtools put it before the page's own
 * scripts, with `HUBSCOPE_KEY` around it. Wiring only.
 */
import { createOnceOutlet } from "./once-outlet.ts";
import { hookPage } from "./page-hook.ts";
import { capturePageNatives } from "./page-natives.ts";
import { quietly } from "./quietly.ts";

declare const HUBSCOPE_KEY: string;

quietly(() => {
  const natives = capturePageNatives(window);
  const { report } = createOnceOutlet(document, natives, HUBSCOPE_KEY);
  hookPage(window, natives, { report, isActive: () => true, wantsOthers: () => false });
});
