import { type CopiedPayload, copyPayload, textPayload } from "./copy-payload.ts";
import type { ExchangeRecorder } from "./exchange-recorder.ts";
import { createOwnListeners } from "./own-listeners.ts";
import type { PageNatives } from "./page-natives.ts";
import { writeJson } from "./write-json.ts";
import type { XhrNatives } from "./xhr-natives.ts";

/** One request of an XMLHttpRequest, from `send` to its end. */
export interface XhrExchange {
  /** Takes what has come until now. */
  update(): void;
  /** Ends it, if it has not ended. */
  failed(error: unknown): void;
}

export interface XhrExchangeContext {
  readonly recorder: ExchangeRecorder;
  readonly natives: PageNatives;
  readonly xhrNatives: XhrNatives;
  /** The user wants it to fail. */
  readonly isRefused: boolean;
  /** Whether an answer of this content type is taken as it comes. Any other is taken when it is whole. */
  readonly isStream: (contentType: string | undefined) => boolean;
}

const HEADERS_RECEIVED = 2;
const LOADING = 3;
const DONE = 4;

export function createXhrExchange(xhr: XMLHttpRequest, context: XhrExchangeContext): XhrExchange {
  const { recorder, natives, xhrNatives, isRefused, isStream } = context;
  let hasAnswer = false;
  let isTakenAsItComes = false;
  let taken = 0;
  let isOver = false;

  function update(): void {
    if (isOver) return;
    const state = xhrNatives.readyState(xhr);
    const status = xhrNatives.status(xhr);
    // No status: no answer, and why not the event says that follows.
    if (state < HEADERS_RECEIVED || status === 0) return;
    if (!hasAnswer) answered(status);
    if (state >= LOADING && isTakenAsItComes) takeText();
    if (state === DONE) finish();
  }

  function answered(status: number): void {
    hasAnswer = true;
    const headers = xhrNatives.answerHeaders(xhr);
    const type = xhrNatives.responseType(xhr);
    isTakenAsItComes = (type === "" || type === "text") && isStream(headers["content-type"]);
    recorder.responded(status, headers);
  }

  function takeText(): void {
    const text = xhrNatives.responseText(xhr);
    if (text.length <= taken) return;
    recorder.piece(textPayload(taken === 0 ? text : text.slice(taken)));
    taken = text.length;
  }

  function finish(): void {
    const type = xhrNatives.responseType(xhr);
    const body = isTakenAsItComes ? undefined : bodyOf(type);
    if (body !== undefined) recorder.piece(body, type === "json" ? { isRewritten: true } : {});
    recorder.ended();
    letGo();
  }

  /** Undefined where it is empty, or the platform could make nothing of it. */
  function bodyOf(type: XMLHttpRequestResponseType): CopiedPayload | undefined {
    if (type === "" || type === "text") {
      const text = xhrNatives.responseText(xhr);
      return text === "" ? undefined : textPayload(text);
    }
    const body = xhrNatives.response(xhr);
    if (body === null || body === undefined) return undefined;
    // The page has the parsed value alone; its text is made again, so spaces and escapes may differ from the wire.
    if (type === "json") return textPayload(writeJson(body));
    if (type === "arraybuffer" || type === "blob") return copyPayload(body, natives);
    return { kind: "omitted", reason: "not-captured", size: 0 };
  }

  function failed(error: unknown): void {
    if (isOver) return;
    recorder.failed(error, isRefused ? "refused" : undefined);
    letGo();
  }

  const { on, end } = createOwnListeners(xhr, natives);
  on("readystatechange", update);
  on("progress", update);
  on("load", update);
  on("abort", () => failed("The page aborted the request."));
  on("error", () => failed("The request failed."));
  on("timeout", () => failed("The request timed out."));

  /** The object may be opened again, for somebody else. */
  function letGo(): void {
    isOver = true;
    end();
  }

  return { update, failed };
}
