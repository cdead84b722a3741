import { isClassicChannelUrl } from "../../core/src/wire/classic/detect.ts";
import { createExchangeRecorder, type ExchangeRecorder, type ExchangeRequest } from "./exchange-recorder.ts";
import type { HttpRecognition, RecognisedRequest, RequestFacts } from "./http-recognition.ts";
import type { PagePolls, PostInPlace } from "./interceptor.ts";
import type { PageRecording } from "./page-recording.ts";
import { quietly } from "./quietly.ts";
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
  /** The request sends `data`. Undefined: as it is; else this in its place, and its recording has begun. */
  breaks(
    request: RequestFacts,
    recognised: RecognisedRequest,
    data: unknown,
    credentials: () => RequestCredentials,
  ): BrokenSend | undefined;
  /** The request is a poll, and somebody may answer it. */
  pollsOf(request: RequestFacts, recognised: RecognisedRequest): PagePolls | undefined;
  /** False for a page of which no connection polls. */
  mayKeep(): boolean;
  /** The polls of the connection at `url`, where it is known to poll. */
  keptAt(url: string): PagePolls | undefined;
  /**
   * The request ends its connection, or `data` says that it will end. Undefined: it may go now; else what is given is
   * called once it may.
   */
  leaves(
    request: RequestFacts,
    recognised: RecognisedRequest,
    data: unknown,
  ): ((go: () => void) => void) | undefined;
}

export interface BrokenSend {
  readonly body: PostInPlace["body"];
  /** Undefined: the recording of it failed. */
  readonly recorder: ExchangeRecorder | undefined;
}

export function createExchangeObservation(
  { natives, report, isActive, nextId, origin, wantsOthers, interceptor }: PageRecording,
  recognition: HttpRecognition,
): ExchangeObservation {
  function begin(request: ExchangeRequest, recognised: RecognisedRequest): ExchangeRecorder {
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
  }

  /** Each part as if it were a request of its own; that of the wire is the first that passes, or the first at all. */
  function recordParts(
    { parts }: PostInPlace,
    request: RequestFacts,
    recognised: RecognisedRequest,
  ): ExchangeRecorder | undefined {
    let ofWire = 0;
    for (let at = parts.length - 1; at >= 0; at--) if (parts[at]?.act === undefined) ofWire = at;
    let recorder: ExchangeRecorder | undefined;
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at];
      if (part === undefined) continue;
      const { payload: body, act } = part;
      const own = begin({ ...request, body, ...(act === undefined ? {} : { act }) }, recognised);
      if (at === ofWire) recorder = own;
      else own.ended();
    }
    return recorder;
  }

  return {
    begin,
    recognise: (request) => (isActive() ? recognition.recognise(request) : undefined),
    refuses: ({ url }, recognised) =>
      interceptor !== undefined && opens(url, recognised) && interceptor.refuses(url, recognised.isCertain),
    sends({ method, url, headers = {} }, { purpose }, credentials) {
      if (purpose === "send" || isClassicChannelUrl(url))
        interceptor?.pagePosts({ method, url, headers, credentials: credentials() });
    },
    breaks(request, recognised, data, credentials) {
      if (interceptor === undefined || recognised.purpose !== "send" || !recognised.isCertain)
        return undefined;
      const { method, url, headers = {} } = request;
      if (isClassicChannelUrl(url)) return undefined;
      const inPlace = interceptor.takesPost({ method, url, headers, credentials: credentials() }, data);
      if (inPlace === undefined) return undefined;
      // It has been dealt with, though the recording of it should fail.
      const recorder = quietly(() => recordParts(inPlace, request, recognised));
      return { body: inPlace.body, recorder };
    },
    pollsOf({ method, url }, { purpose, isCertain }) {
      if (interceptor === undefined || purpose !== "receive" || method !== "GET" || !isCertain)
        return undefined;
      return isClassicChannelUrl(url) ? undefined : interceptor.pollsAt(url);
    },
    mayKeep: () => interceptor?.mayKeep() === true,
    keptAt: (url) => interceptor?.keptAt(url),
    leaves({ method, url }, { purpose, isCertain }, data) {
      if (!isCertain || isClassicChannelUrl(url)) return undefined;
      if (purpose === "send") return interceptor?.pageSays(url, data);
      return method === "DELETE" && purpose === "control" ? interceptor?.pageLeaves(url) : undefined;
    },
  };
}

/** Polls and sends go on with what is open. A classic client opens by `connect` and `reconnect`, whatever its transport. */
function opens(url: string, { purpose }: RecognisedRequest): boolean {
  if (purpose === "negotiate" || purpose === "stream") return true;
  return purpose === "receive" && /\/(?:re)?connect(?:[?#]|$)/i.test(url);
}
