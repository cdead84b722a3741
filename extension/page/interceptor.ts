/**
 * The seam between what watches the page's transports and what acts on them at the user's command. A watcher asks the
 * tap before the page or the wire gets something; while nothing is broken every answer is "no" at the cost of a call.
 *
 * @module
 */
import type { ExchangeId, PayloadAct, SocketId, TransportAct } from "../../core/src/capture-event.ts";
import type { Direction } from "../../core/src/wire/payload.ts";
import type { CopiedPayload } from "./copy-payload.ts";

export interface Interceptor {
  /**
   * An attempt to open a transport: true when it must fail as if nobody listened. Asked once for each attempt. `isKnown`:
   * the page negotiated this address; what else is SignalR's, the panel may know from before.
   */
  refuses(url: string, isKnown: boolean): boolean;
  /** A socket is being watched. */
  tapSocket(id: SocketId, socket: WebSocket, recording: CarrierRecording): CarrierTap;
  /**
   * An EventSource is being watched. What its events say is reported without the format of the stream; `cut` is called
   * when it is closed at the user's command, which the page sees as an error.
   */
  tapStream(id: ExchangeId, source: EventSource, recording: CarrierRecording, cut: () => void): CarrierTap;
  /** An EventSource has just been made: true when it fails now, at the user's command. */
  failsStream(source: EventSource, isKnown: boolean): boolean;
  /** A request that receives (a poll, a stream) or sends: an id by which its connection can be told to send. */
  namesExchange(id: ExchangeId, url: string): void;
  /**
   * A POST of the page that carried messages: how the page sends where its transport cannot. Of classic SignalR every
   * request of a connection: each shows how the page would send.
   */
  pagePosts(post: PagePost): void;
}

export interface CarrierRecording {
  /** Records what the tap takes, sends or delivers itself. */
  readonly report: ReportPiece;
  /** False while nobody knows whether it is SignalR's: what is not recorded is not broken either. */
  readonly isRecorded: () => boolean;
}

export type ReportPiece = (direction: Direction, payload: CopiedPayload, act?: PayloadAct) => void;

export interface PagePost {
  /** In upper case. */
  readonly method: string;
  readonly url: string;
  /** As the page gave them, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: RequestCredentials;
}

export interface CarrierTap {
  /** The user has ended it. */
  readonly endedBy: TransportAct | undefined;
  /** The native event carries `data`. True: stop it; the tap reports what it holds and delivers it itself. */
  takesMessage(data: unknown): boolean;
  /** The page sends `data` while the socket is open. True: do not send; the tap reports and sends itself. */
  takesSend(data: unknown): boolean;
  /** The page closes: what it sent before is sent now. */
  pageCloses(): void;
  /** It has closed, and hears no more of what was on its way. */
  pageClosed(): void;
  /** The transport has closed: what the page must see in place of the native event; undefined for that itself. */
  takesClose(): CloseFacts | undefined;
  /** Nobody watches the transport any more. */
  leaves(): void;
}

export interface CloseFacts {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}
