/**
 * Items that arrive faster or slower than they are read. What was pushed before the end is read before the end,
 * an error included. There is no limit: the hub protocols have no way to slow a stream down.
 */
export interface ItemQueue<T> {
  push(item: T): void;
  end(): void;
  fail(error: unknown): void;
  /** Forgets what has not been read. */
  clear(): void;
  next(): Promise<IteratorResult<T, undefined>>;
}

interface Reader<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

type Ending = { readonly kind: "end" } | { readonly kind: "failure"; readonly error: unknown };

export function createItemQueue<T>(): ItemQueue<T> {
  let items: T[] = [];
  let head = 0;
  let ending: Ending | undefined;
  const readers: Reader<T>[] = [];

  function finish(how: Ending): void {
    if (ending !== undefined) return;
    ending = how;
    for (const reader of readers.splice(0)) answerEnding(reader);
  }

  /** An error is told once, as a generator does; after it the queue is at its end. */
  function answerEnding(reader: Reader<T>): void {
    if (ending?.kind === "failure") {
      reader.reject(ending.error);
      ending = { kind: "end" };
    } else reader.resolve({ done: true, value: undefined });
  }

  function shift(): T {
    const item = items[head++] as T;
    // Array.shift would copy the rest for every item of a long queue.
    if (head > 1024 && head * 2 > items.length) {
      items = items.slice(head);
      head = 0;
    }
    return item;
  }

  return {
    push(item) {
      if (ending !== undefined) return;
      const reader = readers.shift();
      if (reader === undefined) items.push(item);
      else reader.resolve({ done: false, value: item });
    },
    end: () => finish({ kind: "end" }),
    fail: (error) => finish({ kind: "failure", error }),
    clear() {
      items = [];
      head = 0;
    },
    next: () =>
      new Promise((resolve, reject) => {
        if (head < items.length) resolve({ done: false, value: shift() });
        else if (ending === undefined) readers.push({ resolve, reject });
        else answerEnding({ resolve, reject });
      }),
  };
}
