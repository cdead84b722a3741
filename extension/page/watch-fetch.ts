import type { PayloadAct } from "../../core/src/capture-event.ts";
import { createBodyTap } from "./body-tap.ts";
import type { ExchangeRecorder } from "./exchange-recorder.ts";
import { captureFetchNatives } from "./fetch-natives.ts";
import { isEventStream } from "./http-recognition.ts";
import type { PagePoll, PagePolls, WireRecording } from "./interceptor.ts";
import type { ExchangeObservation } from "./observe-exchange.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { ownData, readFetch, withBody } from "./read-fetch.ts";
import { REFUSED_ADDRESS } from "./refused-address.ts";
import { type NativeCall, replaceMethod } from "./replace-method.ts";
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
    exchanges.sends(facts, recognised, call.credentials);
    const { credentials } = call;
    const polls = exchanges.pollsOf(facts, recognised);
    // Every field is its own: what the page has put on every object must not be taken for one.
    const begun = {
      method,
      url,
      headers,
      signal,
      credentials,
      polls,
      waits: undefined,
      init: undefined,
      isRefused: false,
    };
    if (polls !== undefined)
      return {
        ...begun,
        record: (act) => exchanges.begin({ ...facts, ...(act && { act }) }, recognised),
      };
    const data = call.data();
    const waits = exchanges.leaves(facts, recognised, data);
    const broken = waits === undefined ? exchanges.breaks(facts, recognised, data, credentials) : undefined;
    if (broken !== undefined)
      return { ...begun, record: () => broken.recorder, init: withBody(init, broken.body) };
    const body = call.body();
    const recorder = exchanges.begin({ ...facts, ...(body === undefined ? {} : { body }) }, recognised);
    const isRefused = exchanges.refuses(facts, recognised);
    return { ...begun, record: () => recorder, isRefused, waits };
  }

  replaceMethod(scope, "fetch", (call, _self, args) => {
    const kept = quietly(() => keptFor(args[0], args[1], call as () => Promise<Response>));
    if (kept !== undefined) return kept;
    const begun = quietly(() => begin(args[0], args[1]));
    if (begun === undefined) return call();
    const { polls, waits } = begun;
    if (polls !== undefined) return poll(begun, polls, call as () => Promise<Response>);
    const go = () => watched(begun, () => goOut(begun, call, args));
    if (waits === undefined) return go();
    return natives.promise<Response>((resolve, reject) =>
      waits(() => {
        try {
          natives.settled(go() as Promise<Response>, resolve, reject);
        } catch (error) {
          // Another tool's `fetch`, which answers with what is no promise of the platform's.
          reject(error);
        }
      }),
    );
  });

  /**
   * What is kept for the page's next poll, which must reach it also where the page has spoilt by what we tell whose a
   * request is.
   */
  function keptFor(
    input: unknown,
    init: unknown,
    call: () => Promise<Response>,
  ): Promise<Response> | undefined {
    if (typeof input !== "string" || !exchanges.mayKeep()) return undefined;
    const method = ownData(init, "method");
    if (method !== undefined && method !== "GET") return undefined;
    const url = natives.absoluteUrl(input, natives.baseUrl());
    const polls = exchanges.keptAt(url);
    const signal = (ownData(init, "signal") ?? undefined) as AbortSignal | undefined;
    if (polls?.serves !== true || isAborted(signal)) return undefined;
    const begun = quietly(() => begin(input, init));
    return polls.served(askedBy(begun?.polls === polls ? begun : undefined, { url, signal, call }));
  }

  function goOut({ isRefused, init }: Begun, call: NativeCall, args: readonly unknown[]): unknown {
    if (isRefused) return call([REFUSED_ADDRESS, args[1]]);
    return init === undefined ? call() : call([args[0], init]);
  }

  function watched(begun: Begun, send: () => unknown): unknown {
    const recorder = begun.record();
    const result = send();
    if (recorder === undefined) return result;
    return natives.passOn(
      result as Promise<Response>,
      (response) => quietly(() => answered(begun, recorder, response)),
      (error) => quietly(() => recorder.failed(error, begun.isRefused ? "refused" : undefined)),
    );
  }

  /** Its promise is one of ours, so that somebody else can settle it; the wire's settles it as early as it settles. */
  function poll(begun: Begun, polls: PagePolls, call: () => Promise<Response>): unknown {
    const asked = askedBy(begun, { url: begun.url, signal: begun.signal, call });
    if (quietly(() => polls.serves) === true) {
      const served = quietly(() => polls.served(asked));
      if (served !== undefined) return served;
    }
    const wire = asked.send();
    const wired = quietly(() => polls.wired(asked, wire));
    if (wired !== undefined) return wired;
    return natives.passOn(
      wire.answer,
      (response) => quietly(() => wire.arrived(response)),
      (error) => quietly(() => wire.recording.failed(error)),
    );
  }

  /** `begun`: undefined for a poll that is not recorded. */
  function askedBy(
    begun: Begun | undefined,
    { url, signal, call }: Pick<PagePoll, "url" | "signal"> & { readonly call: () => Promise<Response> },
  ): PagePoll {
    const record = (act?: PayloadAct) => quietly(() => begun?.record(act));
    return {
      url,
      headers: begun?.headers ?? {},
      credentials: quietly(() => begun?.credentials()) ?? "same-origin",
      signal,
      record: (act) => record(act) ?? UNRECORDED,
      send() {
        const recorder = record();
        return {
          answer: call(),
          recording: recorder ?? UNRECORDED,
          arrived(response) {
            if (begun !== undefined && recorder !== undefined) answered(begun, recorder, response);
          },
        };
      },
    };
  }

  /** What is no signal the platform refuses. */
  function isAborted(signal: AbortSignal | undefined): signal is AbortSignal {
    return signal !== undefined && quietly(() => fetchNatives.isAborted(signal)) === true;
  }

  function answered({ method, signal }: Begun, recorder: ExchangeRecorder, response: Response): void {
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

const UNRECORDED: WireRecording = {
  responded() {},
  piece() {},
  ended() {},
  cancelled() {},
  failed() {},
  isOver: true,
};

interface Begun {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: () => RequestCredentials;
  readonly signal: AbortSignal | undefined;
  /** The recording of it; of a poll, of another like it each time. Undefined: it failed. */
  readonly record: (act?: PayloadAct) => ExchangeRecorder | undefined;
  readonly isRefused: boolean;
  /** In place of what the page gave. */
  readonly init: object | undefined;
  readonly polls: PagePolls | undefined;
  readonly waits: ((go: () => void) => void) | undefined;
}
