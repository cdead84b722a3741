import { bare, getter, method } from "../channel/natives.ts";
import type { PageScope } from "./page-natives.ts";

const { apply, getPrototypeOf } = Reflect;

type Reader = ReadableStreamDefaultReader<unknown>;

/** What watching streams needs of the platform, taken before the page can change it. */
export interface StreamNatives {
  isLocked(stream: ReadableStream): boolean;
  reader(stream: ReadableStream): Reader;
  read(reader: Reader): Promise<ReadableStreamReadResult<unknown>>;
  release(reader: Reader): void;
  cancel(reader: Reader, reason: unknown): Promise<void>;
  /** Settles when the stream has ended, failed or been released. Not to handle it is no fault. */
  closed(reader: ReadableStreamDefaultReader | ReadableStreamBYOBReader): Promise<void>;
  /** A stream that asks `pull` for one chunk whenever somebody waits for one, and never before. */
  onDemand(source: UnderlyingDefaultSource<unknown>): ReadableStream;
  enqueue(controller: ReadableStreamDefaultController, chunk: unknown): void;
  close(controller: ReadableStreamDefaultController): void;
  /** Where `next` and `return` of a stream's iterators are; undefined where streams have none (Chromium before 124). */
  readonly iteratorPrototype: object | undefined;
}

export function captureStreamNatives(scope: PageScope): StreamNatives {
  const { ReadableStream, ReadableStreamDefaultController: Controller } = scope;
  const { prototype } = ReadableStream;
  const DefaultReader = scope.ReadableStreamDefaultReader;
  const closedOfDefault = getter(DefaultReader.prototype, "closed");
  const closedOfByob = getter(scope.ReadableStreamBYOBReader.prototype, "closed");
  const getReader = method(prototype.getReader as (this: ReadableStream) => Reader);
  return {
    isLocked: getter(prototype, "locked"),
    reader: getReader,
    read: method(DefaultReader.prototype.read),
    release: method(DefaultReader.prototype.releaseLock),
    cancel: method(DefaultReader.prototype.cancel),
    // Asked of a reader of the other kind, an accessor of promises does not throw: its promise rejects.
    closed: (reader) =>
      getPrototypeOf(reader) === DefaultReader.prototype
        ? closedOfDefault(reader as Reader)
        : closedOfByob(reader as ReadableStreamBYOBReader),
    onDemand: (source) => new ReadableStream(bare(source), bare({ highWaterMark: 0 })),
    enqueue: method(Controller.prototype.enqueue),
    close: method(Controller.prototype.close),
    iteratorPrototype: iteratorPrototypeOf(new ReadableStream()),
  };
}

function iteratorPrototypeOf(stream: ReadableStream): object | undefined {
  const { values } = stream as { values?: () => object };
  if (values === undefined) return undefined;
  return getPrototypeOf(apply(values, stream, []) as object) as object;
}
