import type { OpenSocket, SocketClosedEvent, SocketEvent } from "../../core/src/ports/socket.ts";

export type FakePayload = string | Uint8Array<ArrayBuffer>;

/** The far end of a socket: a test plays the server. Everything happens at once, as the test calls it. */
export interface FakeSocket {
  readonly url: URL;
  /** What the client has sent, in order; grows. */
  readonly sent: readonly FakePayload[];
  /** How the client closed it, if it did. */
  readonly closing: { readonly code: number | undefined; readonly reason: string | undefined } | undefined;
  open(): void;
  deliver(payload: FakePayload): void;
  /** Ends the connection; afterwards the socket is silent. */
  end(code: number, how?: Partial<Omit<SocketClosedEvent, "type" | "code">>): void;
}

export interface FakeSockets {
  readonly openSocket: OpenSocket;
  /** In the order in which they were opened; grows. */
  readonly all: readonly FakeSocket[];
  /** The newest. Throws where there is none. */
  readonly last: FakeSocket;
}

/**
 * A network whose sockets the test controls. `answerClose: false` is a server that never answers a close, so
 * that `closed` never comes.
 */
export function createFakeSockets(options: { readonly answerClose?: boolean } = {}): FakeSockets {
  const all: FakeSocket[] = [];

  const openSocket: OpenSocket = (url, listener) => {
    const sent: FakePayload[] = [];
    let state: "connecting" | "open" | "closing" | "closed" = "connecting";
    let closing: FakeSocket["closing"];

    function emit(event: SocketEvent): void {
      if (state === "closed") return;
      if (event.type === "closed") state = "closed";
      listener(event);
    }

    all.push({
      url,
      sent,
      get closing() {
        return closing;
      },
      open() {
        state = "open";
        emit({ type: "open", protocol: "" });
      },
      deliver: (payload) => emit({ type: "payload", payload }),
      end(code, how = {}) {
        const failure = code === 1006 ? { failure: "" } : {};
        emit({ type: "closed", code, reason: "", wasClean: code !== 1006, ...failure, ...how });
      },
    });
    return {
      send(payload) {
        if (state !== "open") throw new Error(`The socket is ${state}.`);
        sent.push(typeof payload === "string" ? payload : payload.slice());
      },
      close(code, reason) {
        if (state === "closed" || state === "closing") return;
        const wasOpen = state === "open";
        state = "closing";
        closing = { code, reason };
        if (options.answerClose === false) return;
        // A platform tells of the close later, never during the call.
        void Promise.resolve().then(() =>
          emit({
            type: "closed",
            code: wasOpen ? (code ?? 1005) : 1006,
            reason: reason ?? "",
            wasClean: wasOpen,
          }),
        );
      },
    };
  };

  return {
    openSocket,
    all,
    get last() {
      const socket = all.at(-1);
      if (socket === undefined) throw new Error("No socket was opened.");
      return socket;
    },
  };
}
