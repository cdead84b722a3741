import type { Socket, SocketEvent } from "../ports/socket.ts";
import type { WireValue } from "../wire/hub-message.ts";

/** What a hub method sees of its caller and of everybody else. */
export interface HubCall {
  readonly connectionId: string;
  /** Aborts when the caller cancels the stream or goes away. */
  readonly signal: AbortSignal;
  /** Upload streams, in the order in which the caller named them. */
  readonly uploads: readonly AsyncIterable<WireValue>[];
  readonly caller: HubTarget;
  readonly others: HubTarget;
  readonly all: HubTarget;
  group(name: string): HubTarget;
  join(group: string): void;
  leave(group: string): void;
  /** Asks the caller for a client result. */
  ask(target: string, ...args: readonly WireValue[]): Promise<WireValue>;
}

export interface HubTarget {
  send(target: string, ...args: readonly WireValue[]): void;
}

/** A method returns a result, or an async iterable for a stream. A thrown HubMethodError reaches the caller with its text. */
export type HubMethod = (
  call: HubCall,
  ...args: readonly WireValue[]
) => WireValue | Promise<WireValue> | AsyncIterable<WireValue>;

export interface HubDefinition {
  /** Names are matched without case, as ASP.NET Core does. */
  readonly methods: Readonly<Record<string, HubMethod>>;
  readonly onConnected?: (call: HubCall) => void | Promise<void>;
  readonly onDisconnected?: (connectionId: string) => void;
}

/** The hub's end of a connection: what it sends to the client, and what it is told. */
export interface AcceptedConnection {
  /** Feed it what the client's transport delivers; `closed` last. */
  receive(event: SocketEvent): void;
}

export interface Hub {
  /** Serves one client over `socket`, which sends to that client. */
  accept(socket: Socket): AcceptedConnection;
  /** Connections that have completed their handshake. */
  readonly connections: number;
  /** Closes all connections. */
  stop(): void;
}
