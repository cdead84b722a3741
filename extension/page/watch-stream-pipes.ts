import type { BodyBranch } from "./body-tap.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { replaceMethod } from "./replace-method.ts";
import type { StreamNatives } from "./stream-natives.ts";
import type { TappedStreams } from "./watch-streams.ts";

type Controller = ReadableStreamDefaultController<unknown>;

const { getOwnPropertyDescriptor } = Reflect;
const { isView } = ArrayBuffer;

/**
 * `pipeTo` and `pipeThrough`, which read inside the platform. In place of a tapped stream the pipe gets one that takes
 * a chunk of it for each that the pipe asks for, and passes cancelling on: it holds nothing, so the pace stays native.
 */
export function watchPipes(
  scope: PageScope,
  natives: PageNatives,
  streamNatives: StreamNatives,
  streams: TappedStreams,
): void {
  const { prototype } = scope.ReadableStream;

  /** Undefined where the platform is to refuse the stream itself. */
  function stand(self: unknown): { readonly stream: ReadableStream; readonly letGo: () => void } | undefined {
    const source = self as ReadableStream;
    const branch = streams.find(source);
    if (branch === undefined || branch.isOver() || streamNatives.isLocked(source)) return undefined;
    const reader = streamNatives.reader(source);
    let isLetGo = false;
    const letGo = () => {
      isLetGo = true;
      quietly(() => streamNatives.release(reader));
    };
    const stream = streamNatives.onDemand({
      pull: (controller) =>
        natives.passOn(
          streamNatives.read(reader),
          ({ value, done }) => take(branch, value, done, controller, letGo),
          (error) => {
            // A pipe that ends with a read under way takes it back, which is no end of the stream.
            if (!isLetGo) quietly(() => branch.failed(error));
            letGo();
          },
        ) as Promise<never>,
      cancel(reason) {
        const cancelled = streamNatives.cancel(reader, reason);
        quietly(() => branch.cancelled());
        letGo();
        return cancelled;
      },
    });
    return { stream, letGo };
  }

  function take(
    branch: BodyBranch,
    value: unknown,
    done: boolean,
    controller: Controller,
    letGo: () => void,
  ): void {
    if (done) {
      quietly(() => branch.ended());
      streamNatives.close(controller);
      letGo();
      return;
    }
    quietly(() => {
      if (isView(value)) branch.piece(value);
    });
    streamNatives.enqueue(controller, value);
  }

  replaceMethod(prototype, "pipeTo", (call, self, args) => {
    const standIn = quietly(() => stand(self));
    if (standIn === undefined) return call();
    const { stream, letGo } = standIn;
    return natives.passOn(call(args, stream) as Promise<undefined>, letGo, letGo);
  });

  replaceMethod(prototype, "pipeThrough", (call, self, args) => {
    // A stream that outlives its pipe would have to be freed when that fails, which nobody tells us.
    const standIn = mayOutlive(args[1]) ? undefined : quietly(() => stand(self));
    if (standIn === undefined) {
      const result = call();
      quietly(() => notCaptured(streams.find(self as ReadableStream)));
      return result;
    }
    try {
      return call(args, standIn.stream);
    } catch (error) {
      // Refused for what it was to go through: the page has its stream back.
      standIn.letGo();
      throw error;
    }
  });
}

function notCaptured(branch: BodyBranch | undefined): void {
  branch?.whole({ kind: "omitted", reason: "not-captured", size: 0 });
}

function mayOutlive(options: unknown): boolean {
  if (typeof options !== "object" || options === null) return false;
  if (!("preventCancel" in options)) return false;
  const descriptor = getOwnPropertyDescriptor(options, "preventCancel");
  return descriptor === undefined || descriptor.get !== undefined || Boolean(descriptor.value);
}
