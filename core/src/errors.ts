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
 * - `protocol-violation`: the peer answered an invocation in a way that the protocol forbids.
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

/**
 * The one error class of the package. Thrown when an operation the caller asked for cannot finish.
 * Odd data seen on the wire is not an error: it is a `DecodeIssue` on the record.
 */
export class HubscopeError extends Error {
  override readonly name = "HubscopeError";
  readonly code: HubscopeErrorCode;

  constructor(code: HubscopeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
