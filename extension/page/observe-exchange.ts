import { createExchangeRecorder, type ExchangeRecorder, type ExchangeRequest } from "./exchange-recorder.ts";
import type { HttpRecognition, RecognisedRequest, RequestFacts } from "./http-recognition.ts";
import type { PageRecording } from "./page-recording.ts";
import { whenCopied } from "./read-later.ts";

/** What the watchers of `fetch`, `XMLHttpRequest` and `EventSource` ask of a request that the page makes. */
export interface ExchangeObservation {
  /**
   * Undefined: none of SignalR's, and no more is to be done about it. Asked of every request, with as much as costs
   * nothing to know.
   */
  recognise(request: RequestFacts): RecognisedRequest | undefined;
  /** Starts the recording of a request that was recognised. */
  begin(request: ExchangeRequest, recognised: RecognisedRequest): ExchangeRecorder;
}

export function createExchangeObservation(
  { natives, report, isActive, nextId, origin, wantsOthers }: PageRecording,
  recognition: HttpRecognition,
): ExchangeObservation {
  return {
    recognise: (request) => (isActive() ? recognition.recognise(request) : undefined),
    begin: (request, recognised) =>
      createExchangeRecorder(request, {
        exchange: nextId(),
        origin: origin(),
        recognised,
        recognition,
        now: natives.now,
        report,
        wantsOthers,
        whenCopied: (copy, done) => whenCopied(copy, natives, done),
      }),
  };
}
