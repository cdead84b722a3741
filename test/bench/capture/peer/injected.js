/**
 * The page's side of the peer: its constructor makes a native socket with a `send` of its own and a listener, and
 * posts each payload to the content script.
 */
(() => {
  const Native = window.WebSocket;
  let last = 0;

  const base64 = (buffer) => {
    const bytes = new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);
    let binary = "";
    for (let at = 0; at < bytes.length; at += 0x8000)
      binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(binary);
  };

  const post = (socket, direction, data) => {
    const payload =
      typeof data === "string" ? { kind: "text", data } : { kind: "binary", data: base64(data) };
    window.postMessage(
      { source: "one-message-a-payload", socket, direction, at: Date.now(), payload },
      window.location.origin,
    );
  };

  function Watched(url, protocols) {
    const socket = protocols === undefined ? new Native(url) : new Native(url, protocols);
    const id = ++last;
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      post(id, "out", data);
      return send(data);
    };
    socket.addEventListener("message", (event) => {
      if (typeof event.data === "string" || event.data instanceof ArrayBuffer) post(id, "in", event.data);
    });
    return socket;
  }
  Watched.prototype = Native.prototype;
  Object.setPrototypeOf(Watched, Native);
  window.WebSocket = Watched;
})();
