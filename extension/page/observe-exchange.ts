import { isClassicChannelUrl } from "../../core/src/wire/classic/detect.ts";
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
  /** The request opens a connection, and the user wants that to fail as if nobody listened. Asked once for each. */
  refuses(request: RequestFacts, recognised: RecognisedRequest): boolean;
  /** `headers` of the request are all that the page gave. */
  sends(request: RequestFacts, recognised: RecognisedRequest, credentials: () => RequestCredentials): void;
}

export function createExchangeObservation(
  { natives, report, isActive, nextId, origin, wantsOthers, interceptor }: PageRecording,
  recognition: HttpRecognition,
): ExchangeObservation {
  return {
    recognise: (request) => (isActive() ? recognition.recognise(request) : undefined),
    begin(request, recognised) {
      const exchange = nextId();
      interceptor?.namesExchange(exchange, request.url);
      return createExchangeRecorder(request, {
        exchange,
        origin: origin(),
        recognised,
        recognition,
        now: natives.now,
        report,
        isActive,
        wantsOthers,
        whenCopied: (copy, done) => whenCopied(copy, natives, done),
      });
    },
    refuses: ({ url }, recognised) =>
      interceptor !== undefined && opens(url, recognised) && interceptor.refuses(url, recognised.isCertain),
    sends({ method, url, headers = {} }, { purpose }, credentials) {
      if (purpose === "send" || isClassicChannelUrl(url))
        interceptor?.pagePosts({ method, url, headers, credentials: credentials() });
    },
  };
}

/** Polls and sends go on with what is open. A classic client opens by `connect` and `reconnect`, whatever its transport. */
function opens(url: string, { purpose }: RecognisedRequest): boolean {
  if (purpose === "negotiate" || purpose === "stream") return true;
  return purpose === "receive" && /\/(?:re)?connect(?:[?#]|$)/i.test(url);
}
