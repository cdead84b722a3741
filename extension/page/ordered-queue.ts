import { append } from "./lists.ts";

/** Passes values on in the order in which their places were taken, though some are known later. */
export interface OrderedQueue<T> {
  push(value: T): void;
  /** Takes a place; what comes after waits until it is filled. Undefined leaves the place empty. */
  reserve(): (value: T | undefined) => void;
}

interface Place<T> {
  filled: boolean;
  value: T | undefined;
}

export function createOrderedQueue<T>(deliver: (value: T) => void): OrderedQueue<T> {
  let waiting: Place<T>[] = [];

  function drain(): void {
    let at = 0;
    for (; at < waiting.length; at++) {
      const place = waiting[at];
      if (place?.filled !== true) break;
      if (place.value !== undefined) deliver(place.value);
    }
    if (at === 0) return;
    const left: Place<T>[] = [];
    for (; at < waiting.length; at++) append(left, waiting[at] as Place<T>);
    waiting = left;
  }

  return {
    push(value) {
      if (waiting.length === 0) deliver(value);
      else append(waiting, { filled: true, value });
    },
    reserve() {
      const place: Place<T> = { filled: false, value: undefined };
      append(waiting, place);
      return (value) => {
        place.filled = true;
        place.value = value;
        drain();
      };
    },
  };
}
