import { connectUrl } from "../wire/negotiate.ts";
import type { OpenTransport } from "./transport.ts";

/** TransportProtocols.md, "WebSockets": full duplex, one payload a WebSocket message. */
export const openWebSocketTransport: OpenTransport = ({ hubUrl, ...tokens }, ports, listener) => {
  const socket = ports.openSocket(connectUrl(hubUrl, tokens), listener);
  return {
    inherentKeepAlive: false,
    send: (payload) => socket.send(payload),
    close: (code, reason) => socket.close(code, reason),
    get bufferedAmount() {
      return socket.bufferedAmount ?? 0;
    },
  };
};
