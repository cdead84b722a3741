/** The page hook's entry: runs in the page's own world before the page does. Wiring only. */
import type { ToPage } from "../channel/messages.ts";
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

  // By itself: what another tool has made of the page must not cost the recording.
  const acts = quietly(() =>
    createActs({
      natives,
      act: captureActNatives(window),
      report: (event, pinned) => outlet.report(event, pinned),
      answer: (body) => outlet.tell({ type: "act-answered", body }),
      strikes: (body) => outlet.tell({ type: "fault-struck", body }),
      isHeard: () => outlet.isHeard(),
    }),
  );

  function obey(message: ToPage): void {
    switch (message.type) {
      case "stop":
        isActive = false;
        acts?.undo();
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
  }

  // Last: a relay that was here first speaks at once.
  const outlet = createOutlet(document, natives, (message) => quietly(() => obey(message)));
  hookPage(window, natives, {
    report: outlet.report,
    isActive: () => isActive,
    wantsOthers: () => wantsOthers,
    ...(acts === undefined ? {} : { interceptor: acts }),
  });
});
