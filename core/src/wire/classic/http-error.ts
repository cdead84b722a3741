/** Why a classic server refused a request: the body of the response is the whole message. */
export type ClassicHttpError =
  /** No `transport`, or one that the server does not have; also a request below a connection's base that is none. */
  | "unknown-transport"
  | "missing-token"
  /** The token cannot be read: another machine key, another process, or cut off. */
  | "bad-token"
  /** Negotiated by one user, used by another. */
  | "other-user"
  | "not-a-web-socket"
  /** Authorize: not signed in (401), or not allowed (403). */
  | "unauthorised"
  | "jsonp-disabled"
  /** An exception: an unknown hub, a send body that is no call, or the application's own. */
  | "failed";

const MESSAGES: readonly (readonly [beginning: string, error: ClassicHttpError])[] = [
  ["Protocol error: Unknown transport.", "unknown-transport"],
  ["Protocol error: Missing connection token.", "missing-token"],
  ["The ConnectionId is in the incorrect format.", "bad-token"],
  ["Unrecognized user identity.", "other-user"],
  ["Not a valid web socket request.", "not-a-web-socket"],
];

/** Undefined where it is no error, or none of classic SignalR's. `reason` is the reason phrase. */
export function classicHttpError(status: number, body: string, reason = ""): ClassicHttpError | undefined {
  if (status < 400) return undefined;
  const text = body.trimStart();
  const known = MESSAGES.find(([beginning]) => text.startsWith(beginning))?.[1];
  if (known !== undefined) return known;
  if (status === 403 && reason.includes("JSONP is disabled")) return "jsonp-disabled";
  if (status === 401 || status === 403) return "unauthorised";
  return status === 500 ? "failed" : undefined;
}
