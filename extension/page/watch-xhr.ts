import type { ExchangeRecorder } from "./exchange-recorder.ts";
import { captureFetchNatives } from "./fetch-natives.ts";
import { isEventStream, isEventStreamType, type RecognisedRequest } from "./http-recognition.ts";
import type { BrokenSend, ExchangeObservation } from "./observe-exchange.ts";
import type { PageNatives, PageScope } from "./page-natives.ts";
import { quietly } from "./quietly.ts";
import { bodyPayload } from "./read-fetch.ts";
import { REFUSED_ADDRESS } from "./refused-address.ts";
import { replaceMethod, withArgument } from "./replace-method.ts";
import { createWeakStore } from "./weak-store.ts";
import { createXhrExchange, type XhrExchange } from "./xhr-exchange.ts";
import { captureXhrNatives } from "./xhr-natives.ts";

/** What was opened last on an object, which may be opened again and again. */
interface Opened {
  readonly method: string;
  readonly url: string;
  readonly recognised: RecognisedRequest | undefined;
  /** All that the page has set; of requests that are not recognised `accept` alone. Names in lower case. */
  readonly headers: Record<string, string>;
  /** The user wants it to fail. */
  readonly isRefused: boolean;
  exchange: XhrExchange | undefined;
}

const OPENED = 1;
const BODILESS: readonly string[] = ["GET", "HEAD"];

interface Begun {
  readonly exchange: XhrExchange | undefined;
  /** What is sent in place of what the page gave. */
  readonly inPlace?: BrokenSend["body"];
}

/** Watches the exchanges of `XMLHttpRequest` that are SignalR's: classic clients, those of ASP.NET Core before 5.0. */
export function watchXhr(scope: PageScope, natives: PageNatives, exchanges: ExchangeObservation): void {
  const { prototype } = scope.XMLHttpRequest;
  const xhrNatives = captureXhrNatives(scope);
  const fetchNatives = captureFetchNatives(scope);
  const opened = createWeakStore<XMLHttpRequest, Opened>();

  function toOpen(args: readonly unknown[]): Opened | undefined {
    const verb = args[0];
    const address = args[1];
    if (typeof verb !== "string") return undefined;
    const url =
      typeof address === "string"
        ? natives.absoluteUrl(address, natives.baseUrl())
        : natives.urlText(address as URL);
    const method = verb.toUpperCase();
    const recognised = exchanges.recognise({ method, url });
    const isRefused = recognised !== undefined && exchanges.refuses({ method, url }, recognised);
    return { method, url, recognised, headers: {}, exchange: undefined, isRefused };
  }

  replaceMethod(prototype, "open", (call, self, args) => {
    const xhr = self as XMLHttpRequest;
    const last = quietly(() => opened.find(xhr)?.exchange);
    // Opened anew by a listener that hears of the end before ours does: what came is lost in a moment.
    quietly(() => last?.update());
    // Undefined for what could only be asked by running code of the page.
    const next = quietly(() => toOpen(args));
    const result = next?.isRefused === true ? call(withArgument(args, 1, REFUSED_ADDRESS)) : call();
    quietly(() => {
      last?.failed("The page opened the request anew.");
      if (next !== undefined) opened.put(xhr, next);
      else opened.forget(xhr);
    });
    return result;
  });

  replaceMethod(prototype, "setRequestHeader", (call, self, args) => {
    const result = call();
    quietly(() => {
      const request = opened.find(self as XMLHttpRequest);
      const name = args[0];
      const value = args[1];
      if (request === undefined || typeof name !== "string") return;
      const lower = name.toLowerCase();
      if (request.recognised === undefined && lower !== "accept") return;
      const before = request.headers[lower];
      request.headers[lower] = before === undefined ? `${value as string}` : `${before}, ${value as string}`;
    });
    return result;
  });

  replaceMethod(prototype, "send", (call, self, args) => {
    const begun = quietly(() => begin(self as XMLHttpRequest, args[0]));
    if (begun === undefined) return call();
    const { exchange, inPlace } = begun;
    try {
      return inPlace === undefined ? call() : call([inPlace]);
    } catch (error) {
      // Synchronous: there is no event.
      quietly(() => exchange?.failed(error));
      throw error;
    }
  });

  function begin(xhr: XMLHttpRequest, body: unknown): Begun | undefined {
    const request = opened.find(xhr);
    if (request === undefined) return undefined;
    const { method, url, headers } = request;
    const isOpen = request.exchange === undefined && xhrNatives.readyState(xhr) === OPENED;
    if (!isOpen || (request.recognised === undefined && !isEventStream(headers))) return undefined;
    const facts = { method, url, headers };
    const recognised = exchanges.recognise(facts);
    if (recognised === undefined) return undefined;
    const isSent = body !== undefined && body !== null && !BODILESS.includes(method);
    const credentials = () => (xhrNatives.withCredentials(xhr) ? "include" : "same-origin");
    exchanges.sends(facts, recognised, credentials);
    // An XMLHttpRequest cannot wait: what the page had sent goes out first all the same, and this behind it.
    exchanges.leaves(facts, recognised, body);
    const broken = isSent ? exchanges.breaks(facts, recognised, body, credentials) : undefined;
    if (broken === undefined) {
      const sent = isSent ? bodyPayload(body, natives, fetchNatives) : undefined;
      const recorder = exchanges.begin(
        { ...facts, ...(sent === undefined ? {} : { body: sent }) },
        recognised,
      );
      return { exchange: follow(xhr, request, recorder, recognised) };
    }
    const { recorder } = broken;
    return {
      exchange: recorder && quietly(() => follow(xhr, request, recorder, recognised)),
      inPlace: broken.body,
    };
  }

  function follow(
    xhr: XMLHttpRequest,
    request: Opened,
    recorder: ExchangeRecorder,
    recognised: RecognisedRequest,
  ): XhrExchange {
    request.exchange = createXhrExchange(xhr, {
      recorder,
      natives,
      xhrNatives,
      isRefused: request.isRefused,
      isStream: (contentType) => recognised.purpose === "stream" || isEventStreamType(contentType),
    });
    return request.exchange;
  }
}
