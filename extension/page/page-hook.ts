import type { EventOrigin } from "../../core/src/capture-event.ts";
import { documentAddress } from "../channel/sites.ts";
import { watchDocumentLife } from "./document-life.ts";
import { createHttpRecognition, type HttpRecognition } from "./http-recognition.ts";
import type { Interceptor } from "./interceptor.ts";
import { createExchangeObservation } from "./observe-exchange.ts";
import { createSocketObservation } from "./observe-socket.ts";
import { createStreamObservation } from "./observe-stream.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import type { PageRecording } from "./page-recording.ts";
import { quietly } from "./quietly.ts";
import { type FrameScope, recordForeverFrame } from "./record-forever-frame.ts";
import type { Report } from "./report.ts";
import { watchEventSource } from "./watch-event-source.ts";
import { watchFetch } from "./watch-fetch.ts";
import { watchWebSocket } from "./watch-web-socket.ts";
import { watchXhr } from "./watch-xhr.ts";

export interface HookOptions {
  readonly report: Report;
  readonly isActive: () => boolean;
  /** The user wants to see carriers that are not SignalR's too. */
  readonly wantsOthers: () => boolean;
  readonly interceptor?: Interceptor;
  /** What is SignalR's. Absent: what its specifications say. */
  readonly recognition?: HttpRecognition;
}

/** Hooks the page's network functions and reports what is SignalR's, for as long as `isActive` says so. */
export function hookPage(scope: PageScope & FrameScope, natives: PageNatives, options: HookOptions): void {
  const { isActive, wantsOthers, interceptor } = options;
  const document = natives.randomId();
  let lastId = 0;

  const life = quietly(() =>
    watchDocumentLife(scope, natives, () => {
      frame?.leave();
      report({ type: "document-ended", at: natives.now(), document }, true);
    }),
  );

  const report: Report = (event, pinned) => {
    if (!isActive()) return;
    options.report(event, pinned);
    life?.renew(event.at);
  };

  const origin = (): EventOrigin => ({
    documentUrl: documentAddress(natives.documentUrl()),
    frame: scope.top === scope.self ? "top" : "child",
    document,
  });

  const recording: PageRecording = {
    natives,
    report,
    isActive,
    nextId: () => `${document}-${++lastId}`,
    origin,
    wantsOthers,
    interceptor,
  };
  const recognition = options.recognition ?? createHttpRecognition(natives.parse);
  const exchanges = createExchangeObservation(recording, recognition);

  const frame = quietly(() => recordForeverFrame(scope, natives, exchanges));

  // Each by itself: what another tool has made of one of these must not cost the others.
  quietly(() =>
    watchWebSocket(
      scope,
      natives,
      createSocketObservation(recording, recognition.isKnownSocket, recognition.learnSocket),
      (url) => interceptor?.refuses(url, quietly(() => recognition.isKnownSocket(url)) === true) === true,
      () => isActive() && wantsOthers(),
    ),
  );
  quietly(() =>
    watchEventSource(
      scope,
      natives,
      createStreamObservation(recording, exchanges),
      (source, isKnown) => interceptor?.failsStream(source, isKnown) === true,
    ),
  );
  quietly(() => watchFetch(scope, natives, exchanges));
  quietly(() => watchXhr(scope, natives, exchanges));
}
