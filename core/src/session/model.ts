/**
 * What a session knows. All of it is derived from capture events; readers get plain readonly data.
 * Objects are replaced, never mutated, when what they say changes, except that the arrays named "grows" grow.
 *
 * @module
 */
import type {
  EventOrigin,
  ExchangeId,
  Milliseconds,
  PayloadAct,
  SocketId,
  TransportAct,
} from "../capture-event.ts";
import type { ClassicMessage } from "../wire/classic/message.ts";
import type { DecodeIssue } from "../wire/decode-issue.ts";
import type { DecodedRecord, HubProtocolName, RawRecord } from "../wire/hub-codec.ts";
import type { HubMessage, UndecodableMessage } from "../wire/hub-message.ts";
import type { IrisMessage } from "../wire/iris/message.ts";
import type { ByteLength, Direction } from "../wire/payload.ts";
import type { PlainMessage } from "../wire/plain/message.ts";
import type { CircuitState, CircuitStep } from "./circuit.ts";

/** Names a connection within a session; ours, not the one that negotiate gave. */
export type ConnectionId = string;

/** Position in the session's log, from 1, never reused; stays when older entries are forgotten. */
export type EntryNumber = number;

/** Number of an invocation in the session, from 1. */
export type InvocationNumber = number;

/** "ForeverFrame" is classic SignalR's alone. */
export type Transport = "WebSockets" | "ServerSentEvents" | "LongPolling" | "ForeverFrame";

/**
 * What the payloads of a connection speak: a hub protocol of ASP.NET Core, classic ASP.NET SignalR, or, in a session
 * that shows other sockets too, iris or no protocol at all.
 */
export type ProtocolName = HubProtocolName | "classic" | "iris" | "plain";

/** One SignalR connection: negotiate and one or more transports in turn. */
export interface Connection {
  readonly id: ConnectionId;
  /** Path of the hub's URL, without query: `/hubs/trading`. */
  readonly hubPath: string;
  /** URL of the hub as the client used it, without the connection token. */
  readonly url: string;
  readonly origin?: EventOrigin;
  readonly state: ConnectionState;
  readonly transport?: Transport;
  readonly protocol?: ConnectionProtocol;
  /** Public connection ID from negotiate. */
  readonly connectionId?: string;
  /** Secret: never shown, needed to pair sockets with their negotiate. */
  readonly connectionToken?: string;
  readonly statefulReconnect: boolean;
  readonly startedAt: Milliseconds;
  readonly sockets: readonly SocketId[];
  /** Hub messages since the connection began or the session was cleared, handshake included. */
  readonly messagesOut: number;
  readonly messagesIn: number;
  readonly bytesOut: ByteLength;
  readonly bytesIn: ByteLength;
  readonly errors: number;
  /** Blazor Server: where the circuit that it carries is in its life. */
  readonly circuit?: CircuitState;
  /** .NET 11: absent where the server has not said how long the client's token is good for. */
  readonly authentication?: ConnectionAuthentication;
}

/** How long the token of a client is good for, as negotiate or the last refresh said. */
export interface ConnectionAuthentication {
  readonly tokenLifetimeSeconds: number;
  /** When the server said so. */
  readonly since: Milliseconds;
}

/** The hub protocol of a connection, and how it is known. */
export interface ConnectionProtocol {
  readonly name: ProtocolName;
  /** The name in the handshake, where its letter case is another. */
  readonly announced?: string;
  /** From the handshake; absent where no handshake was seen. */
  readonly version?: number;
  /** Classic SignalR: the `ProtocolVersion` that the server answered, "1.2" to "2.1". */
  readonly resolvedVersion?: string;
  /** True where no handshake was seen and the payloads look like this protocol. */
  readonly guessed: boolean;
  /** The user said so; see {@link Session.redecode}. */
  readonly chosen?: true;
}

