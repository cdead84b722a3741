import type { HttpAnswer, HttpRequestOptions, SendHttp } from "../../core/src/ports/http.ts";

export interface FakeRequest extends HttpRequestOptions {
  readonly url: URL;
}

/** What a fake server answers: an answer, or an error as when nothing answers. "silence" never answers. */
export type FakeAnswer = Partial<HttpAnswer> | Error | "silence";

export interface FakeHttp {
  readonly sendHttp: SendHttp;
  /** What was asked, in order; grows. */
  readonly requests: readonly FakeRequest[];
}

/** A network in which `answer` is the server. An aborted request rejects with the signal's reason. */
export function createFakeHttp(answer: (request: FakeRequest) => FakeAnswer): FakeHttp {
  const requests: FakeRequest[] = [];
  return {
    requests,
    async sendHttp(url, options) {
      const request = { ...options, url };
      requests.push(request);
      await Promise.resolve();
      options.signal.throwIfAborted();
      const answered = answer(request);
      if (answered instanceof Error) throw answered;
      if (answered === "silence") {
        return new Promise((_, reject) => {
          options.signal.addEventListener("abort", () => reject(options.signal.reason));
        });
      }
      return { status: 200, contentType: "application/json", text: "", ...answered };
    },
  };
}
