/**
 * The page hook as it is at its busiest, for foreign test suites, which speak no SignalR: every request, event stream and
 * socket is taken for SignalR's, each answer is tapped, and something is broken that strikes nothing, so that every message
 * goes the long way.
 *
 * @module
 */
import { captureActNatives } from "../../extension/page/acts/act-natives.ts";
import { createActs } from "../../extension/page/acts/create-acts.ts";
import { createHttpRecognition, type HttpRecognition } from "../../extension/page/http-recognition.ts";
import { createOutlet } from "../../extension/page/outlet.ts";
import { hookPage } from "../../extension/page/page-hook.ts";
import { capturePageNatives, type PageNatives } from "../../extension/page/page-natives.ts";

function recogniseAll(natives: PageNatives): HttpRecognition {
  const known = createHttpRecognition(natives.parse);
  return {
    ...known,
    recognise(request) {
      const found = known.recognise(request);
      if (found !== undefined) return found;
      const isSend = request.method !== "GET" && request.method !== "HEAD";
      return { purpose: isSend ? "send" : "receive", isCertain: true, connection: undefined };
    },
    isKnownSocket: () => true,
  };
}

const natives = capturePageNatives(window);
const acts = createActs({
  natives,
  act: captureActNatives(window),
  report: (event, pinned) => outlet.report(event, pinned),
  answer: (body) => outlet.tell({ type: "act-answered", body }),
  strikes: (body) => outlet.tell({ type: "fault-struck", body }),
  // Nobody else asks for what is broken here, so nobody is missed.
  isHeard: () => true,
});
const outlet = createOutlet(document, natives, () => undefined);
hookPage(window, natives, {
  report: outlet.report,
  isActive: () => true,
  wantsOthers: () => true,
  recognition: recogniseAll(natives),
  interceptor: acts,
});

/** Of the messages without a target none is struck by chance; the others have another target. */
const rule = { kind: "drop", share: Number.MIN_VALUE, delay: 0 } as const;
acts.perform({
  command: 1,
  act: {
    kind: "faults",
    faults: [
      { id: "in", direction: "in", ...rule },
      { id: "out", direction: "out", ...rule },
      { id: "target", direction: "in", ...rule, target: "Nobody.calls.this", share: 1 },
    ],
  },
});
