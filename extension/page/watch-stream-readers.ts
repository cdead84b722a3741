import type { BodyBranch } from "./body-tap.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { replaceMethod } from "./replace-method.ts";
import type { StreamNatives } from "./stream-natives.ts";
import type { TappedStreams } from "./watch-streams.ts";
import { createWeakStore } from "./weak-store.ts";

type Reader = ReadableStreamDefaultReader<unknown> | ReadableStreamBYOBReader;

/** A reader that the page holds on a tapped stream. */
interface Watched {
  readonly branch: BodyBranch;
  /** Reads under way: what they bring comes before the end, though the end may be told first. */
  pending: number;
  isReleased: boolean;
  end: (() => void) | undefined;
}

const { isView } = ArrayBuffer;

/** `getReader()` and what the page does with the readers, of bytes too. */
export function watchReaders(
  scope: PageScope,
  natives: PageNatives,
  { closed }: StreamNatives,
  streams: TappedStreams,
): void {
  const readers = createWeakStore<Reader, Watched>();

  function watch(reader: Reader, branch: BodyBranch): void {
    const watched: Watched = { branch, pending: 0, isReleased: false, end: undefined };
    readers.put(reader, watched);
    natives.settled(
      closed(reader),
      () => quietly(() => end(watched, () => branch.ended())),
      (error) => quietly(() => end(watched, () => branch.failed(error))),
    );
  }

  function end(watched: Watched, ending: () => void): void {
    // A reader that lets go rejects too, which is no end of the stream.
    if (watched.isReleased) return;
    watched.end ??= ending;
    if (watched.pending === 0) watched.end();
  }

  function readEnded(watched: Watched): void {
    watched.pending--;
    if (watched.pending === 0) watched.end?.();
  }

  replaceMethod(scope.ReadableStream.prototype, "getReader", (call, self) => {
    const reader = call();
    quietly(() => {
      const branch = streams.find(self as ReadableStream);
      if (branch !== undefined) watch(reader as Reader, branch);
    });
    return reader;
  });

  for (const prototype of [
    scope.ReadableStreamDefaultReader.prototype,
    scope.ReadableStreamBYOBReader.prototype,
  ]) {
    replaceMethod(prototype, "read", (call, self) => {
      const watched = quietly(() => readers.find(self as Reader));
      const isOver = quietly(() => watched?.branch.isOver());
      const result = call();
      if (watched === undefined || isOver === true) return result;
      watched.pending++;
      return natives.passOn(
        result as Promise<ReadableStreamReadResult<unknown>>,
        ({ value }) =>
          quietly(() => {
            if (isView(value)) watched.branch.piece(value);
            readEnded(watched);
          }),
        // Why, the stream's end says: a read may also be refused for what the page asked.
        () => quietly(() => readEnded(watched)),
      );
    });

    replaceMethod(prototype, "releaseLock", (call, self) => {
      const result = call();
      quietly(() => {
        const watched = readers.find(self as Reader);
        if (watched !== undefined) watched.isReleased = true;
      });
      return result;
    });

    replaceMethod(prototype, "cancel", (call, self) => {
      const watched = quietly(() => readers.find(self as Reader));
      quietly(() => {
        if (watched !== undefined && !watched.isReleased) end(watched, () => watched.branch.cancelled());
      });
      return call();
    });
  }
}
