/**
 * Addresses of Azure SignalR Service: where clients and servers connect, where an app server's negotiate sends a
 * client on. Azure/azure-signalr: DefaultServiceEndpointGenerator.cs, NegotiateHandler.cs, ServiceEndpointProvider.cs.
 *
 * @module
 */
import { formEncode, percentEncode } from "./percent-encoding.ts";

/** Addresses have no slash at their end. */
export interface AzureEndpoints {
  /** What tokens are made out for, `Port` included. */
  readonly endpoint: string;
  /** Where clients connect, for example a gateway, if it is another. */
  readonly clientEndpoint?: string;
  /** Where REST calls and server connections go, if it is another. */
  readonly serverEndpoint?: string;
}

/** A hub, and the application that shares the service with others. */
export interface AzureHub {
  readonly hub: string;
  /** With one the service knows the hub as `{application}_{hub}`. */
  readonly application?: string;
}

/** What an app server's negotiate carries over into the redirect. */
export interface AppNegotiate {
  /** Path of the request: `/hubs/chat/negotiate`. */
  readonly path: string;
  /** Query of the request as it was written, with or without its question mark. */
  readonly query?: string;
  /** Decoded; the SDK takes 8 bytes as base64. */
  readonly requestId?: string;
}

/** The hub's name as the service knows it: lower case, behind the application's name. */
export function hubOnWire({ hub, application = "" }: AzureHub): string {
  return (application === "" ? hub : `${application}_${hub}`).toLowerCase();
}

/** Where a client connects straight: the hub URL of a `withUrl`. */
export function clientUrl(endpoints: AzureEndpoints, hub: AzureHub): string {
  return `${endpoints.clientEndpoint ?? endpoints.endpoint}/client/?hub=${percentEncode(hubOnWire(hub))}`;
}

/** Where an app server connects. */
export function serverUrl(endpoints: AzureEndpoints, hub: AzureHub): string {
  return `${endpoints.serverEndpoint ?? endpoints.endpoint}/server/?hub=${percentEncode(hubOnWire(hub))}`;
}

/**
 * `scheme://host/` of the endpoint, the base of every audience, whichever address is called. The SDK leaves the port
 * out; other libraries keep it. On the public service there is none.
 */
export function audienceBase({ endpoint }: AzureEndpoints): string {
  const [, scheme = "", host = ""] = /^([a-z]+:\/\/)([^/]*?)(?::\d+)?(?:\/|$)/i.exec(endpoint) ?? [];
  return `${scheme}${host}/`;
}

/** The `aud` of a client's token. Of the query only the hub is part of it. */
export function clientAudience(endpoints: AzureEndpoints, hub: AzureHub): string {
  return `${audienceBase(endpoints)}client/?hub=${percentEncode(hubOnWire(hub))}`;
}

/** The `aud` of a classic client's token; it names no hub. */
export function classicAudience(endpoints: AzureEndpoints): string {
  return `${audienceBase(endpoints)}aspnetclient`;
}

/** The `url` that an app server answers to a negotiate of ASP.NET Core. */
export function redirectUrl(endpoints: AzureEndpoints, hub: AzureHub, negotiate: AppNegotiate): string {
  const query = bare(negotiate.query);
  const path = originalPath(negotiate.path);
  return [
    clientUrl(endpoints, hub),
    ...(path === "" ? [] : [`asrs.op=${formEncode(path)}`]),
    ...(query === "" ? [] : [query]),
    ...requestIdOf(negotiate),
  ].join("&");
}

/** Names that belong to the app server's own negotiate. */
const NOT_KEPT: ReadonlySet<string> = new Set(["clientprotocol", "connectiontoken", "connectiondata"]);

/**
 * The `RedirectUrl` that an app server answers to a classic negotiate. Clients before protocol 2.1 would lose a
 * query, and get none.
 */
export function classicRedirectUrl(endpoints: AzureEndpoints, negotiate: AppNegotiate): string {
  const base = `${endpoints.clientEndpoint ?? endpoints.endpoint}/aspnetclient`;
  const query = bare(negotiate.query);
  if (!keepsQuery(new URLSearchParams(query).get("clientProtocol"))) return base;
  const path = originalPath(negotiate.path);
  const kept = query.split("&").filter((pair) => pair !== "" && !NOT_KEPT.has(nameOf(pair)));
  const parts = [...kept, ...requestIdOf(negotiate), ...(path === "" ? [] : [`asrs.op=${formEncode(path)}`])];
  return parts.length === 0 ? base : `${base}?${parts.join("&")}`;
}

function keepsQuery(clientProtocol: string | null): boolean {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(clientProtocol ?? "") ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 1);
}

function originalPath(path: string): string {
  return path.replace(/\/negotiate\/?$/i, "");
}

function requestIdOf({ requestId = "" }: AppNegotiate): readonly string[] {
  return requestId === "" ? [] : [`asrs_request_id=${formEncode(requestId)}`];
}

function bare(query = ""): string {
  return query.startsWith("?") ? query.slice(1) : query;
}

function nameOf(pair: string): string {
  const [name] = new URLSearchParams(pair).keys();
  return (name ?? "").toLowerCase();
}
