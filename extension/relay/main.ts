/** The relay's entry: a content script in the extension's own world of the page. Wiring only. */
import { connectPort, isContextGone, onTabMessage } from "../browser/browser.ts";
import { isMessageOf } from "../channel/channel.ts";
import { systemClock } from "../channel/clock.ts";
import { captureEventNatives } from "../channel/event-natives.ts";
import { FROM_PAGE, isWatchRequest, RELAY_PORT, type ToPage } from "../channel/messages.ts";
import { takeNode } from "../channel/node-link.ts";
import { createRelay } from "./relay.ts";

const documentId = crypto.getRandomValues(new Uint32Array(4)).join("-");

const relay = createRelay({
  clock: systemClock,
  identity: () => ({
    document: documentId,
    url: location.href.replace(/#.*$/s, ""),
    frame: window === window.top ? "top" : "child",
  }),
  connect: () => connectPort(RELAY_PORT),
  isOrphaned: isContextGone,
  orphaned() {
    const stop: ToPage = { type: "stop", body: undefined };
    hook.send(stop);
    hook.close();
  },
  isHidden: document.prerendering === true,
});

const hook = takeNode(document, captureEventNatives(window), (message) => {
  // The clone runs what getters the page may have planted, and is plain data of this world from then on.
  const copy: unknown = structuredClone(message);
  if (isMessageOf(FROM_PAGE, copy)) relay.record(copy.body.event, copy.body.pinned);
});

onTabMessage((message) => {
  if (!isWatchRequest(message)) return false;
  relay.watch();
  return true;
});
document.addEventListener("prerenderingchange", () => relay.show(), { once: true });
addEventListener("pageshow", (event) => {
  if (event.persisted) relay.show();
});
addEventListener("pagehide", () => relay.flush());
