import { getter, method } from "../channel/natives.ts";
import { answerHeadersThatMatter } from "./headers-that-matter.ts";
import type { PageScope } from "./page-natives.ts";

/** What watching `fetch` needs of the platform, taken before the page can change it. */
export interface FetchNatives {
  bodyUsed(response: Response): boolean;
  /** Values of the headers that say what an answer is and who made it; names in lower case. */
  answerHeaders(response: Response): Readonly<Record<string, string>>;
  requestHeaders(request: Request): Headers;
  requestCredentials(request: Request): RequestCredentials;
  requestSignal(request: Request): AbortSignal;
  isAborted(signal: AbortSignal): boolean;
  abortReason(signal: AbortSignal): unknown;
  eachHeader(headers: Headers, visit: (value: string, name: string) => void): void;
  searchText(params: URLSearchParams): string;
  isForm(value: unknown): boolean;
  encode(text: string): Uint8Array;
  isLocked(stream: ReadableStream): boolean;
}

export function captureFetchNatives(scope: PageScope): FetchNatives {
  const { Headers, Request, Response, TextEncoder, ReadableStream } = scope;
  const headersOf = getter(Response.prototype, "headers");
  const header = method(Headers.prototype.get);
  const encoder = new TextEncoder();
  const encode = method(encoder.encode);
  const hasField = method(scope.FormData.prototype.has);
  return {
    bodyUsed: getter(Response.prototype, "bodyUsed"),
    answerHeaders(response) {
      const headers = headersOf(response);
      return answerHeadersThatMatter((name) => header(headers, name));
    },
    requestHeaders: getter(Request.prototype, "headers"),
    requestCredentials: getter(Request.prototype, "credentials"),
    requestSignal: getter(Request.prototype, "signal"),
    isAborted: getter(scope.AbortSignal.prototype, "aborted"),
    abortReason: getter(scope.AbortSignal.prototype, "reason"),
    eachHeader: method(Headers.prototype.forEach),
    searchText: method(scope.URLSearchParams.prototype.toString),
    isForm(value) {
      try {
        hasField(value as FormData, "");
        return true;
      } catch {
        // The method's own way of saying that this is no FormData.
        return false;
      }
    },
    encode: (text) => encode(encoder, text),
    isLocked: getter(ReadableStream.prototype, "locked"),
  };
}
