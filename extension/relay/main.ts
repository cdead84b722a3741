/** The relay's entry: a content script in the extension's own world of the page. Wiring only. */
import {
  connectPort,
  isAnySwitchedOff,
  isContextGone,
  onSwitched,
  onTabMessage,
} from "../browser/browser.ts";
import { isMessageOf } from "../channel/channel.ts";
import { systemClock } from "../channel/clock.ts";
import { captureEventNatives } from "../channel/event-natives.ts";
import { FROM_PAGE, isToTab, RELAY_PORT, type ToPage } from "../channel/messages.ts";
import { takeNode } from "../channel/node-link.ts";
import { patternCovers } from "../channel/sites.ts";
import { documentOrigins } from "./document-origins.ts";
import { createRelay } from "./relay.ts";

const STOP: ToPage = { type: "stop", body: undefined };
const documentId = crypto.getRandomValues(new Uint32Array(4)).join("-");
let isEnded = false;

const relay = createRelay({
  clock: systemClock,
  identity: () => ({
    document: documentId,
    url: location.href.replace(/#.*$/s, ""),
    frame: window === window.top ? "top" : "child",
  }),
  connect: () => connectPort(RELAY_PORT),
  isOrphaned: isContextGone,
  toPage: (message) => hook.send(message),
  orphaned() {
    hook.send(STOP);
    hook.close();
  },
  isHidden: document.prerendering === true,
  isHeld: true,
});

const hook = takeNode(document, captureEventNatives(window), (message) => {
  // A hook that has started after the recording was ended.
  if (isEnded) return hook.send(STOP);
  // The clone runs what getters the page may have planted, and is plain data of this world from then on.
  const copy: unknown = structuredClone(message);
  if (!isMessageOf(FROM_PAGE, copy)) return;
  switch (copy.type) {
    case "observed":
      return relay.record(copy.body.event, copy.body.pinned);
    case "act-answered":
      return relay.tell({ type: copy.type, body: { ...copy.body, document: documentId } });
    case "fault-struck":
      return relay.tell({ type: copy.type, body: { ...copy.body, document: documentId } });
    default:
      copy satisfies never;
  }
});

function endRecording(): void {
  isEnded = true;
  relay.end();
  hook.send(STOP);
}

/** Asked of the storage, not of the background: a page that says nothing must not start it. */
async function consultOffSwitch(): Promise<void> {
  // A storage that cannot be read has switched nothing off, and options and panel say the same.
  const isOff = await isAnySwitchedOff(documentOrigins(window)).catch(() => false);
  if (isOff) endRecording();
  else relay.allow();
}

void consultOffSwitch();
onSwitched(() => void consultOffSwitch());

onTabMessage((message) => {
  if (!isToTab(message) || isEnded) return false;
  switch (message.type) {
    case "watch":
      relay.watch();
      return true;
    case "granted": {
      const [own] = documentOrigins(window);
      if (own !== undefined && !message.body.patterns.some((pattern) => patternCovers(pattern, own)))
        endRecording();
      return false;
    }
    default:
      message satisfies never;
      return false;
  }
});
document.addEventListener("prerenderingchange", () => relay.show(), { once: true });
addEventListener("pageshow", (event) => {
  if (event.persisted) relay.show();
});
addEventListener("pagehide", (event) => relay.leave(event.persisted));
