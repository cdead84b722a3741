import { isForeverFrameUrl } from "../../core/src/wire/classic/detect.ts";
import { getter, method } from "../channel/natives.ts";
import { textPayload } from "./copy-payload.ts";
import type { ExchangeObservation } from "./observe-exchange.ts";
import type { PageNatives } from "./page-natives.ts";
import { quietly } from "./quietly.ts";

/** What this recording takes of a frame's window. */
export type FrameScope = Pick<
  typeof globalThis,
  "Node" | "MutationObserver" | "MutationRecord" | "PerformanceNavigationTiming" | "performance"
> & { readonly document: Document; readonly self: EventTarget };

export interface ForeverFrameRecording {
  /** The document goes while its answer is still coming: the page has taken the frame away. Chromium does not say so. */
  leave(): void;
}

/**
 * Records the document that this hook is in as the answer of a classic server which never ends: a page with one script
 * a message, each of which hands its message to the frame's parent. Nothing of the client is touched: the scripts are
 * read from the document, before they run, because the parser lets observers look whenever it comes upon one that is
 * complete. Undefined where the document is none of these.
 *
 * The body is what the scripts say and how the server writes them; white space around them is not known.
 */
export function recordForeverFrame(
  scope: FrameScope,
  natives: PageNatives,
  exchanges: ExchangeObservation,
): ForeverFrameRecording | undefined {
  const url = natives.documentUrl().replace(/#.*$/s, "");
  if (!isForeverFrameUrl(url)) return undefined;
  const request = { method: "GET", url };
  const recognised = exchanges.recognise(request);
  if (recognised === undefined) return undefined;
  const recorder = exchanges.begin(request, recognised);

  const { document, self, MutationObserver } = scope;
  const nodeName = getter(scope.Node.prototype, "nodeName");
  const textContent = getter(scope.Node.prototype, "textContent");
  const nextSibling = getter(scope.Node.prototype, "nextSibling");
  const addedNodes = getter(scope.MutationRecord.prototype, "addedNodes");
  const observe = method(scope.MutationObserver.prototype.observe);
  const takeRecords = method(scope.MutationObserver.prototype.takeRecords);
  const disconnect = method(scope.MutationObserver.prototype.disconnect);
  let waiting: Node[] = [];
  let isAnswered = false;

  function find(records: readonly MutationRecord[]): void {
    for (let at = 0; at < records.length; at++) {
      const record = records[at];
      if (record !== undefined) queue(addedNodes(record));
    }
  }

  function queue(nodes: ArrayLike<Node>): void {
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at];
      if (node !== undefined && nodeName(node) === "SCRIPT") waiting[waiting.length] = node;
    }
  }

  /** `isWhole`: nothing will be added to what there is. */
  function tell(isWhole: boolean): void {
    let at = 0;
    for (; at < waiting.length; at++) {
      const script = waiting[at];
      if (script === undefined) break;
      const text = textContent(script) ?? "";
      // The parser is still in the last one, unless something stands behind it or it can be no more than it is.
      const isLast = at === waiting.length - 1;
      if (isLast && !isWhole && nextSibling(script) === null && !isWholeCall(text, natives)) break;
      answer(200);
      recorder.piece(textPayload(`<script>${text}</script>\r\n`));
    }
    waiting = waiting.slice(at);
  }

  function answer(status: number): void {
    if (isAnswered) return;
    isAnswered = true;
    recorder.responded(status, { "content-type": "text/html" });
  }

  function finish(): void {
    find(takeRecords(observer));
    tell(true);
    disconnect(observer);
    if (!isAnswered) {
      const status = statusOf(scope);
      if (status === undefined || status === 200) recorder.failed("The frame has no script of a hub.");
      else answer(status);
    }
    recorder.ended();
  }

  const observer = new MutationObserver((records) =>
    quietly(() => {
      find(records);
      tell(false);
    }),
  );
  observe(observer, document, { childList: true, characterData: true, subtree: true });
  // What the parser had read before this hook was there.
  queue(document.scripts);
  tell(false);
  natives.listen(self, "load", () => quietly(finish));
  return { leave: finish };
}

const CALL = "r(c, ";
const CALL_END = ");";

/** The server's call with one JSON value in it: text that is cut off is no JSON. */
function isWholeCall(text: string, natives: PageNatives): boolean {
  const call = text.trim();
  if (!call.startsWith(CALL) || !call.endsWith(CALL_END)) return false;
  return quietly(() => natives.parse(call.slice(CALL.length, -CALL_END.length))) !== undefined;
}

/** Undefined where the browser does not say. */
function statusOf({ performance, PerformanceNavigationTiming }: FrameScope): number | undefined {
  const [entry] = performance.getEntriesByType("navigation");
  const status =
    entry instanceof PerformanceNavigationTiming && "responseStatus" in entry
      ? entry.responseStatus
      : undefined;
  return status === 0 ? undefined : status;
}
