import type { EventOrigin, PayloadAct, SocketId } from "../../core/src/capture-event.ts";
import { isNegotiateUrl } from "../../core/src/wire/detect-protocol.ts";
import type { Direction, Payload } from "../../core/src/wire/payload.ts";
import { bytesPayload, type CopiedPayload } from "./copy-payload.ts";
import { createExchangeRecorder } from "./exchange-recorder.ts";
import type { Interceptor } from "./interceptor.ts";
import { createNegotiatedUrls } from "./negotiated-urls.ts";
import { createOrderedQueue } from "./ordered-queue.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import type { Report } from "./report.ts";
import { createSocketRecorder } from "./socket-recorder.ts";
import { watchFetch } from "./watch-fetch.ts";
import { type NewSocket, type SocketObserver, watchWebSocket } from "./watch-web-socket.ts";
import { watchXhr } from "./watch-xhr.ts";

type SocketNews = Parameters<ReturnType<typeof createSocketRecorder>["record"]>[0];

/** Hooks the page's network functions and reports what is SignalR's, for as long as `isActive` says so. */
export function hookPage(
  scope: PageScope,
  natives: PageNatives,
  {
    report: reportActive,
    isActive,
    interceptor,
  }: {
    readonly report: Report;
    readonly isActive: () => boolean;
    /** Acts on the page's transports at the user's command. */
    readonly interceptor?: Interceptor;
  },
): void {
  const prefix = natives.randomId();
  const negotiated = createNegotiatedUrls();
  let lastId = 0;
  const nextId = () => `${prefix}-${++lastId}`;
  const report: Report = (event, pinned) => {
    if (isActive()) reportActive(event, pinned);
  };
  const origin = (): EventOrigin => ({
    documentUrl: natives.documentUrl().replace(/#.*$/s, ""),
    frame: scope.top === scope.self ? "top" : "child",
  });

  function observeSocket({ socket: native, url, protocols }: NewSocket, ignore: () => void): SocketObserver {
    const socket = nextId();
    const recorder = createSocketRecorder({ socket, negotiated: negotiated.has(url), report, ignore });
    const queue = createOrderedQueue<SocketNews>((event) => quietly(() => recorder.record(event)));
    const { now } = natives;
    queue.push({
      type: "socket-opening",
      at: now(),
      socket,
      url,
      ...(protocols === undefined ? {} : { protocols }),
      origin: origin(),
    });
    return {
      opened: (protocol) => queue.push({ type: "socket-opened", at: now(), socket, protocol }),
      payload(direction, payload) {
        if (!isActive()) return ignore();
        const at = now();
        const arrived = (whole: Payload): SocketNews => payloadEvent(socket, at, direction, whole);
        if (payload.kind !== "later") return queue.push(arrived(payload));
        readLater(payload, queue.reserve(), arrived);
      },
      failed: () => queue.push({ type: "socket-failed", at: now(), socket }),
      closed: (close) => queue.push({ type: "socket-closed", at: now(), socket, ...close }),
      tap: interceptor?.tapSocket(socket, native, (direction, payload, act) =>
        queue.push(payloadEvent(socket, now(), direction, payload, act)),
      ),
    };
  }

  function readLater(
    { bytes, size }: Extract<CopiedPayload, { kind: "later" }>,
    fill: (event: SocketNews | undefined) => void,
    arrived: (payload: Payload) => SocketNews,
  ): void {
    natives.settled(
      bytes,
      (buffer) => quietly(() => fill(arrived(bytesPayload(buffer, 0, natives.bufferSize(buffer))))),
      () => quietly(() => fill(arrived({ kind: "omitted", reason: "unreadable", size }))),
    );
  }

  const observeExchange = (method: string, url: string) => {
    if (!isActive() || method !== "POST" || !isNegotiateUrl(url)) return undefined;
    negotiated.add(url);
    return createExchangeRecorder({ exchange: nextId(), method, url, origin: origin() }, natives.now, report);
  };

  watchWebSocket(scope, natives, observeSocket, (url) => interceptor?.refuses(url) === true);
  watchFetch(scope, natives, observeExchange);
  watchXhr(scope, natives, observeExchange);
}

function payloadEvent(
  socket: SocketId,
  at: number,
  direction: Direction,
  payload: Payload,
  act?: PayloadAct,
): SocketNews {
  return { type: "socket-payload", at, socket, direction, payload, ...(act === undefined ? {} : { act }) };
}
