import type { BodyBranch } from "./body-tap.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { replaceMethod } from "./replace-method.ts";
import type { StreamNatives } from "./stream-natives.ts";
import type { TappedStreams } from "./watch-streams.ts";
import { createWeakStore } from "./weak-store.ts";

interface Watched {
  readonly branch: BodyBranch;
  /** To stop iterating cancels the stream, unless the page said otherwise. */
  readonly cancels: boolean;
}

const { defineProperty, getOwnPropertyDescriptor } = Reflect;
const { isView } = ArrayBuffer;
const { asyncIterator } = Symbol;

/** `for await (… of stream)` and `values()`: the iterator reads by itself, so what it yields is watched. */
export function watchIterators(
  scope: PageScope,
  natives: PageNatives,
  { iteratorPrototype }: StreamNatives,
  streams: TappedStreams,
): void {
  if (iteratorPrototype === undefined) return;
  const { prototype } = scope.ReadableStream;
  const iterators = createWeakStore<object, Watched>();

  const values = getOwnPropertyDescriptor(prototype, "values");
  const iterate = getOwnPropertyDescriptor(prototype, asyncIterator);
  replaceMethod(prototype, "values", (call, self, args) => {
    const branch = quietly(() => streams.find(self as ReadableStream));
    const iterator = call();
    quietly(() => {
      if (branch !== undefined) iterators.put(iterator as object, { branch, cancels: !keeps(args[0]) });
    });
    return iterator;
  });
  // One function under two names, as natively.
  if (iterate !== undefined && iterate.value === values?.value) {
    defineProperty(prototype, asyncIterator, {
      ...iterate,
      value: getOwnPropertyDescriptor(prototype, "values")?.value as unknown,
    });
  }

  replaceMethod(iteratorPrototype, "next", (call, self) => {
    const watched = quietly(() => iterators.find(self as object));
    const isOver = quietly(() => watched?.branch.isOver());
    const result = call();
    if (watched === undefined || isOver === true) return result;
    const { branch } = watched;
    return natives.passOn(
      result as Promise<IteratorResult<unknown>>,
      ({ value, done }) =>
        quietly(() => {
          if (done === true) branch.ended();
          else if (isView(value)) branch.piece(value);
        }),
      (error) => quietly(() => branch.failed(error)),
    );
  });

  replaceMethod(iteratorPrototype, "return", (call, self) => {
    const watched = quietly(() => iterators.find(self as object));
    const result = call();
    if (watched?.cancels !== true) return result;
    // Reads that were asked for before come first.
    return natives.passOn(
      result as Promise<unknown>,
      () => quietly(() => watched.branch.cancelled()),
      () => undefined,
    );
  });
}

function keeps(options: unknown): boolean {
  if (typeof options !== "object" || options === null) return false;
  return Boolean(getOwnPropertyDescriptor(options, "preventCancel")?.value);
}
