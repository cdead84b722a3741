import type {
  EventOrigin,
  Milliseconds,
  SocketClosed,
  SocketId,
  SocketOpened,
  SocketOpening,
  SocketPayload,
} from "../capture-event.ts";
import { isBlazorUrl } from "../wire/blazorpack/detect.ts";
import { createConnectionDecoder } from "../wire/connection-decoder.ts";
import type { ConnectionTrack } from "./connection-list.ts";
import type { ConnectionFollower } from "./document-ends.ts";
import { hubPathOf, hubUrlOfSocket, queryValues } from "./hub-url.ts";
import type { ConnectionProtocol, ConnectionState } from "./model.ts";
import { isEmptyPayload, keepPayload } from "./payload-journal.ts";
import { createChosenReader, createHubReader, hubNameOf, type PayloadReader } from "./payload-reader.ts";
import { note, type SessionState } from "./session-state.ts";
import { connectionOfAttempt, isHubAttempt } from "./socket-attempts.ts";
import {
  beginsWithSequence,
  isHandshakePayload,
  recognise,
  showsHandshake,
  type Verdict,
} from "./socket-recognition.ts";

/** The WebSockets transport: which sockets are SignalR, which connection each belongs to, what they carry. */
export interface WebSockets extends ConnectionFollower {
  opening(event: SocketOpening): void;
  opened(event: SocketOpened): void;
  payload(event: SocketPayload): void;
  closed(event: SocketClosed): void;
  /** Negotiate was answered with this token: the connection of a socket that has been seen with it, if any. */
  claim(token: string): ConnectionTrack | undefined;
}

/** A socket that is no hub's, with all that has passed over it. */
export interface ForeignSocket {
  readonly id: SocketId;
  readonly url: string;
  readonly origin?: EventOrigin;
  readonly openingAt?: Milliseconds;
  openedAt?: Milliseconds;
}

interface Socket extends ForeignSocket {
  /** Absent while it is not known whether this is SignalR. */
  track?: ConnectionTrack;
  /** Its connection was up before: this socket goes on where another broke. */
  resumes: boolean;
  /** Payloads that came before it was known whether this is SignalR; undefined once it is known not to be. */
  held: SocketPayload[] | undefined;
}

/** Late events of sockets that are gone must not bring them back as sockets joined late. */
const MOST_REMEMBERED = 2000;

export interface WebSocketsOptions {
  /** The session shows sockets that are no SignalR too, so what a socket is gets decided as early as it can be. */
  readonly isEager: boolean;
  /** Takes over a socket that is not a hub's; its further events are not reported here. */
  readonly handOver: (
    socket: ForeignSocket,
    held: readonly SocketPayload[],
    verdict: Exclude<Verdict, "signalr" | "undecided">,
  ) => void;
}

