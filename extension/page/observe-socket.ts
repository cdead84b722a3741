import type { PayloadAct, SocketId } from "../../core/src/capture-event.ts";
import type { Direction, Payload } from "../../core/src/wire/payload.ts";
import type { CopiedPayload } from "./copy-payload.ts";
import { createOrderedQueue } from "./ordered-queue.ts";
import type { PageRecording } from "./page-recording.ts";
import { quietly } from "./quietly.ts";
import { whenCopied } from "./read-later.ts";
import { createSocketRecorder } from "./socket-recorder.ts";
import type { ObserveSocket } from "./watch-web-socket.ts";

type SocketNews = Parameters<ReturnType<typeof createSocketRecorder>["record"]>[0];

/** Makes capture events of what happens to a socket, in wire order although the bytes of a Blob come later. */
export function createSocketObservation(
  recording: PageRecording,
  isNegotiated: (url: string) => boolean,
  learn: (url: string) => void,
): ObserveSocket {
  const { natives, report, isActive, nextId, origin, wantsOthers, interceptor } = recording;
  const { now } = natives;

  return ({ socket: native, url, protocols, isRefused }, ignore) => {
    const socket = nextId();
    const recorder = createSocketRecorder({ url, isNegotiated, learn, wantsOthers, report, ignore });
    const queue = createOrderedQueue<SocketNews>((event) => quietly(() => recorder.record(event)));
    queue.push({
      type: "socket-opening",
      at: now(),
      socket,
      url,
      ...(protocols === undefined ? {} : { protocols }),
      origin: origin(),
    });

    function payload(direction: Direction, copied: CopiedPayload, act?: PayloadAct): void {
      if (!isActive()) {
        ignore();
        return;
      }
      const at = now();
      if (copied.kind !== "later") {
        queue.push(payloadEvent(socket, at, direction, copied, act));
        return;
      }
      const fill = queue.reserve();
      whenCopied(copied, natives, (whole) => fill(payloadEvent(socket, at, direction, whole, act)));
    }

    const tap = interceptor?.tapSocket(socket, native, {
      report: payload,
      isRecorded: () => recorder.isKept,
    });
    return {
      opened: (protocol) => queue.push({ type: "socket-opened", at: now(), socket, protocol }),
      payload,
      failed: () => queue.push({ type: "socket-failed", at: now(), socket }),
      closed(close) {
        const act = isRefused === true ? "refused" : tap?.endedBy;
        queue.push({
          type: "socket-closed",
          at: now(),
          socket,
          ...close,
          ...(act === undefined ? {} : { act }),
        });
      },
      tap,
    };
  };
}

function payloadEvent(
  socket: SocketId,
  at: number,
  direction: Direction,
  payload: Payload,
  act?: PayloadAct,
): SocketNews {
  return act === undefined
    ? { type: "socket-payload", at, socket, direction, payload }
    : { type: "socket-payload", at, socket, direction, payload, act };
}
