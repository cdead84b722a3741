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
    for (let place = waiting[at]; place?.filled; place = waiting[at]) {
      at++;
      if (place.value !== undefined) deliver(place.value);
    }
    if (at > 0) waiting = waiting.slice(at);
  }

  return {
    push(value) {
      if (waiting.length === 0) deliver(value);
      else waiting[waiting.length] = { filled: true, value };
    },
    reserve() {
      const place: Place<T> = { filled: false, value: undefined };
      waiting[waiting.length] = place;
      return (value) => {
        place.filled = true;
        place.value = value;
        drain();
      };
    },
  };
}
