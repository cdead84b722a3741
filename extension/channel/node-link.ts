/**
 * Page hook ↔ relay over a detached node that only the two hold. The hook hands it over once, as `relatedTarget` of
 * an event on the document. Each side greets when it starts, so either may be first; after the hand-over neither
 * listens for another. Nothing hangs on `document` or `window` from then on: `document.open()` takes listeners from both.
 *
 * @module
 */
import type { EventNatives } from "./event-natives.ts";
import { MAX_CROSSING_EVENTS } from "./limits.ts";
import { ownValue } from "./own-value.ts";

const NODE_OFFERED = "hubscope:node-offered";
const NODE_WANTED = "hubscope:node-wanted";
const NODE_TAKEN = "taken";
const FROM_HOOK = "from-hook";
const TEXT = "text";
const FROM_RELAY = "from-relay";
const HEARD = "heard";
const WAITING = "waiting";
const PULL = "pull";

/** A relay has little to say before anything has happened, and a document may never have a hook. */
const MAX_UNSAID = 20;
/** As many may come beside one message: no hook sends more, and a page that got hold of the node fills nothing. */
const MAX_TEXTS: number = 2 * MAX_CROSSING_EVENTS;

export interface HookEnd {
  /** Delivered before it returns. `texts` go beside the message, uncopied. False while no relay has taken the node. */
  send(message: unknown, texts?: readonly string[]): boolean;
  /** Says that there is something to be pulled. False while no relay has taken the node. */
  wait(): boolean;
  /** The relay is still there: its world may be destroyed without a word. */
  isHeard(): boolean;
}

/**
 * The hook's end. `taken` is called when the relay takes the node, `receive` with each message of the relay, `pull` when
 * the relay wants what waits: it has the timer, so that the page's own timers stay as they are.
 */
export function offerNode(
  host: Document,
  natives: EventNatives,
  {
    taken,
    receive,
    pull,
  }: {
    readonly taken: () => void;
    readonly receive: (message: unknown) => void;
    readonly pull: () => void;
  },
): HookEnd {
  const node = host.createElement("i");
  let isTaken = false;
  const offer = () => {
    natives.dispatch(host, natives.mouseEvent(NODE_OFFERED, { relatedTarget: node }));
  };
  natives.listen(node, NODE_TAKEN, () => {
    if (isTaken) return;
    isTaken = true;
    natives.unlisten(host, NODE_WANTED, offer);
    taken();
  });
  // As text: Firefox lets no page read an object of an extension's world.
  natives.listen(node, FROM_RELAY, (event) => receive(ownValue(natives.parse(natives.detail(event)))));
  natives.listen(node, PULL, pull);
  natives.listen(host, NODE_WANTED, offer);
  offer();
  return {
    send(message, texts) {
      if (!isTaken) return false;
      if (texts !== undefined)
        for (let at = 0; at < texts.length; at++)
          natives.dispatch(node, natives.customEvent(TEXT, { detail: texts[at] }));
      natives.dispatch(node, natives.customEvent(FROM_HOOK, { detail: message }));
      return true;
    },
    wait() {
      if (isTaken) natives.dispatch(node, natives.event(WAITING));
      return isTaken;
    },
    isHeard: () => isTaken && !natives.dispatch(node, natives.event(HEARD, { cancelable: true })),
  };
}

export interface RelayEnd {
  /** Where no hook is there yet, it hears this when it comes. */
  send(message: unknown): void;
  /** The hook sends what waits before this returns. */
  pull(): void;
  /** Listens no longer, to the hook or for one. */
  close(): void;
}

/**
 * The relay's end. `receive` gets messages as the page's world made them: copy and check before use; `texts` are what
 * came beside it. `waiting` is called when there is something to be pulled, and not again before it was.
 */
export function takeNode(
  host: Document,
  natives: EventNatives,
  {
    receive,
    waiting,
  }: {
    readonly receive: (message: unknown, texts: readonly unknown[]) => void;
    readonly waiting: () => void;
  },
): RelayEnd {
  let node: EventTarget | undefined;
  /** Said before there was a hook to hear it. */
  let unsaid: unknown[] = [];
  let texts: unknown[] = [];
  const takeText = (event: Event) => {
    // A hook sends its message next. No `push`: in tests the relay's end lives in the page's world.
    if (texts.length < MAX_TEXTS) texts[texts.length] = natives.detail(event);
  };
  const receiveFrom = (event: Event) => {
    const beside = texts;
    texts = [];
    receive(natives.detail(event), beside);
  };
  const hear = (event: Event) => event.preventDefault();
  const take = (event: Event) => {
    const offered = natives.relatedTarget(event);
    if (node !== undefined || offered === null) return;
    node = offered;
    natives.unlisten(host, NODE_OFFERED, take);
    natives.listen(node, TEXT, takeText);
    natives.listen(node, FROM_HOOK, receiveFrom);
    natives.listen(node, HEARD, hear);
    natives.listen(node, WAITING, waiting);
    natives.dispatch(node, natives.event(NODE_TAKEN));
    const kept = unsaid;
    unsaid = [];
    for (const message of kept) send(message);
  };
  function send(message: unknown): void {
    if (node !== undefined)
      natives.dispatch(node, natives.customEvent(FROM_RELAY, { detail: JSON.stringify(message) }));
    else if (unsaid.length < MAX_UNSAID) unsaid.push(message);
  }
  natives.listen(host, NODE_OFFERED, take);
  natives.dispatch(host, natives.event(NODE_WANTED));
  return {
    send,
    pull() {
      if (node !== undefined) natives.dispatch(node, natives.event(PULL));
    },
    close() {
      natives.unlisten(host, NODE_OFFERED, take);
      if (node !== undefined) {
        natives.unlisten(node, TEXT, takeText);
        natives.unlisten(node, FROM_HOOK, receiveFrom);
        natives.unlisten(node, HEARD, hear);
        natives.unlisten(node, WAITING, waiting);
      }
      node = undefined;
      unsaid = [];
    },
  };
}
