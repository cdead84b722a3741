import { createBodyTap } from "./body-tap.ts";
import type { ExchangeRecorder } from "./exchange-recorder.ts";
import { captureFetchNatives } from "./fetch-natives.ts";
import { isEventStream } from "./http-recognition.ts";
import type { ExchangeObservation } from "./observe-exchange.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { readFetch } from "./read-fetch.ts";
import { replaceMethod } from "./replace-method.ts";
import { watchResponses } from "./watch-responses.ts";
import { watchStreams } from "./watch-streams.ts";

/**
 * Watches the exchanges of `fetch` that are SignalR's. A body is seen where the page reads it: a clone of ours would
 * keep the connection alive after the page has cancelled it. Every other call costs a look at its address.
 */
export function watchFetch(scope: PageScope, natives: PageNatives, exchanges: ExchangeObservation): void {
  const fetchNatives = captureFetchNatives(scope);
  const responses = watchResponses(scope, natives, fetchNatives, watchStreams(scope, natives));

  function begin(input: unknown, init: unknown): Begun | undefined {
    const call = readFetch(input, init, natives, fetchNatives);
    if (call === undefined) return undefined;
    const { method, url } = call;
    const known = exchanges.recognise({ method, url });
    if (known === undefined && method !== "GET") return undefined;
    const headers = call.headers();
    if (known === undefined && !isEventStream(headers)) return undefined;
    const facts = { method, url, headers };
    const recognised = exchanges.recognise(facts);
    if (recognised === undefined) return undefined;
    const signal = call.signal();
    // It never leaves the page.
    if (isAborted(signal)) return undefined;
    const body = call.body();
    exchanges.sends(facts, recognised, call.credentials);
    return {
      recorder: exchanges.begin({ ...facts, ...(body === undefined ? {} : { body }) }, recognised),
      isRefused: exchanges.refuses(facts, recognised),
      method,
      signal,
    };
  }

  replaceMethod(scope, "fetch", (call, _self, args) => {
    const begun = quietly(() => begin(args[0], args[1]));
    if (begun === undefined) return call();
    const { recorder } = begun;
    const result = begun.isRefused ? call([REFUSED_ADDRESS, args[1]]) : call();
    return natives.passOn(
      result as Promise<Response>,
      (response) => quietly(() => answered(begun, response)),
      (error) => quietly(() => recorder.failed(error, begun.isRefused ? "refused" : undefined)),
    );
  });

  /** What is no signal the platform refuses. */
  function isAborted(signal: AbortSignal | undefined): signal is AbortSignal {
    return signal !== undefined && quietly(() => fetchNatives.isAborted(signal)) === true;
  }

  function answered({ recorder, method, signal }: Begun, response: Response): void {
    const status = natives.responseStatus(response);
    const headers = fetchNatives.answerHeaders(response);
    recorder.responded(status, headers);
    if (recorder.isOver) return;
    // Nobody reads what is not there.
    if (method === "HEAD" || status === 204 || status === 205 || headers["content-length"] === "0")
      recorder.ended();
    else {
      const abortReason = () =>
        isAborted(signal) ? { reason: fetchNatives.abortReason(signal) } : undefined;
      responses.put(response, createBodyTap(recorder, fetchNatives.encode, abortReason));
    }
  }
}

interface Begun {
  readonly recorder: ExchangeRecorder;
  readonly isRefused: boolean;
  readonly method: string;
  readonly signal: AbortSignal | undefined;
}

/** A port that browsers open to nobody: fails at once, and as natively as when nobody listens. */
export const REFUSED_ADDRESS = "http://127.0.0.1:1/";
