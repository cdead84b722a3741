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
  /**
   * The page sends `data` by this POST. Undefined: as it is. Else what it is to send in its place, by which it gets the
   * answer that its server gives: the tap sends later what it holds.
   */
  takesPost(post: PagePost, data: unknown): PostInPlace | undefined;
  /** The polls of the connection that has this address; undefined where nobody can act on it. */
  pollsAt(url: string): PagePolls | undefined;
  /** False: no connection of the page polls. */
  mayKeep(): boolean;
  /** As `pollsAt`, where the connection is known to poll. */
  keptAt(url: string): PagePolls | undefined;
  /**
   * The page ends the connection at this address, or may say in a POST that it will: what it had sent goes out before.
   * Undefined: it may now; else `go` is called once it may.
   */
  pageLeaves(url: string): ((go: () => void) => void) | undefined;
  pageSays(url: string, data: unknown): ((go: () => void) => void) | undefined;
}

export interface PostInPlace {
  readonly body: string | Uint8Array<ArrayBuffer> | Blob;
  /** What is recorded, in order: each by itself. */
  readonly parts: readonly { readonly payload: CopiedPayload; readonly act: PayloadAct | undefined }[];
}

/** The polls that a page makes by `fetch`, one after another, on one connection. */
export interface PagePolls {
  /** The next poll is answered without going to the wire. */
  readonly serves: boolean;
  served(poll: PagePoll): Promise<Response>;
  /** The poll has gone to the wire. Undefined: it is not looked after here. */
  wired(poll: PagePoll, wire: WirePoll): Promise<Response> | undefined;
}

export interface PagePoll {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: RequestCredentials;
  readonly signal: AbortSignal | undefined;
  /** Begins the recording of a poll like this one. */
  record(act?: PayloadAct): WireRecording;
  /** Goes to the wire, as the page made it. */
  send(): WirePoll;
}

export interface WirePoll {
  readonly answer: Promise<Response>;
  readonly recording: WireRecording;
  /** Status and headers are recorded, and the body where the page reads it. */
  arrived(response: Response): void;
}

export interface WireRecording {
  responded(status: number): void;
  piece(payload: CopiedPayload, facts?: { readonly act?: PayloadAct }): void;
  ended(): void;
  cancelled(): void;
  failed(error: unknown, act?: TransportAct): void;
  readonly isOver: boolean;
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
