/**
 * Addresses of classic SignalR: which connection, which request of it, with which parameters.
 *
 * @module
 */
import type { WireValue } from "../hub-message.ts";
import { isJsonObject } from "../json/fields.ts";
import { readJson } from "../json/read-text.ts";
import { setOwn } from "../own-property.ts";

/** "receive" is whatever no server looks up: a poll of 1.0, or any other last segment. */
export type ClassicAction =
  | "negotiate"
  | "ping"
  | "start"
  | "connect"
  | "reconnect"
  | "poll"
  | "send"
  | "abort"
  | "hubs"
  | "js"
  | "receive";

const ACTIONS: readonly ClassicAction[] = [
  "negotiate",
  "ping",
  "start",
  "connect",
  "reconnect",
  "poll",
  "send",
  "abort",
  "hubs",
  "js",
];

/** The transports by the names in addresses. */
export type ClassicTransport = "webSockets" | "serverSentEvents" | "foreverFrame" | "longPolling";

const TRANSPORTS: readonly ClassicTransport[] = [
  "webSockets",
  "serverSentEvents",
  "foreverFrame",
  "longPolling",
];

/** An address taken apart. */
export interface ClassicAddress {
  /** The path without its action; empty for a connection at the root. */
  readonly base: string;
  readonly action: ClassicAction;
  /** Undefined where the address names none, or one that no server has. */
  readonly transport?: ClassicTransport;
  /** Decoded; several of one name are joined by commas, as OWIN does. Tokens among them are secrets. */
  readonly params: Readonly<Record<string, string>>;
  /** Names in `connectionData`, as spelled there; absent where there is none, as on a connection without hubs. */
  readonly hubs?: readonly string[];
}

/** `url` may be absolute or begin with its path. The suffix of the path decides, without case. Never throws. */
export function parseClassicAddress(url: string): ClassicAddress {
  const [address = ""] = url.split("#", 1);
  const mark = address.indexOf("?");
  const path = pathOf(mark < 0 ? address : address.slice(0, mark));
  const params = paramsOf(mark < 0 ? "" : address.slice(mark + 1));
  const transport = transportOf(params["transport"]);
  const hubs = hubsOf(params["connectionData"]);
  return {
    ...baseAndAction(path),
    ...(transport === undefined ? undefined : { transport }),
    params,
    ...(hubs === undefined ? undefined : { hubs }),
  };
}

function pathOf(address: string): string {
  const scheme = address.indexOf("://");
  if (scheme < 0) return address;
  const slash = address.indexOf("/", scheme + 3);
  return slash < 0 ? "" : address.slice(slash);
}

function baseAndAction(path: string): Pick<ClassicAddress, "base" | "action"> {
  const lower = path.toLowerCase();
  // Only the proxy script may have slashes behind it.
  const bare = withoutSlashes(lower);
  for (const action of ACTIONS) {
    const end = action === "hubs" || action === "js" ? bare : lower;
    if (end.endsWith(`/${action}`)) return { base: path.slice(0, end.length - action.length - 1), action };
  }
  return { base: path.slice(0, Math.max(0, path.lastIndexOf("/"))), action: "receive" };
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
}

function paramsOf(query: string): Readonly<Record<string, string>> {
  const params: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    setOwn(params, name, Object.hasOwn(params, name) ? `${params[name]},${value}` : value);
  }
  return params;
}

function transportOf(name: string | undefined): ClassicTransport | undefined {
  const lower = name?.toLowerCase();
  return TRANSPORTS.find((transport) => transport.toLowerCase() === lower);
}

/** Empty text and null are an empty list to the server. Undefined also where it would refuse the text. */
function hubsOf(connectionData: string | undefined): readonly string[] | undefined {
  if (connectionData === undefined) return undefined;
  const value = connectionData === "" ? null : readJson(connectionData, []);
  if (value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const names = value.map(nameOf);
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** JavaScript writes `name`, .NET `Name`. */
function nameOf(item: WireValue): string | undefined {
  if (item === undefined || !isJsonObject(item)) return undefined;
  const name = item["name"] ?? item["Name"];
  return typeof name === "string" ? name : undefined;
}
