/**
 * What an address of Azure SignalR Service says. Custom domains and gateways exist, so that the path and the names in
 * the query tell more than the host does.
 *
 * @module
 */
import { percentDecode } from "./percent-encoding.ts";

/** What an address of the service is for. Told apart by `kind`. */
export type AzureServiceUrl =
  | AzureClientUrl
  /** The server connections of an app server. */
  | { readonly kind: "server"; readonly endpoint: string; readonly hub: string }
  | AzureClassicUrl
  | AzureRestUrl
  | { readonly kind: "other" };

/** A client of ASP.NET Core: its negotiate, WebSocket, event stream, polls and sends. */
export interface AzureClientUrl extends AzureOrigin {
  readonly kind: "client";
  /** With http for ws, without a slash at its end. */
  readonly endpoint: string;
  /** As written; "" where none is named. */
  readonly hub: string;
  readonly isNegotiate: boolean;
  readonly issues: readonly AzureUrlIssue[];
}

/** A classic client. */
export interface AzureClassicUrl extends AzureOrigin {
  readonly kind: "classic-client";
  readonly endpoint: string;
  /** Last segment of the path: `negotiate`, `connect`, `send`; "" for the redirect's own URL. */
  readonly action: string;
}

/** A call of the service's REST API. */
export interface AzureRestUrl {
  readonly kind: "rest";
  readonly endpoint: string;
  readonly generation: "v1" | "modern";
  /** Only modern calls have one. */
  readonly apiVersion?: string;
  /** What follows `/api` or `/api/v1`, still percent-encoded: `/hubs/chat/:send`. */
  readonly path: string;
}

/** What an app server's negotiate left in the address. */
export interface AzureOrigin {
  /** "default": an app server redirected here. "serverless": nothing says so, so probably there is none. */
  readonly mode: "default" | "serverless";
  /** `asrs.op`: path of the hub on the app server. */
  readonly originalPath?: string;
  /** `asrs_request_id`: the same in negotiate, socket and requests of one connection. */
  readonly requestId?: string;
}

/** What is at fault with an address. */
export type AzureUrlIssue =
  /** The service answers 400 to a query with two. */
  | "several-hubs"
  | "no-hub"
  /** The service knows hubs in lower case, and tokens are made out so. */
  | "hub-not-lower-case";

/** True for what only Azure SignalR Service, its emulator or a gateway before it has. Never throws. */
export function isAzureServiceUrl(url: string): boolean {
  const { host, path, query } = partsOf(url);
  if (/(?:^|\.)(?:service\.signalr\.net|signalr\.azure\.cn)$/i.test(host)) return true;
  if (query.has("asrs.op") || query.has("asrs_request_id")) return true;
  return /\/client\/(?:negotiate\/?)?$/i.test(path) && query.has("hub");
}

/** Never throws; secrets of the query (`id`, `access_token`) are not in the answer. */
export function parseServiceUrl(url: string): AzureServiceUrl {
  const { origin, path, query } = partsOf(url);
  const client = /^(.*)\/client(\/negotiate)?\/?$/is.exec(path);
  if (client !== null && (query.has("hub") || isAzureServiceUrl(url))) {
    const hubs = query.getAll("hub");
    const [hub = ""] = hubs;
    return {
      kind: "client",
      endpoint: `${origin}${client[1] ?? ""}`,
      hub,
      isNegotiate: client[2] !== undefined,
      ...originOf(query),
      issues: issuesOf(hubs),
    };
  }
  const server = /^(.*)\/server\/?$/is.exec(path);
  const serverHub = query.get("hub");
  if (server !== null && serverHub !== null) {
    return { kind: "server", endpoint: `${origin}${server[1] ?? ""}`, hub: serverHub };
  }
  const classic = /^(.*)\/aspnetclient(?:\/([a-z]*))?\/?$/is.exec(path);
  if (classic !== null) {
    const endpoint = `${origin}${classic[1] ?? ""}`;
    return { kind: "classic-client", endpoint, action: (classic[2] ?? "").toLowerCase(), ...originOf(query) };
  }
  return restOf(origin, path, query) ?? { kind: "other" };
}

function restOf(origin: string, path: string, query: URLSearchParams): AzureRestUrl | undefined {
  const rest = /^(.*?)\/api(\/v1)?(\/(?:health|hubs\/.+))$/is.exec(path);
  if (rest === null) return undefined;
  const apiVersion = query.get("api-version");
  return {
    kind: "rest",
    endpoint: `${origin}${rest[1] ?? ""}`,
    generation: rest[2] === undefined ? "modern" : "v1",
    ...(apiVersion !== null && { apiVersion }),
    path: (rest[3] ?? "").replace(/\/$/, ""),
  };
}

function originOf(query: URLSearchParams): AzureOrigin {
  const originalPath = query.get("asrs.op");
  const requestId = query.get("asrs_request_id");
  return {
    mode: originalPath === null && requestId === null ? "serverless" : "default",
    ...(originalPath !== null && { originalPath }),
    ...(requestId !== null && { requestId }),
  };
}

function issuesOf(hubs: readonly string[]): readonly AzureUrlIssue[] {
  const [hub = ""] = hubs;
  const issues: AzureUrlIssue[] = [];
  if (hubs.length > 1) issues.push("several-hubs");
  if (hub === "") issues.push("no-hub");
  if (hub !== hub.toLowerCase()) issues.push("hub-not-lower-case");
  return issues;
}

interface UrlParts {
  /** Scheme and host, with http for ws; "" for a relative address. */
  readonly origin: string;
  /** Without its port. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Cut as text: what a page wrote need not be a URL. URLSearchParams overlooks `&&`, which classic clients write. */
function partsOf(url: string): UrlParts {
  const [address = ""] = url.split("#", 1);
  const mark = address.indexOf("?");
  const query = new URLSearchParams(mark < 0 ? "" : address.slice(mark + 1));
  const place = mark < 0 ? address : address.slice(0, mark);
  const [, scheme, authority = "", rest = ""] = /^(https?|wss?):\/\/([^/]*)(.*)$/is.exec(place) ?? [];
  if (scheme === undefined) return { origin: "", host: "", path: place, query };
  const http = scheme.toLowerCase().replace("ws", "http");
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return { origin: `${http}://${host}`, host: percentDecode(host).replace(/:\d*$/, ""), path: rest, query };
}
