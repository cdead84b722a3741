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
  eachHeader(headers: Headers, visit: (value: string, name: string) => void): void;
  searchText(params: URLSearchParams): string;
  isForm(value: unknown): boolean;
  text(response: Response): Promise<string>;
  /** The value of JSON text. Where it is none, a promise that rejects as `Response.json` does. */
  parse(text: string): unknown;
  encode(text: string): Uint8Array;
  isLocked(stream: ReadableStream): boolean;
  /** A promise like `then` gives, of the platform's own kind. */
  follow<T, U>(promise: Promise<T>, done: (value: T) => U, failed: (error: unknown) => never): Promise<U>;
}

export function captureFetchNatives(scope: PageScope): FetchNatives {
  const { Headers, Request, Response, TextEncoder, ReadableStream } = scope;
  const headersOf = getter(Response.prototype, "headers");
  const header = method(Headers.prototype.get);
  const nativeThen = scope.Promise.prototype.then;
  const encoder = new TextEncoder();
  const encode = method(encoder.encode);
  const { parse } = scope.JSON;
  const json = method(Response.prototype.json);
  const { apply } = Reflect;
  const hasField = method(scope.FormData.prototype.has);
  return {
    bodyUsed: getter(Response.prototype, "bodyUsed"),
    answerHeaders(response) {
      const headers = headersOf(response);
      return answerHeadersThatMatter((name) => header(headers, name));
    },
    requestHeaders: getter(Request.prototype, "headers"),
    requestCredentials: getter(Request.prototype, "credentials"),
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
    text: method(Response.prototype.text),
    parse(text) {
      try {
        return parse(text) as unknown;
      } catch {
        return json(new Response(text));
      }
    },
    encode: (text) => encode(encoder, text),
    isLocked: getter(ReadableStream.prototype, "locked"),
    follow: <T, U>(promise: Promise<T>, done: (value: T) => U, failed: (error: unknown) => never) =>
      apply(nativeThen, promise, [done, failed]) as Promise<U>,
  };
}
