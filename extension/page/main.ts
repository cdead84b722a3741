/** The page hook's entry: runs in the page's own world before the page does. Wiring only. */
import { createOutlet } from "./outlet.ts";
import { hookPage } from "./page-hook.ts";
import { capturePageNatives } from "./page-natives.ts";
import { quietly } from "./quietly.ts";

quietly(() => {
  const natives = capturePageNatives(window);
  let active = true;
  const { report } = createOutlet(document, natives, () => {
    active = false;
  });
  hookPage(window, natives, { report, isActive: () => active, wantsOthers: () => false });
});