/** Where a connection is in its life. Told apart by `kind`. */
export type ConnectionState =
  /** Negotiate has been sent, nothing has answered yet. */
  | { readonly kind: "negotiating" }
  /** Negotiate failed: HTTP error, network error, `error` in the answer, or no SignalR answer. */
  | {
      readonly kind: "negotiate-failed";
      readonly status?: number;
      readonly reason: string;
      readonly act?: TransportAct;
    }
  /** Negotiated, no transport seen yet. */
  | { readonly kind: "negotiated" }
  /** The transport is being opened. */
  | { readonly kind: "opening" }
  /** The transport is open, the handshake is not answered yet. */
  | { readonly kind: "handshaking" }
  | { readonly kind: "handshake-failed"; readonly error: string }
  | { readonly kind: "connected"; readonly since: Milliseconds }
  /** The socket broke; stateful reconnect may resume it. */
  | { readonly kind: "interrupted"; readonly code: number }
  /** Classic SignalR: its channel broke, or the server said that it goes away; the client may come back with its token. */
  | { readonly kind: "reconnecting" }
  | {
      readonly kind: "closed";
      readonly code: number;
      readonly reason: string;
      readonly wasClean: boolean;
      readonly error?: string;
      readonly act?: TransportAct;
      /** It never opened; why, browsers tell nobody. */
      readonly isUnopened?: true;
    }
  /** A connection over HTTP has come to its end; `error` is that of a Close message, if there was one. */
  | {
      readonly kind: "ended";
      readonly how: HttpEnding;
      readonly status?: number;
      readonly error?: string;
      readonly act?: TransportAct;
    }
  /** Its document went away with the connection open: the page was left, or the frame was removed. */
  | {
      readonly kind: "left";
      /** The document is still there: the recording of it has ended. */
      readonly isUnrecorded?: true;
      /** It may go on without its document, as a service worker's does; nothing shows it any more. */
      readonly isOutOfSight?: true;
    };

/** How a connection over HTTP came to its end. */
export type HttpEnding =
  /** The event stream ended; who ended it is not known. */
  | "stream-ended"
  /** The client closed the event stream. */
  | "stream-closed"
  /** The event stream broke. */
  | "stream-broken"
  /** A poll was answered with 204: the connection is over. */
  | "poll-over"
  /** A poll broke, and no other followed. */
  | "poll-broken"
  /** The event stream or a poll was answered with an error status. */
  | "refused"
  /** The client sent DELETE; with classic SignalR, abort. */
  | "deleted"
  /** Classic SignalR before 2.1: the server told the client to disconnect. */
  | "dismissed";

/** What carried a message: a WebSocket, or one HTTP exchange of another transport. */
export type Carrier = { readonly socket: SocketId } | { readonly exchange: ExchangeId };

/** Why the server's parser cannot have seen a message, as far as the wire shows it. */
export type Undelivered =
  /** The POST that carried it was answered with an error. */
  | "refused"
  /** It was sent after the server had said Close. */
  | "after-close"
  /** What the client had sent before ended the connection: a message that the server cannot parse, a refused handshake. */
  | "after-fault"
  /** It is over the server's default limit for messages, and the server closed with an error instead of answering. */
  | "too-large"
  /** It is behind a message of unknown type, and nothing behind that was ever answered. */
  | "stalled";

/** A line of the log: a hub message, or something that happened to a connection or to the recording. */
export type LogEntry = MessageEntry | ConnectionEntry | SourceEntry;

/** What a record says, in the words of its protocol. Told apart by `kind`. */
export type SessionMessage = HubMessage | ClassicMessage | IrisMessage | PlainMessage;

/** A record that is no hub message of ASP.NET Core: what one WebSocket message, event, script or body said. */
export interface ProtocolRecord {
  readonly message: ClassicMessage | IrisMessage | PlainMessage | UndecodableMessage;
  readonly issues: readonly DecodeIssue[];
  readonly direction: Direction;
  readonly raw: RawRecord;
  readonly size: ByteLength;
}

