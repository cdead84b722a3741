/**
 * What is wrong with a token for the service, as far as it can be known without its key. The emulator checks neither
 * time nor audience, so that these are what works there and is refused in Azure.
 *
 * @module
 */
import type { AccessToken } from "./access-token.ts";
import { type AzureServiceUrl, parseServiceUrl } from "./parse-service-url.ts";

/** What is at fault with a token. */
export type TokenIssueCode =
  | "expired"
  | "not-yet-valid"
  /** Without `exp` the service refuses the token. */
  | "no-expiry"
  | "no-audience"
  /** More than 24 hours: the documentation knows no longer one. */
  | "long-lifetime"
  /** The SDK refuses to hand it out: more than {@link MAX_TOKEN_LENGTH} characters. */
  | "too-long"
  | "nearly-too-long"
  /** Neither HS256 nor HS512, or no signature at all. */
  | "unknown-algorithm"
  | "unsigned"
  /** Made out for REST calls, used by a client; and the reverse. */
  | "rest-token-for-client"
  | "client-token-for-rest"
  /** The path or the hub of `aud` is that of another address. */
  | "other-audience"
  /** Only scheme or host differ: right behind a gateway, wrong everywhere else. */
  | "other-host"
  /** The hub in `aud` has capital letters; the service makes it out in lower case. */
  | "hub-not-lower-case"
  /** Nothing sent to a user reaches this connection. */
  | "no-user";

/** Why the service would refuse a token, or soon will. */
export interface TokenIssue {
  readonly code: TokenIssueCode;
  /** A value from the token or the address: a time, a length, the audience that was expected. */
  readonly detail?: string;
}

/** AzureSignalRAccessTokenTooLongException: "AccessToken must not be longer than 4K." */
export const MAX_TOKEN_LENGTH = 4096;

/** Close enough to the limit that one more claim may be too many. */
const NEAR_LENGTH = 3500;

const DAY = 24 * 60 * 60 * 1000;

/**
 * `now` in milliseconds since the epoch. With the `url` that the token is used for, its audience is compared: the hub
 * of a client's address, the path of a REST call; with and without the port, because libraries differ there.
 */
export function checkAccessToken(
  token: AccessToken,
  { now, url }: { readonly now: number; readonly url?: string },
): readonly TokenIssue[] {
  return [
    ...checkTimes(token, now),
    ...checkForm(token),
    ...(url === undefined ? [] : checkAudience(token, parseServiceUrl(url), url)),
  ];
}

function* checkTimes({ expiresAt, notBefore, issuedAt }: AccessToken, now: number): Generator<TokenIssue> {
  if (expiresAt === undefined) yield { code: "no-expiry" };
  else if (expiresAt <= now) yield { code: "expired", detail: timeText(expiresAt) };
  if (notBefore !== undefined && notBefore > now) {
    yield { code: "not-yet-valid", detail: timeText(notBefore) };
  }
  const begins = notBefore ?? issuedAt ?? now;
  if (expiresAt !== undefined && expiresAt - begins > DAY) {
    yield { code: "long-lifetime", detail: `${Math.round((expiresAt - begins) / 3_600_000)} h` };
  }
}

function* checkForm({ length, algorithm, isSigned }: AccessToken): Generator<TokenIssue> {
  if (length > MAX_TOKEN_LENGTH) yield { code: "too-long", detail: String(length) };
  else if (length >= NEAR_LENGTH) yield { code: "nearly-too-long", detail: String(length) };
  if (!isSigned) yield { code: "unsigned" };
  else if (algorithm !== "HS256" && algorithm !== "HS512") {
    yield { code: "unknown-algorithm", detail: algorithm };
  }
}

function* checkAudience(
  { audiences, userId }: AccessToken,
  target: AzureServiceUrl,
  url: string,
): Generator<TokenIssue> {
  if (audiences.length === 0) yield { code: "no-audience" };
  if (target.kind === "client" && userId === undefined) yield { code: "no-user" };
  const expected = expectedAudience(target, url);
  if (expected === undefined || audiences.length === 0) return;
  if (audiences.some((audience) => isSame(audience, expected))) return;
  const kinds = audiences.map((audience) => parseServiceUrl(audience).kind);
  if (target.kind === "client" && kinds.includes("rest")) yield { code: "rest-token-for-client" };
  else if (target.kind === "rest" && kinds.includes("client")) yield { code: "client-token-for-rest" };
  else if (audiences.some((audience) => isSame(audience.toLowerCase(), expected))) {
    yield { code: "hub-not-lower-case", detail: expected };
  } else if (audiences.some((audience) => withoutHost(audience) === withoutHost(expected))) {
    yield { code: "other-host", detail: expected };
  } else yield { code: "other-audience", detail: expected };
}

function expectedAudience(target: AzureServiceUrl, url: string): string | undefined {
  switch (target.kind) {
    case "client":
      return `${target.endpoint}/client/?hub=${target.hub.toLowerCase()}`;
    case "classic-client":
      return `${target.endpoint}/aspnetclient`;
    case "server":
      return `${target.endpoint}/server/?hub=${target.hub.toLowerCase()}`;
    case "rest":
      // Documented without a query; the .NET management SDK of 2024 signs it with the query, and is taken too.
      return (url.split(/[?#]/, 1)[0] ?? "").replace(/\/$/, "");
    case "other":
      return undefined;
    default:
      return target satisfies never;
  }
}

function isSame(audience: string, expected: string): boolean {
  const isRest = !expected.includes("?");
  const said = isRest ? (audience.split("?", 1)[0] ?? "").replace(/\/$/, "") : audience;
  return said === expected || said === withoutPort(expected);
}

function withoutPort(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^/]*?):\d+(?=\/|$)/i, "$1");
}

function withoutHost(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]*/i, "");
}

/** Date refuses what is beyond its range. */
function timeText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? `${milliseconds / 1000} s` : date.toISOString();
}
