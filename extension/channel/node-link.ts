/**
 * Page hook ↔ relay over a detached node that only the two hold. The hook hands it over once, as `relatedTarget` of
 * an event on the document. Each side greets when it starts, so either may be first; after the hand-over neither
 * listens for another. Nothing hangs on `document` or `window` from then on: `document.open()` takes listeners from both.
 *
 * @module
 */
import type { EventNatives } from "./event-natives.ts";

const NODE_OFFERED = "hubscope:node-offered";
const NODE_WANTED = "hubscope:node-wanted";
const NODE_TAKEN = "taken";
const FROM_HOOK = "from-hook";
const FROM_RELAY = "from-relay";
const HEARD = "heard";

export interface HookEnd {
  /** Delivered before it returns. False while no relay has taken the node. */
  send(message: unknown): boolean;
  /** The relay is still there: its world may be destroyed without a word. */
  isHeard(): boolean;
}

/** The hook's end. `taken` is called when the relay takes the node, `receive` with each message of the relay. */
export function offerNode(
  host: Document,
  natives: EventNatives,
  { taken, receive }: { readonly taken: () => void; readonly receive: (message: unknown) => void },
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
  natives.listen(node, FROM_RELAY, (event) => receive(natives.parse(natives.detail(event))));
  natives.listen(host, NODE_WANTED, offer);
  offer();
  return {
    send(message) {
      if (isTaken) natives.dispatch(node, natives.customEvent(FROM_HOOK, { detail: message }));
      return isTaken;
    },
    isHeard: () => isTaken && !natives.dispatch(node, natives.event(HEARD, { cancelable: true })),
  };
}

export interface RelayEnd {
  send(message: unknown): void;
  /** Listens no longer, to the hook or for one. */
  close(): void;
}

/** The relay's end. `receive` gets messages as the page's world made them: copy and check before use. */
export function takeNode(
  host: Document,
  natives: EventNatives,
  receive: (message: unknown) => void,
): RelayEnd {
  let node: EventTarget | undefined;
  const receiveFrom = (event: Event) => receive(natives.detail(event));
  const hear = (event: Event) => event.preventDefault();
  const take = (event: Event) => {
    const offered = natives.relatedTarget(event);
    if (node !== undefined || offered === null) return;
    node = offered;
    natives.unlisten(host, NODE_OFFERED, take);
    natives.listen(node, FROM_HOOK, receiveFrom);
    natives.listen(node, HEARD, hear);
    natives.dispatch(node, natives.event(NODE_TAKEN));
  };
  natives.listen(host, NODE_OFFERED, take);
  natives.dispatch(host, natives.event(NODE_WANTED));
  return {
    send(message) {
      if (node === undefined) return;
      natives.dispatch(node, natives.customEvent(FROM_RELAY, { detail: JSON.stringify(message) }));
    },
    close() {
      natives.unlisten(host, NODE_OFFERED, take);
      if (node !== undefined) {
        natives.unlisten(node, FROM_HOOK, receiveFrom);
        natives.unlisten(node, HEARD, hear);
      }
      node = undefined;
    },
  };
}