/** A record of any protocol that a session reads; those of ASP.NET Core keep the raw record. */
export type SessionRecord = DecodedRecord | ProtocolRecord;

/** One message. */
export interface MessageEntry {
  readonly kind: "message";
  readonly number: EntryNumber;
  readonly at: Milliseconds;
  readonly connection: ConnectionId;
  readonly carrier: Carrier;
  readonly direction: Direction;
  /** Bytes on the wire, framing included. */
  readonly size: ByteLength;
  readonly record: SessionRecord;
  /** The invocation that this message opens, feeds, cancels or completes; the first where there are several. */
  readonly invocation?: InvocationNumber;
  /** Only where there are several: an envelope of classic SignalR carries any number of calls and progress items. */
  readonly invocations?: readonly InvocationNumber[];
  /**
   * Own target, or the one of the invocation that it belongs to. Classic SignalR: `hub.method`, all of an envelope
   * with commas between them. iris: the event.
   */
  readonly target?: string;
  /** Stateful reconnect: number of this counted message in its direction, from 1. */
  readonly sequence?: number;
  /** Stateful reconnect: a copy of a counted message that was seen before. */
  readonly resend: boolean;
  /**
   * What Hubscope did with it at the user's command. "dropped": the other side never got it, so it opens an invocation
   * (whose caller waits), but feeds, cancels and completes none; one that it belongs to has it among its entries, and
   * goes on as its caller sees it. "sent" and "simulated" have no `sequence`: only one end has counted them.
   */
  readonly act?: PayloadAct;
  /** `record` and `size` are those of a text that was written anew of what the page has read; see {@link HttpResponseBody}. */
  readonly isRewritten?: true;
  /** It was sent, but the server's parser never saw it. */
  readonly undelivered?: Undelivered;
  /** Blazor Server: what it means for the circuit. */
  readonly circuit?: CircuitStep;
  /** The message is an error: failed completion, close with error, failed handshake, or a record with a fatal issue. */
  readonly isError: boolean;
}

/** Something happened to a connection that is no hub message. */
export interface ConnectionEntry {
  readonly kind: "connection";
  readonly number: EntryNumber;
  readonly at: Milliseconds;
  readonly connection: ConnectionId;
  readonly happening: ConnectionHappening;
  /** Its body and size are those of a text that was written anew; see {@link HttpResponseBody}. */
  readonly isRewritten?: true;
  readonly isError: boolean;
}

