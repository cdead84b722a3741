import type { CaptureEvent } from "../capture-event.ts";
import type { HubscopeError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { SendHttp } from "../ports/http.ts";
import type { OpenSocket } from "../ports/socket.ts";
import type { HubProtocolName } from "../wire/hub-codec.ts";
import type { MessageHeaders, WireValue } from "../wire/hub-message.ts";

/**
 * Which hub, how to speak to it, and how long to wait. Times are milliseconds, the defaults those of the
 * official client.
 */
export interface HubClientOptions {
  /** Absolute http(s) URL of the hub. */
  readonly url: string;
  readonly protocol: HubProtocolName;
  /** Connect at once, without negotiate. */
  readonly skipNegotiation?: boolean;
  /** Called for every negotiate and every transport. What it throws is what start() rejects with. */
  readonly accessToken?: () => string | Promise<string>;
  /** Sent with negotiate, where the platform allows. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default true, as in the official client. */
  readonly withCredentials?: boolean;
  /** Milliseconds without anything from the server until the connection counts as lost. Default 30 000. */
  readonly serverTimeout?: number;
  /** Milliseconds of own silence until a ping is sent. Default 15 000. */
  readonly keepAliveInterval?: number;
  /** Milliseconds for the handshake response. Default 15 000. */
  readonly handshakeTimeout?: number;
  /** Everything the client sees and does, as capture events. */
  readonly report?: (event: CaptureEvent) => void;
  /**
   * Told what the embedder's own code threw where nobody waits for it: client methods, state listeners, `report`.
   * Without it such errors are dropped; they never disturb the connection.
   */
  readonly onFault?: (error: unknown) => void;
  /** Default: the browser's (or Node's) own. */
  readonly ports?: Partial<HubClientPorts>;
}

/** What a client asks of the platform. Replace `openSocket` to run without a network. */
export interface HubClientPorts {
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  readonly sendHttp: SendHttp;
}

/**
 * Where a client is. `error` of "disconnected" says why the connection ended; absent before the first start
 * and after stop().
 */
export type HubClientState =
  | { readonly kind: "disconnected"; readonly error?: HubscopeError }
  | { readonly kind: "negotiating" }
  | { readonly kind: "opening" }
  | { readonly kind: "handshaking" }
  | { readonly kind: "connected"; readonly connectionId?: string }
  | { readonly kind: "stopping" };

/** What goes with a call beside its arguments. */
export interface InvokeOptions {
  readonly headers?: MessageHeaders;
  /** Upload streams, in the order of the hub method's stream parameters. */
  readonly uploads?: readonly AsyncIterable<WireValue>[];
  /** Aborting a stream sends CancelInvocation; aborting an invoke only stops waiting. */
  readonly signal?: AbortSignal;
}

/** What a handler returns answers a client result; it is ignored where the server expects none. */
export type ClientMethod = (...args: readonly WireValue[]) => WireValue | Promise<WireValue>;

/** A live client of one hub. Operations reject with HubscopeError; an abort rejects with the signal's reason. */
export interface HubClient {
  readonly state: HubClientState;
  /** Resolves when the handshake has succeeded. Only while disconnected: a plain Error otherwise. */
  start(signal?: AbortSignal): Promise<void>;
  /** Sends Close and closes the transport. Resolves when the transport has closed; never rejects. */
  stop(): Promise<void>;
  invoke(target: string, args: readonly WireValue[], options?: InvokeOptions): Promise<WireValue>;
  /** Fire and forget: resolves when handed to the transport. */
  send(target: string, args: readonly WireValue[], options?: Omit<InvokeOptions, "signal">): Promise<void>;
  /**
   * Each loop over the result is an invocation of its own, sent when the loop starts. Leaving the loop early sends
   * CancelInvocation. Items that arrive faster than they are read are kept, without limit.
   */
  stream(target: string, args: readonly WireValue[], options?: InvokeOptions): AsyncIterable<WireValue>;
  /** One handler a target (compared without case, as the official client does); until `signal` aborts. */
  on(target: string, method: ClientMethod, signal?: AbortSignal): void;
  /** Called on every change of state until `signal` aborts. */
  onState(listener: (state: HubClientState) => void, signal?: AbortSignal): void;
}

/** Creates a client; nothing is opened until {@link HubClient.start}. */
export type CreateHubClient = (options: HubClientOptions) => HubClient;
