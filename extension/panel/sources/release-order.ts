import type { CaptureEvent, Milliseconds } from "../../../core/src/capture-event.ts";
import type { NetworkItem } from "./network-item.ts";

/** An event of the network log that waits for what happened before it and is told later. */
export interface Waiting {
  readonly event: CaptureEvent;
  readonly arrived: Milliseconds;
}

/** What waits of one item, in the order of time. */
export interface WaitingQueue {
  readonly item: NetworkItem;
  waiting: Waiting[];
}

/** Of the log, requests are known when they end: what waits this long is in the order in which it began. */
const REORDER: Milliseconds = 500;
/**
 * Firefox tells of a request when it has nothing better to do, after seconds perhaps. Counted from when it is told: how
 * late a busy browser is with all of them says nothing of how far apart it tells two of the same moment.
 */
const REORDER_WITHOUT_HURRY: Milliseconds = 1_500;
/** No gap in the log's own knowledge holds anything up longer. */
const LONGEST_WAIT: Milliseconds = 6_000;

/** Takes out what has waited long enough, and with it all that came before it, whenever that was told: in the order of time. */
export function takeDue<Q extends WaitingQueue>(
  queues: readonly Q[],
  now: Milliseconds,
  knownUntil: Milliseconds,
): readonly (Waiting & { readonly queue: Q })[] {
  let due = Number.NEGATIVE_INFINITY;
  for (const { item, waiting } of queues)
    for (const one of waiting)
      if (isDue(item, one, now, knownUntil)) due = Math.max(due, orderOf(item, one.event));
  const taken: (Waiting & { readonly queue: Q })[] = [];
  for (const queue of queues) {
    const { item, waiting } = queue;
    const count = waiting.findIndex(({ event }) => orderOf(item, event) > due);
    for (const one of waiting.splice(0, count < 0 ? waiting.length : count)) taken.push({ ...one, queue });
  }
  return taken.sort((a, b) => orderOf(a.queue.item, a.event) - orderOf(b.queue.item, b.event));
}

/** Puts events in their places: an answer that is asked for may come after the end of its page. */
export function putInOrder(
  queue: WaitingQueue,
  events: readonly CaptureEvent[],
  arrived: Milliseconds,
): void {
  for (const event of events) queue.waiting.push({ event, arrived });
  queue.waiting.sort((a, b) => orderOf(queue.item, a.event) - orderOf(queue.item, b.event));
}

function isDue(
  { slack }: NetworkItem,
  { event, arrived }: Waiting,
  now: Milliseconds,
  knownUntil: Milliseconds,
): boolean {
  if (now - arrived >= LONGEST_WAIT) return true;
  if (event.at > knownUntil) return false;
  if (slack === undefined) return event.at <= now - REORDER;
  return Math.max(event.at, arrived) <= now - REORDER_WITHOUT_HURRY;
}

/** What a request asks comes before what may be its answer. */
function orderOf({ slack = 0 }: NetworkItem, event: CaptureEvent): Milliseconds {
  const isAnswer =
    event.type === "http-response" || event.type === "http-response-body" || event.type === "http-ended";
  return event.at + (isAnswer ? slack : 0);
}
