export interface HttpRequestOptions {
  readonly method: "GET" | "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Send and accept cookies across origins (fetch `credentials: "include"`). */
  readonly withCredentials: boolean;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower case; "" where there is none. */
  readonly contentType: string;
  readonly text: string;
}

/** Rejects with the platform's error when nothing answered or the answer may not be read (CORS). */
export type SendHttp = (url: URL, options: HttpRequestOptions) => Promise<HttpAnswer>;
