import { type Channel, isMessageOf, type MessageGuards, type MessageOf } from "./channel.ts";

/** What the contexts need of an extension port. */
export interface Port {
  readonly name: string;
  /** Throws when the port is disconnected. */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when the other end goes; not after an own `disconnect()`. */
  onDisconnect(listener: () => void): void;
  disconnect(): void;
}

/** `incoming` is the guard table of the direction that is received here; what it refuses is dropped. */
export function createPortChannel<Guards extends MessageGuards, Out>(
  port: Port,
  incoming: Guards,
): Channel<MessageOf<Guards>, Out> {
  return {
    send: (message) => port.post(message),
    receive(listener, signal) {
      port.onMessage((message) => {
        if (!signal.aborted && isMessageOf(incoming, message)) listener(message);
      });
    },
  };
}
