import type { OpenSocket, Socket, SocketEvent } from "../ports/socket.ts";
import type { Hub } from "./hub.ts";

/**
 * Sockets that end in `hub`, in the same program: no server, no network. They behave as WebSockets do: every event
 * arrives after the call that caused it, in order, and each end sees one `closed`, last.
 */
export function openSocketTo(hub: Hub): OpenSocket {
  return (_url, listener) => {
    let isOpen = false;
    let isClosed = false;

    const toClient = createLane(listener);
    const toHub = createLane((event) => accepted.receive(event));

    function closeBoth(code = 1005, reason = ""): void {
      if (isClosed) return;
      isClosed = true;
      // A code before the handshake of RFC 6455 has ended means that it failed.
      const closed = isOpen
        ? ({ type: "closed", code, reason, wasClean: true } as const)
        : ({ type: "closed", code: 1006, reason: "", wasClean: false, failure: "" } as const);
      toClient(closed);
      toHub(closed);
    }

    function end(lane: (event: SocketEvent) => void): Socket {
      return {
        send(payload) {
          if (isClosed || !isOpen) throw new Error("The socket is not open.");
          // A copy, as of a network: the sender may change its bytes, and so may the receiver.
          lane({ type: "payload", payload: typeof payload === "string" ? payload : payload.slice() });
        },
        close: closeBoth,
      };
    }

    const accepted = hub.accept(end(toClient));
    void Promise.resolve().then(() => {
      if (isClosed) return;
      isOpen = true;
      listener({ type: "open", protocol: "" });
    });
    return end(toHub);
  };
}

function createLane(deliver: (event: SocketEvent) => void): (event: SocketEvent) => void {
  return (event) => void Promise.resolve().then(() => deliver(event));
}