export function createWebSockets(state: SessionState, { isEager, handOver }: WebSocketsOptions): WebSockets {
  const { connections } = state;
  const sockets = new Map<SocketId, Socket>();
  const gone = new Set<SocketId>();

  const attach = (socket: Socket, track: ConnectionTrack): void => {
    socket.track = track;
    connections.change(track, {
      transport: "WebSockets",
      sockets: [...track.view.sockets, socket.id],
      ...(track.connectedAt === undefined && { state: { kind: "opening" } }),
    });
    if (socket.openedAt !== undefined) open(socket, track, socket.openedAt);
  };

  const open = (socket: Socket, track: ConnectionTrack, at: Milliseconds): void => {
    if (track.connectedAt !== undefined && track.view.statefulReconnect) {
      resume(socket, track, at);
      return;
    }
    connections.change(track, { state: { kind: "handshaking" } });
    const duration = at - (socket.openingAt ?? at);
    note(state, track, { at, happening: { kind: "opened", carrier: { socket: socket.id }, duration } });
  };

  const resume = (socket: Socket, track: ConnectionTrack, at: Milliseconds): void => {
    socket.resumes = true;
    track.resumes++;
    track.closing = false;
    connections.change(track, {
      statefulReconnect: true,
      state: { kind: "connected", since: track.connectedAt ?? at },
    });
    note(state, track, { at, happening: { kind: "resumed", socket: socket.id, ordinal: track.resumes } });
  };

  /** The connection that a socket without a negotiated token belongs to, once it is known to be SignalR. */
  const connectionOf = (socket: Socket, held: readonly SocketPayload[]): ConnectionTrack => {
    const [first] = held;
    const [token] = queryValues(socket.url, "id");
    const earlier = token === undefined ? undefined : connections.byToken(token)?.track;
    const url = hubUrlOfSocket(socket.url, undefined);
    if (earlier !== undefined && earlier.view.url === url && first !== undefined) {
      const name = hubNameOf(earlier.view.protocol);
      if (name !== undefined && beginsWithSequence(first, name)) return earlier;
    }
    const track = connections.create({
      url,
      hubPath: hubPathOf(url),
      state: { kind: "opening" },
      startedAt: socket.openingAt ?? first?.at ?? 0,
      ...(socket.origin && { origin: socket.origin }),
    });
    if (token !== undefined) connections.nameToken(track, token, false);
    // Only a socket that resumes another begins so: its counted messages have numbers.
    const isResumed =
      first !== undefined &&
      (["json", "messagepack"] as const).some((name) => beginsWithSequence(first, name));
    if (isResumed) connections.change(track, { statefulReconnect: true });
    return track;
  };

  const join = (socket: Socket, track: ConnectionTrack): void => {
    const held = socket.held ?? [];
    socket.held = [];
    attach(socket, track);
    const [first] = held;
    if (first !== undefined && !socket.resumes && !showsHandshake(held)) {
      note(state, track, { at: first.at, happening: { kind: "joined-late", socket: socket.id } });
    }
    for (const event of held) feed(socket, track, event);
  };

  const readerFor = (socket: Socket, track: ConnectionTrack, event: SocketPayload): PayloadReader => {
    const isHandshake = isHandshakePayload(event);
    const goesOn = track.connectedAt !== undefined && !isHandshake;
    if (track.chosen !== undefined) {
      if (goesOn && track.view.statefulReconnect && !socket.resumes) resume(socket, track, event.at);
      return createChosenReader(state, track, track.chosen, { resumed: !isHandshake, overHttp: false });
    }
    const protocol = hubNameOf(track.view.protocol);
    if (!goesOn || protocol === undefined) {
      const decoder = createConnectionDecoder({ isBlazorAddress: isBlazorUrl(track.view.url) });
      return createHubReader(state, track, decoder);
    }
    if (!socket.resumes) resume(socket, track, event.at);
    return createHubReader(state, track, createConnectionDecoder({ protocol, resumed: true }));
  };

  const feed = (socket: Socket, track: ConnectionTrack, event: SocketPayload): void => {
    const { at, direction, payload, act } = event;
    const carrier = { socket: socket.id } as const;
    const reader = track.readers.get(socket.id) ?? readerFor(socket, track, event);
    track.readers.set(socket.id, reader);
    keepPayload(state, track, { at, carrier, direction, payload, act });
    const records = reader.decode(direction, payload);
    learnProtocol(track, reader.protocol);
    if (track.connectedAt === undefined) assumeGrant(socket, track);
    for (const record of records) reader.log(record, { at, carrier, act });
    if (records.length > 0 || !isEmptyPayload(payload)) return;
    note(state, track, { at, happening: { kind: "payload", carrier, direction, size: 0 } });
  };

  const learnProtocol = (track: ConnectionTrack, seen: ConnectionProtocol | undefined): void => {
    const known = track.view.protocol;
    if (track.chosen !== undefined) return;
    if (seen === undefined || (known !== undefined && !known.guessed && seen.version === undefined)) return;
    if (known?.name === seen.name && known.version === seen.version && known.guessed === seen.guessed) return;
    connections.change(track, { protocol: seen });
  };

  /**
   * Clients ask for version 2 only where stateful reconnect was granted. Where nobody saw the negotiate, that and an
   * `id=` in the URL tell.
   */
  const assumeGrant = (socket: Socket, track: ConnectionTrack): void => {
    const { protocol, connectionToken, statefulReconnect } = track.view;
    if (statefulReconnect || connectionToken !== undefined || protocol?.version !== 2) return;
    if (queryValues(socket.url, "id").length > 0) connections.change(track, { statefulReconnect: true });
  };

  const end = (socket: Socket, track: ConnectionTrack, event: SocketClosed): void => {
    const { at, code, reason, wasClean, act } = event;
    const reader = track.readers.get(socket.id);
    for (const record of reader?.end() ?? []) reader?.log(record, { at, carrier: { socket: socket.id } });
    const hasSpoken = reader !== undefined;
    track.readers.delete(socket.id);
    const isUnopened = socket.openingAt !== undefined && socket.openedAt === undefined && !hasSpoken;
    const isError = isUnopened || !wasClean || !HEALTHY_CODES.has(code);
    note(state, track, {
      at,
      isError,
      happening: {
        kind: "closed",
        socket: socket.id,
        code,
        reason,
        wasClean,
        ...(act && { act }),
        ...(isUnopened && { isUnopened }),
      },
    });
    // A broken socket may be noticed only after another has taken over.
    if (track.view.sockets.at(-1) !== socket.id) return;
    const wasUp = socket.openedAt !== undefined || hasSpoken;
    const closed = stateAfterClose(track, event, wasUp);
    const next: ConnectionState = closed.kind === "closed" && isUnopened ? { ...closed, isUnopened } : closed;
    connections.change(track, { state: next });
    track.classic.pairing.end();
    if (next.kind !== "interrupted") track.pairing.end(track.view.statefulReconnect);
  };

  const leave = (
    socket: Socket,
    held: readonly SocketPayload[],
    verdict: Parameters<typeof handOver>[2],
  ): void => {
    // An "other" socket stays known while nobody takes it: a negotiate may still name its token.
    if (verdict === "iris" && !isEager) {
      socket.held = undefined;
      return;
    }
    sockets.delete(socket.id);
    handOver(socket, held, verdict);
  };

  const forget = (id: SocketId): void => {
    sockets.delete(id);
    gone.add(id);
    if (gone.size <= MOST_REMEMBERED) return;
    const oldest = gone.values().next();
    if (oldest.done !== true) gone.delete(oldest.value);
  };

  return {
    opening(event) {
      const { socket: id, url, at, origin } = event;
      if (sockets.has(id) || gone.has(id)) return;
      const socket: Socket = { id, url, openingAt: at, resumes: false, held: [], ...(origin && { origin }) };
      sockets.set(id, socket);
      const token = queryValues(url, "id").find((value) => connections.byToken(value)?.negotiated);
      const known = token === undefined ? undefined : connections.byToken(token);
      if (known !== undefined) attach(socket, known.track);
    },
    opened({ socket: id, at }) {
      const socket = sockets.get(id);
      if (socket === undefined || socket.openedAt !== undefined) return;
      socket.openedAt = at;
      if (socket.track !== undefined) open(socket, socket.track, at);
    },
    payload(event) {
      if (gone.has(event.socket)) return;
      const socket = sockets.get(event.socket) ?? {
        id: event.socket,
        url: "",
        resumes: false,
        held: [],
      };
      sockets.set(socket.id, socket);
      if (socket.track !== undefined) return feed(socket, socket.track, event);
      if (socket.held === undefined) return;
      socket.held.push(event);
      const { held } = socket;
      const isWhole = socket.openingAt !== undefined && queryValues(socket.url, "id").length === 0;
      const verdict = recognise(held, {
        isEager: isEager && isWhole,
        isUrlKnown: socket.openingAt !== undefined,
      });
      switch (verdict) {
        case "undecided":
          return;
        case "signalr":
          return join(socket, connectionOf(socket, held));
        case "other":
          socket.held = undefined;
          if (isEager) leave(socket, held, verdict);
          return;
        case "classic":
        case "iris":
          return leave(socket, held, verdict);
        default:
          verdict satisfies never;
      }
    },
    closed(event) {
      const socket = sockets.get(event.socket);
      if (socket === undefined) return;
      const { track, held } = socket;
      if (track === undefined && held?.length === 0 && isHubAttempt(connections, socket, event)) {
        forget(socket.id);
        const attempted = connectionOfAttempt(connections, socket);
        attach(socket, attempted);
        return end(socket, attempted, event);
      }
      // What little it said was not enough to tell.
      if (track === undefined && isEager && held !== undefined) {
        forget(socket.id);
        return handOver(socket, held, "other");
      }
      forget(socket.id);
      if (track !== undefined) end(socket, track, event);
    },
    leave(tracks, { document, at }) {
      for (const { id, track, origin } of sockets.values()) {
        if (track === undefined ? origin?.document !== document : !tracks.has(track)) continue;
        forget(id);
        if (track === undefined) continue;
        const reader = track.readers.get(id);
        for (const record of reader?.end() ?? []) reader?.log(record, { at, carrier: { socket: id } });
      }
    },
    claim(token) {
      const seen = connections.byToken(token);
      if (seen !== undefined) return seen.track;
      for (const socket of sockets.values()) {
        if (socket.track !== undefined || !queryValues(socket.url, "id").includes(token)) continue;
        const url = hubUrlOfSocket(socket.url, token);
        const track = connections.create({
          url,
          hubPath: hubPathOf(url),
          state: { kind: "opening" },
          startedAt: socket.openingAt ?? 0,
          ...(socket.origin && { origin: socket.origin }),
        });
        join(socket, track);
        return track;
      }
      return undefined;
    },
  };
}

/** Normal, going away, and a close frame without a code. */
const HEALTHY_CODES: ReadonlySet<number> = new Set([0, 1000, 1001, 1005]);

function stateAfterClose(track: ConnectionTrack, event: SocketClosed, hasBeenUp: boolean): ConnectionState {
  const { state, statefulReconnect, protocol } = track.view;
  if (state.kind === "handshake-failed") return state;
  const { code, reason, wasClean, act } = event;
  // Only a socket that was up and died without a close frame is resumed; stateful reconnect needs version 2.
  const wasUp = state.kind === "connected" && hasBeenUp;
  const allowed = statefulReconnect && (protocol?.version ?? 2) >= 2 && !track.closing;
  if (wasUp && allowed && !wasClean) return { kind: "interrupted", code };
  const error = track.closeError;
  return {
    kind: "closed",
    code,
    reason,
    wasClean,
    ...(error !== undefined && { error }),
    ...(act && { act }),
  };
}
