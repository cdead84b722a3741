/**
 * The negotiate exchange, versions 0 and 1. TransportProtocols.md, "POST [endpoint-base]/negotiate request".
 *
 * @module
 */

import type { WireValue } from "./hub-message.ts";
import { isJsonObject, type JsonObject } from "./json/fields.ts";
import { readJson } from "./json/read-text.ts";

/** A transport that the server offers, in its own words. */
export interface AvailableTransport {
  /** `WebSockets`, `ServerSentEvents`, `LongPolling`, or a name unknown to us. */
  readonly transport: string;
  /** `Text`, `Binary`. */
  readonly transferFormats: readonly string[];
}

/** What a server answered. TransportProtocols.md, "POST [endpoint-base]/negotiate request". */
export type NegotiateResponse =
  | {
      readonly kind: "accepted";
      /** 0 where the server does not say. */
      readonly version: number;
      /** Public. With version 0 also what `id` carries. */
      readonly connectionId: string;
      /** Secret; what `id` carries. Version 0 has none, then it is the connection ID, as in the official client. */
      readonly connectionToken: string;
      /** In the server's order of preference. */
      readonly transports: readonly AvailableTransport[];
      readonly useStatefulReconnect: boolean;
      /** .NET 11, where authentication can be refreshed. */
      readonly tokenLifetimeSeconds?: number;
    }
  /** Negotiate again at `url`, with `accessToken` instead of the caller's own. */
  | { readonly kind: "redirect"; readonly url: string; readonly accessToken?: string }
  /** The server's text. The HTTP status of all three is 200. */
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "not-signalr"; readonly reason: NotSignalRReason };

/**
 * - `classic`: ASP.NET SignalR of the .NET Framework answers so (`ProtocolVersion`).
 * - `html`: a web page: a wrong address, a log-in page, a proxy.
 * - `empty`, `not-json`: nothing, or text that is neither of these.
 * - `other-json`: JSON of another shape.
 */
export type NotSignalRReason = "classic" | "html" | "empty" | "not-json" | "other-json";

/**
 * The body of a negotiate response. Never throws; unknown properties are ignored. As lenient as the official client:
 * transports that are missing or malformed are none, because a page that runs it gets that far too.
 */
export function parseNegotiateResponse(text: string): NegotiateResponse {
  const value = readJson(text, []);
  if (value === undefined || !isJsonObject(value)) return notSignalR(reasonFor(text, value));
  // The order of the official client: error, classic server, redirect.
  if (typeof value["error"] === "string" && value["error"] !== "")
    return { kind: "error", error: value["error"] };
  if (value["ProtocolVersion"] !== undefined) return notSignalR("classic");
  if (typeof value["url"] === "string" && value["url"] !== "") return redirect(value, value["url"]);
  return accepted(value);
}

function notSignalR(reason: NotSignalRReason): NegotiateResponse {
  return { kind: "not-signalr", reason };
}

function reasonFor(text: string, value: WireValue): NotSignalRReason {
  if (value !== undefined) return "other-json";
  if (text.trim() === "") return "empty";
  return /^\ufeff?\s*</.test(text) ? "html" : "not-json";
}

function redirect(value: JsonObject, url: string): NegotiateResponse {
  const accessToken = value["accessToken"];
  return { kind: "redirect", url, ...(typeof accessToken === "string" ? { accessToken } : undefined) };
}

function accepted(value: JsonObject): NegotiateResponse {
  const { negotiateVersion, connectionId, connectionToken, availableTransports } = value;
  const version = typeof negotiateVersion === "number" ? negotiateVersion : 0;
  if (typeof connectionId !== "string") return notSignalR("other-json");
  const lifetime = value["tokenLifetimeSeconds"];
  return {
    kind: "accepted",
    version,
    connectionId,
    connectionToken: version > 0 && typeof connectionToken === "string" ? connectionToken : connectionId,
    transports: Array.isArray(availableTransports) ? transportsOf(availableTransports) : [],
    useStatefulReconnect: value["useStatefulReconnect"] === true,
    ...(typeof lifetime === "number" && Number.isFinite(lifetime)
      ? { tokenLifetimeSeconds: lifetime }
      : undefined),
  };
}

function transportsOf(items: readonly WireValue[]): readonly AvailableTransport[] {
  const transports: AvailableTransport[] = [];
  for (const item of items) {
    if (!isJsonObject(item) || typeof item["transport"] !== "string") continue;
    const formats = Array.isArray(item["transferFormats"]) ? item["transferFormats"] : [];
    const transferFormats = formats.filter((format) => typeof format === "string");
    transports.push({ transport: item["transport"], transferFormats });
  }
  return transports;
}

/**
 * Where to negotiate for a hub, as the official client puts it: the path is extended, the query is kept and
 * written anew, and what the caller's own query already says stands. Throws a TypeError on what is no absolute URL.
 */
export function negotiateUrl(
  hubUrl: string | URL,
  options: { readonly statefulReconnect?: boolean } = {},
): URL {
  const url = new URL(hubUrl);
  url.pathname += url.pathname.endsWith("/") ? "negotiate" : "/negotiate";
  const query = new URLSearchParams(url.search);
  if (!query.has("negotiateVersion")) query.append("negotiateVersion", "1");
  if (options.statefulReconnect === true && !query.has("useStatefulReconnect")) {
    query.append("useStatefulReconnect", "true");
  }
  url.search = query.toString();
  return url;
}

/**
 * Where to open the WebSocket of a hub: scheme ws or wss, then `id` with the connection token (none when negotiate
 * was skipped), then `access_token`. Both are secrets. Throws a TypeError on what is no absolute URL.
 */
export function connectUrl(
  hubUrl: string | URL,
  options: { readonly token?: string; readonly accessToken?: string } = {},
): URL {
  const url = new URL(hubUrl);
  if (url.protocol === "http:" || url.protocol === "https:")
    url.protocol = url.protocol.replace("http", "ws");
  // The official client appends to the whole text, so that a fragment would swallow the query.
  url.hash = "";
  let query = url.search;
  const append = (text: string) => {
    query += (query === "" ? "?" : "&") + text;
  };
  if (options.token !== undefined) append(`id=${options.token}`);
  if (options.accessToken !== undefined) append(`access_token=${encodeURIComponent(options.accessToken)}`);
  url.search = query;
  return url;
}
