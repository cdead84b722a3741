import type { BodyBranch } from "./body-tap.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { replaceMethod } from "./replace-method.ts";
import { captureStreamNatives } from "./stream-natives.ts";
import { watchIterators } from "./watch-stream-iterators.ts";
import { watchPipes } from "./watch-stream-pipes.ts";
import { watchReaders } from "./watch-stream-readers.ts";
import { createWeakStore, type WeakStore } from "./weak-store.ts";

/** The streams of answers that are recorded, by the stream that the page holds. */
export type TappedStreams = WeakStore<ReadableStream, BodyBranch>;

/**
 * Watches what the page reads of tapped streams, at the very point where it reads it: nothing is buffered, the page's
 * pace is the network's, and what the page cancels is cancelled. Every other stream costs one look-up a call.
 */
export function watchStreams(scope: PageScope, natives: PageNatives): TappedStreams {
  const streams = createWeakStore<ReadableStream, BodyBranch>();
  const { prototype } = scope.ReadableStream;
  const streamNatives = captureStreamNatives(scope);

  watchReaders(scope, natives, streamNatives, streams);
  watchIterators(scope, natives, streamNatives, streams);
  watchPipes(scope, natives, streamNatives, streams);

  replaceMethod(prototype, "tee", (call, self) => {
    const branches = call();
    quietly(() => {
      const tapped = streams.find(self as ReadableStream);
      if (tapped === undefined) return;
      const pair = branches as readonly [ReadableStream, ReadableStream];
      const halves = tapped.split();
      streams.put(pair[0], halves[0]);
      streams.put(pair[1], halves[1]);
    });
    return branches;
  });

  replaceMethod(prototype, "cancel", (call, self) => {
    const cancelled = quietly(() => {
      const stream = self as ReadableStream;
      const tapped = streams.find(stream);
      return tapped !== undefined && !streamNatives.isLocked(stream) ? tapped : undefined;
    });
    const result = call();
    quietly(() => cancelled?.cancelled());
    return result;
  });

  return streams;
}
