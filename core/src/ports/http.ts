/** An HTTP request as the core makes it. */
export interface HttpRequestOptions {
  readonly method: "GET" | "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Send and accept cookies across origins (fetch `credentials: "include"`). */
  readonly withCredentials: boolean;
  readonly signal: AbortSignal;
}

/** The whole answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower case; "" where there is none. */
  readonly contentType: string;
  readonly text: string;
  /** Address of the answer where the platform followed HTTP redirects. */
  readonly redirectedTo?: string;
}

/** Rejects with the platform's error when nothing answered or the answer may not be read (CORS). */
export type SendHttp = (url: URL, options: HttpRequestOptions) => Promise<HttpAnswer>;

/**
 * Asks whether anything answers at `url`, whatever it says and whether or not it may be read (fetch mode
 * `no-cors`). Resolves when something answered, rejects when nothing did.
 */
export type ProbeHttp = (url: URL, signal: AbortSignal) => Promise<void>;
