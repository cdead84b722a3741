/**
 * The answer to a classic negotiate request, 0.4 to 2.1.
 *
 * @module
 */
import type { WireValue } from "../hub-message.ts";
import { isJsonObject, type JsonObject } from "../json/fields.ts";
import { readJson } from "../json/read-text.ts";
import type { NotSignalRReason } from "../negotiate.ts";
import { parseJsonp } from "./jsonp.ts";
import { isBeyondClients } from "./protocol-version.ts";

/** Times are in seconds. What an old server does not say is absent. */
export interface ClassicAccepted {
  readonly kind: "accepted";
  /** What the server resolved: the protocol of all that follows. 2.1 never comes from Microsoft's servers. */
  readonly protocolVersion: string;
  /** Path of all later requests. Not always right: the server cuts off `/negotiate` with regard to case. */
  readonly url?: string;
  /** Public. */
  readonly connectionId?: string;
  /** Secret; since 1.0. */
  readonly connectionToken?: string;
  /** Twice the keep-alive period; null where it is off, absent where the server has none. */
  readonly keepAliveTimeout?: number | null;
  /** How long a client tries to reconnect. */
  readonly disconnectTimeout?: number;
  /** How long a poll waits. Since 2.2. */
  readonly connectionTimeout?: number;
  /** How long a transport may take to say that it is up. Since 2.0. */
  readonly transportConnectTimeout?: number;
  /** Since 2.1. The `L` of an envelope says the same in milliseconds. */
  readonly longPollDelay?: number;
  readonly tryWebSockets?: boolean;
  /** Another origin for the WebSocket; up to 1.2.2. */
  readonly webSocketServerUrl?: string | null;
}

/** What came back from negotiate, told apart by `kind`. The HTTP status of all but errors is 200. */
export type ClassicNegotiateResponse =
  | ClassicAccepted
  | {
      /** Negotiate again at `url` and `/negotiate`. Since 2.0 of the protocol. */
      readonly kind: "redirect";
      readonly protocolVersion: string;
      /** Without its query. */
      readonly url: string;
      /** Takes the place of the page's own query in all later requests; absent where there is none. */
      readonly query?: string;
      /** Secret. */
      readonly accessToken?: string;
    }
  /** The client stops. */
  | { readonly kind: "error"; readonly protocolVersion: string; readonly error: string }
  /** Newer than any client. */
  | { readonly kind: "incompatible"; readonly protocolVersion: string }
  /** An ASP.NET Core server; classic clients stop. */
  | { readonly kind: "aspnetcore" }
  | { readonly kind: "not-signalr"; readonly reason: Exclude<NotSignalRReason, "classic"> };

/** Never throws. JSONP or not; unknown members are ignored. */
export function parseClassicNegotiateResponse(body: string): ClassicNegotiateResponse {
  const text = parseJsonp(body)?.text ?? body;
  const value = readJson(text, []);
  if (value === undefined || !isJsonObject(value)) return notSignalR(text, value);
  if (value["availableTransports"] !== undefined || value["negotiateVersion"] !== undefined) {
    return { kind: "aspnetcore" };
  }
  const protocolVersion = value["ProtocolVersion"];
  if (typeof protocolVersion !== "string") return { kind: "not-signalr", reason: "other-json" };
  // The order of the official client: version, error, redirect. Older protocols have neither of the two.
  if (isBeyondClients(protocolVersion)) return { kind: "incompatible", protocolVersion };
  if (protocolVersion === "2.0" || protocolVersion === "2.1") {
    const { Error: error, RedirectUrl: url } = value;
    if (typeof error === "string" && error !== "") return { kind: "error", protocolVersion, error };
    if (typeof url === "string" && url !== "") return redirect(value, protocolVersion, url);
  }
  return accepted(value, protocolVersion);
}

function notSignalR(text: string, value: WireValue): ClassicNegotiateResponse {
  if (value !== undefined) return { kind: "not-signalr", reason: "other-json" };
  if (text.trim() === "") return { kind: "not-signalr", reason: "empty" };
  return { kind: "not-signalr", reason: /^\ufeff?\s*</.test(text) ? "html" : "not-json" };
}

function redirect(value: JsonObject, protocolVersion: string, target: string): ClassicNegotiateResponse {
  const mark = target.indexOf("?");
  const accessToken = value["AccessToken"];
  return {
    kind: "redirect",
    protocolVersion,
    url: mark < 0 ? target : target.slice(0, mark),
    ...(mark < 0 || mark === target.length - 1 ? undefined : { query: target.slice(mark + 1) }),
    ...(typeof accessToken === "string" ? { accessToken } : undefined),
  };
}

function accepted(value: JsonObject, protocolVersion: string): ClassicAccepted {
  const keepAlive = value["KeepAliveTimeout"];
  const socketUrl = value["WebSocketServerUrl"];
  const tryWebSockets = value["TryWebSockets"];
  return {
    kind: "accepted",
    protocolVersion,
    ...text(value, "Url", "url"),
    ...text(value, "ConnectionId", "connectionId"),
    ...text(value, "ConnectionToken", "connectionToken"),
    ...(keepAlive === null
      ? { keepAliveTimeout: null }
      : number(value, "KeepAliveTimeout", "keepAliveTimeout")),
    ...number(value, "DisconnectTimeout", "disconnectTimeout"),
    ...number(value, "ConnectionTimeout", "connectionTimeout"),
    ...number(value, "TransportConnectTimeout", "transportConnectTimeout"),
    ...number(value, "LongPollDelay", "longPollDelay"),
    ...(typeof tryWebSockets === "boolean" ? { tryWebSockets } : undefined),
    ...(socketUrl === null
      ? { webSocketServerUrl: null }
      : text(value, "WebSocketServerUrl", "webSocketServerUrl")),
  };
}

function text<As extends string>(value: JsonObject, name: string, as: As): { readonly [key in As]?: string } {
  const found = value[name];
  return typeof found === "string" ? ({ [as]: found } as { readonly [key in As]?: string }) : {};
}

function number<As extends string>(
  value: JsonObject,
  name: string,
  as: As,
): { readonly [key in As]?: number } {
  const found = value[name];
  return typeof found === "number" ? ({ [as]: found } as { readonly [key in As]?: number }) : {};
}
