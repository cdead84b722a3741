/** The relay's entry: a content script in the extension's own world of the page. Wiring only. */
import {
  connectPort,
  isAnySwitchedOff,
  isContextGone,
  onOtherTraffic,
  onSwitched,
  onTabMessage,
  wantsOtherTraffic,
} from "../browser/browser.ts";
import { isMessageOf } from "../channel/channel.ts";
import { systemClock } from "../channel/clock.ts";
import { captureEventNatives } from "../channel/event-natives.ts";
import { MAX_ANCESTORS } from "../channel/limits.ts";
import { FROM_PAGE, isToTab, RELAY_PORT, type ToPage } from "../channel/messages.ts";
import { takeNode } from "../channel/node-link.ts";
import { documentAddress } from "../channel/sites.ts";
import { putTexts } from "../channel/texts-apart.ts";
import { documentOrigins, mayBeRead } from "./document-origins.ts";
import { createPullRhythm } from "./pull-rhythm.ts";
import { createRelay } from "./relay.ts";

const STOP: ToPage = { type: "stop", body: undefined };
const documentId = crypto.getRandomValues(new Uint32Array(4)).join("-");
const always = new AbortController().signal;
/** A document that is made ready in advance is shown later. */
let shownAt = document.prerendering === true ? undefined : systemClock.now();
let isEnded = false;
let isLeaving = false;

const relay = createRelay({
  clock: systemClock,
  identity: () => ({
    document: documentId,
    url: documentAddress(location.href),
    frame: window === window.top ? "top" : "child",
    ...(shownAt === undefined ? {} : { shownAt }),
  }),
  connect: () => connectPort(RELAY_PORT),
  isOrphaned: isContextGone,
  toPage: (message) => hook.send(message),
  orphaned() {
    hook.send(STOP);
    hook.close();
  },
  // Scripts at the start of a document are there before it has anything. A frame's first, empty document is whole at once.
  isLate: window === window.top && (document.readyState !== "loading" || document.body !== null),
  isHidden: document.prerendering === true,
  undecidedFor: () => documentOrigins(window).slice(0, MAX_ANCESTORS),
});

const rhythm = createPullRhythm(systemClock, () => hook.pull(), always);
const hook = takeNode(document, captureEventNatives(window), { receive, waiting });

function receive(message: unknown, texts: readonly unknown[]): void {
  // A hook that has started after the recording was ended.
  if (isEnded) {
    hook.send(STOP);
    return;
  }
  const copy = ownCopy(message);
  if (!isMessageOf(FROM_PAGE, copy)) return;
  switch (copy.type) {
    case "observed":
      putTexts(copy.body.events, texts);
      rhythm.came(relay.recordAll(copy.body.events));
      return;
    case "act-answered":
      relay.tell({ type: copy.type, body: { ...copy.body, document: documentId } });
      return;
    case "fault-struck":
      relay.tell({ type: copy.type, body: { ...copy.body, document: documentId } });
      return;
    default:
      copy satisfies never;
  }
}

/** Plain data of this world. Making it runs what getters the page may have planted. */
function ownCopy(message: unknown): unknown {
  // Chromium has cloned it on its way between the worlds; Firefox shows the page's own object.
  const isOwn = Object.getPrototypeOf(Object(message)) === Object.prototype;
  return isOwn ? message : structuredClone(message);
}

function waiting(): void {
  // The document has no time left to wait for more.
  if (isLeaving) hook.pull();
  else rhythm.wait();
}

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

/** The hook starts without: until it hears this, it keeps a little of each socket that it does not know. */
async function tellWhatIsWanted(): Promise<void> {
  const wanted = await wantsOtherTraffic().catch(() => false);
  hook.send({ type: "other-traffic", body: { wanted } } satisfies ToPage);
}

void tellWhatIsWanted();
onOtherTraffic(() => void tellWhatIsWanted());
void consultOffSwitch();
onSwitched(() => void consultOffSwitch());

onTabMessage((message) => {
  if (!isToTab(message) || isEnded) return false;
  switch (message.type) {
    case "watch":
      relay.watch();
      return true;
    case "granted":
      if (!mayBeRead(documentOrigins(window), message.body.patterns)) endRecording();
      return false;
    default:
      message satisfies never;
      return false;
  }
});
function show(): void {
  shownAt = systemClock.now();
  relay.show();
}

document.addEventListener("prerenderingchange", show, { once: true });
addEventListener("pageshow", (event) => {
  isLeaving = false;
  if (event.persisted) show();
});
addEventListener("pagehide", (event) => {
  isLeaving = true;
  hook.pull();
  relay.leave(event.persisted);
});
