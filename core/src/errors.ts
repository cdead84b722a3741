/**
 * Stable codes: the UI maps them to texts and help links, tests match on them.
 *
 * - `not-a-url`: the address given is not an absolute http(s) or ws(s) URL.
 * - `unreachable`: nothing answered, or the platform does not say why (in a browser also CORS and TLS).
 * - `negotiate-refused`: the server answered negotiate with an HTTP error status.
 * - `not-signalr`: an answer came, but not from an ASP.NET Core SignalR endpoint.
 * - `negotiate-error`: the negotiate response carries `error`.
 * - `no-common-transport`: the server offers no transport that this client can use.
 * - `transport-failed`: the transport could not be opened.
 * - `handshake-rejected`: the server answered the handshake with `error`.
 * - `handshake-failed`: the connection ended, or something else arrived, before the handshake response.
 * - `connection-lost`: the transport ended without a Close message.
 * - `closed-by-server`: the server sent Close, with or without an error.
 * - `server-timeout`: nothing came from the server for the server timeout.
 * - `not-connected`: the operation needs a connected client.
 * - `invocation-failed`: the completion carries an error; the message is the server's text.
 * - `protocol-violation`: the peer answered negotiate or an invocation in a way that the protocol forbids, or sent
 *   something that cannot be decoded.
 * - `stopped`: stop() was called first.
 */
export type HubscopeErrorCode =
  | "not-a-url"
  | "unreachable"
  | "negotiate-refused"
  | "not-signalr"
  | "negotiate-error"
  | "no-common-transport"
  | "transport-failed"
  | "handshake-rejected"
  | "handshake-failed"
  | "connection-lost"
  | "closed-by-server"
  | "server-timeout"
  | "not-connected"
  | "invocation-failed"
  | "protocol-violation"
  | "stopped";

/** What is known beside the sentence, for whoever explains the error to a person. Absent means unknown. */
export interface HubscopeErrorFacts {
  /** HTTP status of the answer. */
  readonly status?: number;
  /** Content type of the answer, lower case; "" where it had none. */
  readonly contentType?: string;
  /** At most 200 characters of the answer that could not be understood. */
  readonly bodyStart?: string;
  /** Address that the platform was redirected to by HTTP, without its query. */
  readonly redirectedTo?: string;
  /** What the answer that could not be understood is; `classic` is ASP.NET SignalR of the .NET Framework. */
  readonly answered?: "classic" | "html" | "empty" | "not-json" | "other-json";
  /** Transports that the server offered. */
  readonly offered?: readonly string[];
  /** The server's own words: `error` of negotiate, handshake, Close or completion. */
  readonly serverError?: string;
  /** What the Close message said; false where it said nothing. */
  readonly allowReconnect?: boolean;
  /** RFC 6455 section 7.4. */
  readonly closeCode?: number;
  readonly closeReason?: string;
}

/** `cause`, as every error takes it, and what is known beside the sentence. */
export interface HubscopeErrorOptions extends ErrorOptions {
  readonly facts?: HubscopeErrorFacts;
}

/**
 * The one error class of the package. Thrown when an operation the caller asked for cannot finish.
 * Odd data seen on the wire is not an error: it is a `DecodeIssue` on the record.
 */
export class HubscopeError extends Error {
  override readonly name = "HubscopeError";
  readonly code: HubscopeErrorCode;
  readonly facts: HubscopeErrorFacts;

  constructor(code: HubscopeErrorCode, message: string, options?: HubscopeErrorOptions) {
    super(message, options);
    this.code = code;
    this.facts = options?.facts ?? {};
  }
}
