import type { Socket, SocketEvent } from "../ports/socket.ts";
import type { HubClientPorts } from "./hub-client.ts";

/**
 * One way to carry payloads to and from a hub. It behaves as a socket does: `open` first, `closed` once and last,
 * no event during a call.
 */
export interface Transport extends Socket {
  /** True where open requests show both ends that the other lives, so that neither pings (long polling). */
  readonly inherentKeepAlive: boolean;
}

/** Where to connect. The tokens are secrets. */
export interface TransportAddress {
  /** http(s), without tokens; after the redirects of negotiate. */
  readonly hubUrl: URL;
  /** The connection token; absent where negotiate was skipped. */
  readonly token?: string;
  readonly accessToken?: string;
}

export type OpenTransport = (
  address: TransportAddress,
  ports: HubClientPorts,
  listener: (event: SocketEvent) => void,
) => Transport;
