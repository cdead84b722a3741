/**
 * `POST {hub}/refresh`, with which a client of .NET 11 renews the authentication of a connection that is up.
 * dotnet/aspnetcore, HttpConnectionDispatcher.ExecuteRefreshAsync; a preview, so that all of it may still change.
 *
 * @module
 */
import { isJsonObject } from "./json/fields.ts";
import { readJson } from "./json/read-text.ts";

/** Why a server refuses to refresh. */
export type RefreshErrorCode =
  | "refresh_disabled"
  | "missing_connection_token"
  | "connection_not_found"
  | "invalid_token"
  | "windows_identity_not_supported";

/** Codes that a server is known to answer, with their HTTP statuses. */
export const REFRESH_ERRORS: Readonly<Record<RefreshErrorCode, number>> = {
  /** The endpoint does not allow it. */
  refresh_disabled: 404,
  missing_connection_token: 400,
  connection_not_found: 404,
  /** The new token authenticates nobody. */
  invalid_token: 401,
  windows_identity_not_supported: 400,
};

/** An answer to a refresh, told apart by `kind`. */
export type RefreshResponse =
  | {
      readonly kind: "refreshed";
      /** How long the new token is good for; absent where the server does not say. */
      readonly tokenLifetimeSeconds?: number;
    }
  | {
      readonly kind: "refused";
      readonly status: number;
      /** One of {@link REFRESH_ERRORS}, or one that we do not know. */
      readonly error: string;
      readonly description?: string;
    }
  /** No answer of this exchange: an older server, another method than POST (405), a proxy. */
  | { readonly kind: "other"; readonly status: number };

/**
 * Where to refresh: the hub's path and `/refresh`, its query, then `id` with the connection token, a secret. The new
 * access token goes into `Authorization`. Throws a TypeError on what is no absolute URL.
 */
export function refreshUrl(hubUrl: string | URL, token: string): URL {
  const url = new URL(hubUrl);
  url.protocol = url.protocol.replace(/^ws/, "http");
  url.pathname += url.pathname.endsWith("/") ? "refresh" : "/refresh";
  url.hash = "";
  url.search += `${url.search === "" ? "?" : "&"}id=${encodeURIComponent(token)}`;
  return url;
}

/** True for a path that ends with `/refresh` beside an `id`: without the latter any page may have such an address. */
export function isRefreshUrl(url: string): boolean {
  const [address = ""] = url.split("#", 1);
  const [, query] = /^[^?]*\/refresh\/?\?(.*)$/is.exec(address) ?? [];
  return query !== undefined && /(?:^|&)id=[^&]/i.test(query);
}

/** Never throws; unknown members are ignored. One preview also answered connectionId and refreshedAt. */
export function parseRefreshResponse(status: number, body: string): RefreshResponse {
  const value = readJson(body, []);
  if (value === undefined || !isJsonObject(value)) return { kind: "other", status };
  const { error, error_description: description, tokenLifetimeSeconds } = value;
  if (status === 200 && error === undefined) {
    return {
      kind: "refreshed",
      ...(typeof tokenLifetimeSeconds === "number" &&
        Number.isFinite(tokenLifetimeSeconds) && { tokenLifetimeSeconds }),
    };
  }
  if (typeof error !== "string" || error === "") return { kind: "other", status };
  return { kind: "refused", status, error, ...(typeof description === "string" && { description }) };
}
