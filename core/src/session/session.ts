import type { CaptureEvent } from "../capture-event.ts";
import type { ByteLength } from "../wire/payload.ts";
import type {
  Connection,
  ConnectionId,
  EntryNumber,
  Invocation,
  InvocationNumber,
  LogEntry,
  ProtocolName,
} from "./model.ts";

/** How much of the log a session keeps. The oldest entries are forgotten first; the newest is always kept. */
export interface SessionLimits {
  /** Most entries in the log. Default 200,000. */
  readonly entries?: number;
  /** Most bytes, as they were on the wire, that the entries of the log may stand for. Default 64 MiB. */
  readonly bytes?: ByteLength;
}

/** Limits of a session, and what else it shall do. */
export interface SessionOptions extends SessionLimits {
  /** Shows sockets and event streams that are not SignalR too, with the protocols `iris` and `plain`. Default false. */
  readonly otherSockets?: boolean;
}

/** What is no longer in the log because of the limits; starts again at `clear()`. */
export interface Forgotten {
  readonly entries: number;
  readonly bytes: ByteLength;
}

/** The model built from capture events. A fold: the same events give the same session. */
export interface Session {
  /** Never throws, whatever the event carries. */
  apply(event: CaptureEvent): void;
  /** Grows with every change, so that a view can tell whether to look again. */
  readonly revision: number;
  /** In order of first appearance; grows. One that has ended leaves with the last of its entries. */
  readonly connections: readonly Connection[];
  /** In order of arrival; grows at the end. `firstNumber` is the number of `log[0]`. */
  readonly log: readonly LogEntry[];
  readonly firstNumber: EntryNumber;
  readonly forgotten: Forgotten;
  connection(id: ConnectionId): Connection | undefined;
  entry(number: EntryNumber): LogEntry | undefined;
  invocation(number: InvocationNumber): Invocation | undefined;
  /**
   * Decodes what is still known of a connection's payloads anew, with this protocol in place of the one that was
   * guessed, named in the handshake or chosen before; what follows is decoded so too.
   *
   * The connection's messages stand where their payloads stood, with new pairing and counts. Numbers are never used
   * twice: every entry in the log gets a new one, in the old order, from the next free number on; `firstNumber` is
   * the first of these. Entries, invocations and counts of other connections say what they said before, with the new
   * numbers. False, and nothing has changed: the connection is not known, or cannot carry this protocol (what came
   * over HTTP is a hub protocol or is not; with classic SignalR also which).
   */
  redecode(connection: ConnectionId, protocol: ProtocolName): boolean;
  /**
   * Forgets the log and the connections that have ended. Those still alive stay, with their decoding state and open
   * invocations; their counts start again at 0. Numbers go on.
   */
  clear(): void;
}
