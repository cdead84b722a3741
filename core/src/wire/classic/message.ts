/**
 * The messages of classic ASP.NET SignalR (0.5 to 2.4.3): what one WebSocket message, one event, one script, one
 * poll answer or one send exchange says. Member letters as on the wire stand in brackets.
 *
 * @module
 */
import { JsonNumber, type WireValue } from "../hub-message.ts";
import type { Cursor } from "./cursor.ts";

/** Every message, told apart by `kind`; no kind is one of ASP.NET Core's. */
export type ClassicMessage =
  | HubCall
  | HubResult
  | HubError
  | Envelope
  | KeepAlive
  | ConnectionError
  | PersistentData
  | StreamInitialised
  | FrameInitialised;

interface WithLongNames {
  /** 0.5.x: the members were written in full, `hub`, `MessageId`, `Result` and so on. */
  readonly hasLongNames?: true;
}

interface WithExtra {
  /** Members that the message does not have in any version, and those whose values do not fit, under their own names. */
  readonly extra?: WireValue;
}

/** Client to server: one call of a hub method. */
export interface HubCall extends WithExtra, WithLongNames {
  readonly kind: "hub-call";
  /** [H] As the client spelled it; the server compares without case. */
  readonly hub: string;
  /** [M] Likewise. */
  readonly method: string;
  /** [A] Absent where the record has none or null, which the server takes for no arguments. */
  readonly arguments?: readonly WireValue[];
  /** [I] A number from the JavaScript client, a string from the .NET client. Unique within one socket only. */
  readonly id?: WireValue;
  /** [S] The whole state of the hub proxy; 4096 characters at most. */
  readonly state?: WireValue;
}

/** Server to client: a call has succeeded. On every transport but WebSockets the body of the call's own send request. */
export interface HubResult extends WithExtra, WithLongNames {
  readonly kind: "hub-result";
  /** [I] Always a string or null from Microsoft's servers. */
  readonly id: WireValue;
  /** [R] Absent for void and for a null reference; null where the method returned a JSON null. */
  readonly result?: WireValue;
  /** [S] The members of the state that the method set. */
  readonly state?: WireValue;
}

/** Server to client: a call has failed. Present is failed, also with an empty text. */
export interface HubError extends WithExtra, WithLongNames {
  readonly kind: "hub-error";
  /** [I] */
  readonly id: WireValue;
  /** [E] */
  readonly error: string;
  /** [H] The method threw a HubException, whose text passes whatever the server's settings. */
  readonly isHubException: boolean;
  /** [D] Of a HubException. */
  readonly data?: WireValue;
  /** [T] Detailed errors, and the host in development mode. */
  readonly stackTrace?: string;
  /** [S] */
  readonly state?: WireValue;
}

/** Server to client: what the receive channel carries. */
export interface Envelope extends WithExtra, WithLongNames {
  readonly kind: "envelope";
  /** [C] Goes back as `messageId` on reconnect and poll. A number from some third-party servers. */
  readonly messageId?: WireValue;
  /** `messageId` read; absent where it is no cursor. */
  readonly cursor?: Cursor;
  /** [S] Present is initialised, whatever the value: 1 from Microsoft's servers. */
  readonly initialised?: WireValue;
  /** [D] Present and 1: the server tells the client to disconnect. 1.0 to 2.0.3 only. */
  readonly disconnect?: WireValue;
  /** [T] Present: reconnect, because the host shuts down. In 1.0 and 1.1 it meant timed out. */
  readonly reconnect?: WireValue;
  /** [G] A secret: the complete membership, where it changed. */
  readonly groupsToken?: WireValue;
  /** [L] Milliseconds before the next poll. */
  readonly longPollDelay?: WireValue;
  /** [M] In order. After a reconnect in the order of the topics, not of time. */
  readonly messages: readonly EnvelopeItem[];
}

/** What the list of an envelope holds. */
export type EnvelopeItem = ClientInvocation | Progress | EnvelopeData;

/** A hub calls a method of the client. */
export interface ClientInvocation extends WithExtra {
  readonly kind: "client-invocation";
  /** [H] As the server spells it; clients compare without case. */
  readonly hub: string;
  /** [M] */
  readonly method: string;
  /** [A] Absent where the item has none or null. */
  readonly arguments?: readonly WireValue[];
  /** [S] */
  readonly state?: WireValue;
}

/** Progress of a call that has not ended yet (2.1 and later). */
export interface Progress extends WithExtra {
  readonly kind: "progress";
  /** [P.I] Of the call. */
  readonly id: WireValue;
  /** [P.D] */
  readonly data: WireValue;
  /** [I] `P|` and the call's ID: no call has it, so that old clients skip the item. */
  readonly decoyId?: WireValue;
  /** [S] */
  readonly state?: WireValue;
}

/** Whatever a persistent connection sends. */
export interface EnvelopeData {
  readonly kind: "data";
  readonly value: WireValue;
}

/** Server to client: `{}`. On long polling it is a space before the answer instead. */
export interface KeepAlive {
  readonly kind: "keep-alive";
}

/** Server to client: an error of the connection, [E] without [I]. The client stops. Only the Azure service sends it. */
export interface ConnectionError extends WithExtra {
  readonly kind: "connection-error";
  readonly error: string;
}

/** Client to server on a connection without hubs: the application's own text. */
export interface PersistentData {
  readonly kind: "persistent-data";
  readonly text: string;
}

/** First event of Server-Sent Events: the text `initialized`. */
export interface StreamInitialised {
  readonly kind: "stream-initialised";
}

/** First script of a forever frame. */
export interface FrameInitialised {
  readonly kind: "frame-initialised";
  /** The `frameId` of the request, as the server read it. */
  readonly frameId: string;
}

/**
 * IDs are compared as the text that the server gives back: 7 is "7", true is "true". Undefined for null, for none and
 * for what no server takes for one.
 */
export function idText(id: WireValue): string | undefined {
  if (id === undefined || id === null) return undefined;
  if (id instanceof JsonNumber) return id.source;
  return typeof id === "object" ? undefined : String(id);
}
