/** The page hook's entry: runs in the page's own world before the page does. Wiring only. */
import { createOutlet } from "./outlet.ts";
import { hookPage } from "./page-hook.ts";
import { capturePageNatives } from "./page-natives.ts";
import { quietly } from "./quietly.ts";

quietly(() => {
  const natives = capturePageNatives(window);
  let isActive = true;
  let wantsOthers = false;
  const { report } = createOutlet(document, natives, (message) => {
    switch (message.type) {
      case "stop":
        isActive = false;
        return;
      case "other-traffic":
        wantsOthers = message.body.wanted;
        return;
      default:
        message satisfies never;
    }
  });
  hookPage(window, natives, {
    report,
    isActive: () => isActive,
    wantsOthers: () => wantsOthers,
  });
});
