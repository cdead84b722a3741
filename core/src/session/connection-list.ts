import type { EventOrigin, Milliseconds } from "../capture-event.ts";
import type { ConnectionKind } from "../wire/classic/envelope.ts";
import type { ByteLength } from "../wire/payload.ts";
import { type CircuitSteps, createCircuitSteps } from "./circuit-steps.ts";
import { type ClassicPairing, createClassicPairing } from "./classic-pairing.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import type { InvocationList } from "./invocation-list.ts";
import type { Connection, ConnectionId, ConnectionState, ProtocolName } from "./model.ts";
import { createPairing, type Pairing } from "./pairing.ts";
import type { KeptPayload } from "./payload-journal.ts";
import type { PayloadReader } from "./payload-reader.ts";
import { createSequenceNumbers, type SequenceNumbers } from "./sequence-numbers.ts";

/** What the session needs to know of a connection beyond what it shows. */
export interface ConnectionTrack {
  readonly id: ConnectionId;
  /** What is shown, but for the counts; `ConnectionList.views` has both. */
  view: Connection;
  /** Apart, because every message changes them, and a view is only made when someone looks. */
  readonly counts: ConnectionCounts;
  pairing: Pairing;
  numbers: SequenceNumbers;
  delivery: Delivery;
  readonly classic: ClassicTrack;
  /** What is known of its payloads, in wire order, so that they can be decoded otherwise. */
  readonly payloads: KeptPayload[];
  /** By socket; all exchanges of a connection over HTTP share one. */
  readonly readers: Map<string, PayloadReader>;
  circuit: CircuitSteps;
  /** The user has said what the payloads are. */
  chosen?: ProtocolName;
  /** Entries in the log that speak of it. */
  entries: number;
  /** When the handshake was answered for the first time, or the first message of a connection joined late. */
  connectedAt?: Milliseconds;
  resumes: number;
  /** A Close message went by; from then on a lost socket is not resumed. */
  closing: boolean;
  closeError?: string;
}

/** What only classic SignalR knows. */
export interface ClassicTrack {
  pairing: ClassicPairing;
  /** Without hubs, what looks like a call is the application's own data. */
  kind: ConnectionKind;
  /** What negotiate answered, while the user has the payloads decoded otherwise. */
  resolvedVersion: string | undefined;
  reconnects: number;
  /** Messages came over HTTP: what these are is certain, and they are not kept to be decoded otherwise. */
  hasExchanges: boolean;
  /** The server goes away: what closes after this is expected to come back. */
  isToldToReconnect: boolean;
  isDismissed: boolean;
  /** The client has asked for the end. */
  isAborted: boolean;
}

export interface ConnectionCounts {
  messagesOut: number;
  messagesIn: number;
  bytesOut: ByteLength;
  bytesIn: ByteLength;
  errors: number;
}

export interface ConnectionFacts {
  readonly url: string;
  readonly hubPath: string;
  readonly origin?: EventOrigin;
  readonly state: ConnectionState;
  readonly startedAt: Milliseconds;
}

export interface ConnectionList {
  /** Up to date when it is asked for. */
  views(): readonly Connection[];
  /** The view of one, up to date. */
  view(id: ConnectionId): Connection | undefined;
  create(facts: ConnectionFacts): ConnectionTrack;
  /** Forgets what its messages have taught, before they are decoded anew. Its counts are left to the caller. */
  restart(track: ConnectionTrack): void;
  find(id: ConnectionId): ConnectionTrack | undefined;
  change(track: ConnectionTrack, change: Partial<Connection>): void;
  /** The server has said how long the client's token is good for, or has taken one without saying so. */
  authenticate(track: ConnectionTrack, tokenLifetimeSeconds: number | undefined, since: Milliseconds): void;
  /** The counts of this connection have changed. */
  touch(track: ConnectionTrack): void;
  /** Negotiated: the token is certain. Otherwise it is the `id=` of a socket that nobody negotiated. */
  nameToken(track: ConnectionTrack, token: string, negotiated: boolean): void;
  byToken(token: string): { readonly track: ConnectionTrack; readonly negotiated: boolean } | undefined;
  remove(tracks: ReadonlySet<ConnectionTrack>): void;
  all(): Iterable<ConnectionTrack>;
}

