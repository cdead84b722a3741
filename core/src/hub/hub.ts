import type { Clock } from "../ports/clock.ts";
import type { Socket, SocketEvent } from "../ports/socket.ts";
import type { WireValue } from "../wire/hub-message.ts";

/** What a hub method sees of its caller and of everybody else. */
export interface HubCall {
  readonly connectionId: string;
  /** Aborts when the caller cancels the stream or goes away. */
  readonly signal: AbortSignal;
  /** Upload streams, in the order in which the caller named them. They throw a HubMethodError where the caller's did. */
  readonly uploads: readonly AsyncIterable<WireValue>[];
  readonly caller: HubTarget;
  readonly others: HubTarget;
  readonly all: HubTarget;
  group(name: string): HubTarget;
  join(group: string): void;
  leave(group: string): void;
  /** Asks the caller for a client result. Rejects with a HubMethodError of the client's text, or when it has gone. */
  ask(target: string, ...args: readonly WireValue[]): Promise<WireValue>;
  /** Ends the caller's connection: a Close message that does not allow to reconnect, then the transport. */
  abort(): void;
}

/** Those who receive a message: the caller, the others, all, or a group. */
export interface HubTarget {
  /** Throws a TypeError where a protocol in use cannot carry an argument. */
  send(target: string, ...args: readonly WireValue[]): void;
}

/**
 * A method returns a result, or an async iterable for a stream; no result is sent as null, as ASP.NET Core does.
 * A thrown HubMethodError reaches the caller with its text, anything else with a general one.
 */
export type HubMethod = (
  call: HubCall,
  ...args: readonly WireValue[]
) => WireValue | Promise<WireValue> | AsyncIterable<WireValue>;

/** What a hub can do. */
export interface HubDefinition {
  /** Names are matched without case, as ASP.NET Core does. */
  readonly methods: Readonly<Record<string, HubMethod>>;
  /** The client's messages wait until it has returned. Throwing ends the connection. */
  readonly onConnected?: (call: HubCall) => void | Promise<void>;
  readonly onDisconnected?: (connectionId: string) => void;
}

/** The defaults are those of ASP.NET Core. */
export interface HubOptions {
  /** Without a clock there are no pings and no timeouts. */
  readonly clock?: Clock;
  /** Milliseconds between pings. Default 15 000. */
  readonly keepAliveInterval?: number;
  /** Milliseconds of a client's silence, counted from its first ping. Default 30 000. */
  readonly clientTimeout?: number;
  /** Milliseconds for the handshake request. Default 15 000. */
  readonly handshakeTimeout?: number;
  /** Bytes of one record, framing included. Default 32 768. */
  readonly maximumReceiveMessageSize?: number;
  /** Sends the texts of all errors to the caller, not only those of HubMethodError. Default false. */
  readonly detailedErrors?: boolean;
  /** Told what methods and callbacks threw, HubMethodErrors excepted. */
  readonly onFault?: (error: unknown) => void;
}

/** The hub's end of a connection: what it sends to the client, and what it is told. */
export interface AcceptedConnection {
  /** Feed it what the client's transport delivers; `closed` last. Never throws. */
  receive(event: SocketEvent): void;
}

/** The server side of one hub, for any number of clients. */
export interface Hub {
  /**
   * Serves one client over `socket`, which sends to that client. `connectionId` is what negotiate answered; without
   * it the hub counts.
   */
  accept(socket: Socket, connectionId?: string): AcceptedConnection;
  /** Connections that have completed their handshake. */
  readonly connections: number;
  /** Closes all connections. Clients may reconnect. */
  stop(): void;
}
