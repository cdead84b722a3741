import type { EventOrigin, Milliseconds } from "../capture-event.ts";
import type { InvocationList } from "./invocation-list.ts";
import type { Connection, ConnectionId, ConnectionState } from "./model.ts";
import { createPairing, type Pairing } from "./pairing.ts";
import { createSequenceNumbers, type SequenceNumbers } from "./sequence-numbers.ts";

/** What the session needs to know of a connection beyond what it shows. */
export interface ConnectionTrack {
  readonly id: ConnectionId;
  view: Connection;
  readonly pairing: Pairing;
  readonly numbers: SequenceNumbers;
  /** Entries in the log that speak of it. */
  entries: number;
  /** When the handshake was answered for the first time, or the first message of a connection joined late. */
  connectedAt?: Milliseconds;
  resumes: number;
  /** A Close message went by; from then on a lost socket is not resumed. */
  closing: boolean;
  closeError?: string;
}

export interface ConnectionFacts {
  readonly url: string;
  readonly hubPath: string;
  readonly origin?: EventOrigin;
  readonly state: ConnectionState;
  readonly startedAt: Milliseconds;
}

export interface ConnectionList {
  readonly views: readonly Connection[];
  create(facts: ConnectionFacts): ConnectionTrack;
  find(id: ConnectionId): ConnectionTrack | undefined;
  change(track: ConnectionTrack, change: Partial<Connection>): void;
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
  let next = 1;

  return {
    views,
    create(facts) {
      const id = `c${next++}`;
      const view: Connection = { ...facts, ...NOTHING_YET, id };
      const track: ConnectionTrack = {
        id,
        view,
        pairing: createPairing(id, invocations),
        numbers: createSequenceNumbers(),
        entries: 0,
        resumes: 0,
        closing: false,
      };
      tracks.set(id, track);
      positions.set(id, views.push(view) - 1);
      return track;
    },
    find: (id) => tracks.get(id),
    change(track, change) {
      track.view = { ...track.view, ...change };
      const position = positions.get(track.id);
      if (position !== undefined) views[position] = track.view;
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

const NOTHING_YET = {
  statefulReconnect: false,
  sockets: [],
  messagesOut: 0,
  messagesIn: 0,
  bytesOut: 0,
  bytesIn: 0,
  errors: 0,
} as const;

/** Nothing more will come of it, so far as anyone can tell. */
export function hasEnded({ state }: Connection): boolean {
  return state.kind === "closed" || state.kind === "negotiate-failed" || state.kind === "handshake-failed";
}
