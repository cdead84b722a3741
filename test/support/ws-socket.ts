import { WebSocket } from "ws";
import type { OpenSocket } from "../../core/src/ports/socket.ts";

/** Real WebSockets for the live client in Node. */
export const openWsSocket: OpenSocket = (url, listener) => {
  const socket = new WebSocket(url.href, { perMessageDeflate: false, maxPayload: 0 });
  let failure: string | undefined;
  socket.binaryType = "nodebuffer";
  socket.on("open", () => listener({ type: "open", protocol: socket.protocol }));
  socket.on("message", (data: Buffer, isBinary) => {
    listener({ type: "payload", payload: isBinary ? new Uint8Array(data) : data.toString("utf8") });
  });
  socket.on("error", (error) => {
    failure = error.message;
  });
  socket.on("close", (code, reason) => {
    const wasClean = code !== 1006;
    listener({
      type: "closed",
      code,
      reason: reason.toString(),
      wasClean,
      ...(failure === undefined ? {} : { failure }),
    });
  });
  return {
    send(payload) {
      if (socket.readyState !== WebSocket.OPEN) throw new Error("The WebSocket is not open.");
      socket.send(payload);
    },
    close: (code, reason) => socket.close(code, reason),
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
  };
};