export function createConnectionList(invocations: InvocationList): ConnectionList {
  const views: Connection[] = [];
  const tracks = new Map<ConnectionId, ConnectionTrack>();
  const positions = new Map<ConnectionId, number>();
  const tokens = new Map<string, { track: ConnectionTrack; negotiated: boolean }>();
  const touched = new Set<ConnectionTrack>();
  let next = 1;

  const show = (track: ConnectionTrack): void => {
    const position = positions.get(track.id);
    if (position === undefined) return;
    track.view = { ...track.view, ...track.counts };
    views[position] = track.view;
  };

  const refresh = (): void => {
    for (const track of touched) show(track);
    touched.clear();
  };

  return {
    views() {
      refresh();
      return views;
    },
    view(id) {
      refresh();
      return tracks.get(id)?.view;
    },
    create(facts) {
      const id = `c${next++}`;
      const view: Connection = { ...facts, ...NO_COUNTS, id, statefulReconnect: false, sockets: [] };
      const track: ConnectionTrack = {
        id,
        view,
        counts: { ...NO_COUNTS },
        pairing: createPairing(id, invocations),
        numbers: createSequenceNumbers(),
        delivery: createDelivery(),
        classic: {
          pairing: createClassicPairing(id, invocations),
          kind: undefined,
          resolvedVersion: undefined,
          reconnects: 0,
          hasExchanges: false,
          isToldToReconnect: false,
          isDismissed: false,
          isAborted: false,
        },
        circuit: createCircuitSteps(),
        payloads: [],
        readers: new Map(),
        entries: 0,
        resumes: 0,
        closing: false,
      };
      tracks.set(id, track);
      positions.set(id, views.push(view) - 1);
      return track;
    },
    restart(track) {
      track.pairing = createPairing(track.id, invocations);
      track.numbers = createSequenceNumbers();
      track.delivery = createDelivery();
      track.circuit = createCircuitSteps();
      const { circuit: _, ...others } = track.view;
      track.view = others;
      touched.add(track);
      track.classic.pairing = createClassicPairing(track.id, invocations);
      track.readers.clear();
      track.closing = false;
      delete track.closeError;
    },
    find: (id) => tracks.get(id),
    change(track, change) {
      track.view = { ...track.view, ...change };
      touched.add(track);
    },
    authenticate(track, tokenLifetimeSeconds, since) {
      const { authentication: _, ...others } = track.view;
      const isKnown = tokenLifetimeSeconds !== undefined;
      track.view = isKnown ? { ...others, authentication: { tokenLifetimeSeconds, since } } : others;
      touched.add(track);
    },
    touch(track) {
      touched.add(track);
    },
    nameToken(track, token, negotiated) {
      if (negotiated || tokens.get(token)?.negotiated !== true) tokens.set(token, { track, negotiated });
    },
    byToken: (token) => tokens.get(token),
    remove(gone) {
      if (gone.size === 0) return;
      for (const [token, { track }] of tokens) if (gone.has(track)) tokens.delete(token);
      for (const track of gone) {
        tracks.delete(track.id);
        positions.delete(track.id);
        touched.delete(track);
      }
      let position = 0;
      for (const { view } of tracks.values()) {
        views[position] = view;
        positions.set(view.id, position++);
      }
      views.length = position;
    },
    all: () => tracks.values(),
  };
}

export const NO_COUNTS: ConnectionCounts = {
  messagesOut: 0,
  messagesIn: 0,
  bytesOut: 0,
  bytesIn: 0,
  errors: 0,
};

const ENDINGS: ReadonlySet<ConnectionState["kind"]> = new Set<ConnectionState["kind"]>([
  "closed",
  "ended",
  "left",
  "negotiate-failed",
  "handshake-failed",
]);

/** Nothing more will come of it, so far as anyone can tell. */
export function hasEnded({ state }: Connection): boolean {
  return ENDINGS.has(state.kind);
}
