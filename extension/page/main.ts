/** The page hook's entry: runs in the page's own world before the page does. Wiring only. */
import { captureActNatives } from "./acts/act-natives.ts";
import { createActs } from "./acts/create-acts.ts";
import { createOutlet } from "./outlet.ts";
import { hookPage } from "./page-hook.ts";
import { capturePageNatives } from "./page-natives.ts";
import { quietly } from "./quietly.ts";

quietly(() => {
  const natives = capturePageNatives(window);
  let isActive = true;
  let wantsOthers = false;
  const { report, tell, isHeard } = createOutlet(document, natives, (message) => {
    switch (message.type) {
      case "stop":
        acts?.undo();
        isActive = false;
        return;
      case "other-traffic":
        wantsOthers = message.body.wanted;
        return;
      case "act":
        acts?.perform(message.body);
        return;
      case "undo-acts":
        acts?.undo();
        return;
      default:
        message satisfies never;
    }
  });
  // By itself: what another tool has made of the page must not cost the recording.
  const acts = quietly(() =>
    createActs({
      natives,
      act: captureActNatives(window),
      report,
      answer: (body) => tell({ type: "act-answered", body }),
      strikes: (body) => tell({ type: "fault-struck", body }),
      isHeard,
    }),
  );
  hookPage(window, natives, {
    report,
    isActive: () => isActive,
    wantsOthers: () => wantsOthers,
    ...(acts === undefined ? {} : { interceptor: acts }),
  });
});