/** What happened to a connection. Durations are milliseconds. */
export type ConnectionHappening =
  | {
      readonly kind: "negotiate";
      readonly exchange: ExchangeId;
      readonly status: number;
      readonly version?: number;
      /** Classic SignalR's version. */
      readonly resolvedVersion?: string;
      readonly transports: readonly string[];
      readonly statefulReconnect: boolean;
      /** .NET 11, where authentication can be refreshed. */
      readonly tokenLifetimeSeconds?: number;
      readonly size: ByteLength;
      readonly duration: Milliseconds;
      readonly body: string;
    }
  | {
      readonly kind: "negotiate-failed";
      readonly exchange: ExchangeId;
      readonly status?: number;
      readonly reason: string;
      readonly duration: Milliseconds;
      readonly body?: string;
      readonly act?: TransportAct;
    }
  /** .NET 11: the client renewed its authentication. */
  | {
      readonly kind: "refresh";
      readonly exchange: ExchangeId;
      readonly status: number;
      /** Absent where the server does not say. */
      readonly tokenLifetimeSeconds?: number;
      readonly size: ByteLength;
      readonly duration: Milliseconds;
      readonly body?: string;
    }
  /** .NET 11: it could not. The connection goes on with the token that it has. */
  | {
      readonly kind: "refresh-failed";
      readonly exchange: ExchangeId;
      readonly status?: number;
      /** The code of the server: one of `REFRESH_ERRORS` of the wire, or one that we do not know. */
      readonly error?: string;
      readonly description?: string;
      /** Where the server gave no code: HTTP error, network error, or another answer. */
      readonly reason?: string;
      readonly size: ByteLength;
      readonly duration: Milliseconds;
      readonly body?: string;
    }
  | { readonly kind: "opened"; readonly carrier: Carrier; readonly duration: Milliseconds }
  /** Stateful reconnect went on over another socket; `ordinal` is 1 for the first time. */
  | { readonly kind: "resumed"; readonly socket: SocketId; readonly ordinal: number }
  /** Classic SignalR: the client came back with its token, by this channel; `ordinal` is 1 for the first time. */
  | { readonly kind: "reconnected"; readonly carrier: Carrier; readonly ordinal: number }
  /** Classic SignalR: a request that carries no message. "send" only where it failed. */
  | {
      readonly kind: "request";
      readonly action: "start" | "ping" | "abort" | "send" | "connect" | "reconnect" | "poll";
      readonly exchange: ExchangeId;
      /** Absent where none came. */
      readonly status?: number;
      readonly duration: Milliseconds;
      readonly body?: string;
    }
  | {
      readonly kind: "closed";
      readonly socket: SocketId;
      readonly code: number;
      readonly reason: string;
      readonly wasClean: boolean;
      readonly act?: TransportAct;
      /** It never opened. */
      readonly isUnopened?: true;
    }
  | {
      readonly kind: "ended";
      readonly exchange: ExchangeId;
      readonly how: HttpEnding;
      readonly status?: number;
      readonly act?: TransportAct;
    }
  /** The document went away with the connection open. */
  | { readonly kind: "left"; readonly isUnrecorded?: true; readonly isOutOfSight?: true }
  | { readonly kind: "joined-late"; readonly socket: SocketId }
  /** An empty payload. Every other one is, or becomes, messages. */
  | {
      readonly kind: "payload";
      readonly carrier: Carrier;
      readonly direction: Direction;
      readonly text?: string;
      readonly bytes?: Uint8Array;
      readonly omitted?: string;
      readonly size: ByteLength;
    };

/** Something happened to the recording itself. */
export interface SourceEntry {
  readonly kind: "source";
  readonly number: EntryNumber;
  readonly at: Milliseconds;
  readonly happening:
    | {
        readonly kind: "dropped";
        readonly count: number;
        readonly bytes: ByteLength;
        readonly reason: "buffer-full" | "not-delivered";
        readonly limit?: string;
      }
    | { readonly kind: "navigated"; readonly url: string };
  readonly isError: boolean;
}

/** A message and all that answers it. */
export interface Invocation {
  readonly number: InvocationNumber;
  readonly connection: ConnectionId;
  /** "out": the client calls, the server answers. "in": the server asks the client for a result. */
  readonly direction: Direction;
  readonly kind: "call" | "send" | "stream";
  readonly invocationId?: string;
  readonly target: string;
  readonly state: InvocationState;
  readonly startedAt: Milliseconds;
  /** The entry that opened it, every item (uploads included), cancel and completion, in wire order; grows. */
  readonly entries: readonly EntryNumber[];
  /** Stream items from the callee. */
  readonly items: number;
  readonly streamIds?: readonly string[];
  /** From the opening message to the first item; streams only. */
  readonly firstItemAfter?: Milliseconds;
  /** From the opening message to the completion. */
  readonly latency?: Milliseconds;
}

/** How far an invocation has come. "sent" never gets an answer, because the caller wants none. */
export type InvocationState =
  | { readonly kind: "sent" }
  | { readonly kind: "open" }
  | { readonly kind: "completed"; readonly completion: EntryNumber }
  | { readonly kind: "failed"; readonly completion: EntryNumber; readonly error: string }
  | { readonly kind: "cancelled"; readonly completion?: EntryNumber }
  /** The connection ended before the completion. */
  | { readonly kind: "lost" };
