import type {
  Milliseconds,
  SocketClosed,
  SocketId,
  SocketOpened,
  SocketOpening,
  SocketPayload,
} from "../capture-event.ts";
import { isClassicSocketUrl } from "../wire/classic/detect.ts";
import { type ClassicAction, parseClassicAddress } from "../wire/classic/urls.ts";
import { beginChannel, endConnection, interrupt, openChannel } from "./classic-channel.ts";
import type { ClassicEndpoints } from "./classic-endpoints.ts";
import { type ConnectionTrack, hasEnded } from "./connection-list.ts";
import type { ConnectionFollower } from "./document-ends.ts";
import { hubPathOf, hubUrlOfClassic } from "./hub-url.ts";
import { keepPayload } from "./payload-journal.ts";
import { createChosenReader, createClassicReader } from "./payload-reader.ts";
import { note, type SessionState } from "./session-state.ts";
import type { ForeignSocket } from "./web-sockets.ts";

/** The WebSockets of classic connections: recognised by their URL, or handed over for what they carry. */
export interface ClassicSockets extends ConnectionFollower {
  /** True where the socket is one of these; then the other events of it are theirs too. */
  opening(event: SocketOpening): boolean;
  /** A socket whose payloads are classic SignalR's, although its URL is not known to be. */
  adopt(socket: ForeignSocket, held: readonly SocketPayload[]): void;
  owns(socket: SocketId): boolean;
  opened(event: SocketOpened): void;
  payload(event: SocketPayload): void;
  closed(event: SocketClosed): void;
}

interface Socket {
  readonly id: SocketId;
  readonly action: ClassicAction;
  readonly openingAt: Milliseconds;
  readonly track: ConnectionTrack;
  isOpen: boolean;
}

export function createClassicSockets(state: SessionState, endpoints: ClassicEndpoints): ClassicSockets {
  const { connections } = state;
  const sockets = new Map<SocketId, Socket>();

  const attach = (socket: Socket): void => {
    const { track } = socket;
    sockets.set(socket.id, socket);
    connections.change(track, { sockets: [...track.view.sockets, socket.id] });
    beginChannel(state, track, "WebSockets");
  };

  const feed = ({ track }: Socket, { socket: id, at, direction, payload, act }: SocketPayload): void => {
    const carrier = { socket: id } as const;
    keepPayload(state, track, { at, carrier, direction, payload, act });
    const known = track.readers.get(id);
    const reader =
      known ??
      (track.chosen === undefined
        ? createClassicReader(state, track, track.classic.kind)
        : createChosenReader(state, track, track.chosen, { resumed: true, overHttp: false }));
    if (known === undefined) track.readers.set(id, reader);
    for (const record of reader.decode(direction, payload)) reader.log(record, { at, carrier, act });
  };

  return {
    opening(event) {
      const { socket: id, url, at, origin } = event;
      if (sockets.has(id) || !isClassicSocketUrl(url)) return sockets.has(id);
      endpoints.learn(url);
      const { action } = parseClassicAddress(url);
      const track = endpoints.join(url, { at, origin });
      attach({ id, action, openingAt: at, track, isOpen: false });
      return true;
    },
    adopt({ id, url, origin, openingAt, openedAt }, held) {
      const [first] = held;
      const at = first?.at ?? openingAt ?? 0;
      const hubUrl = url === "" ? "" : hubUrlOfClassic(url);
      const track = connections.create({
        url: hubUrl,
        hubPath: hubPathOf(hubUrl),
        state: { kind: "opening" },
        startedAt: openingAt ?? at,
        ...(origin && { origin }),
      });
      connections.change(track, { protocol: { name: "classic", guessed: true } });
      const socket: Socket = { id, action: "connect", openingAt: at, track, isOpen: true };
      attach(socket);
      if (openingAt === undefined) {
        note(state, track, { at, happening: { kind: "joined-late", socket: id } });
      } else {
        const carrier = { socket: id } as const;
        openChannel(state, track, { at, carrier, action: "connect", duration: (openedAt ?? at) - openingAt });
      }
      for (const event of held) feed(socket, event);
    },
    owns: (id) => sockets.has(id),
    leave(tracks) {
      for (const [id, { track }] of sockets) if (tracks.has(track)) sockets.delete(id);
    },
    opened({ socket: id, at }) {
      const socket = sockets.get(id);
      if (socket === undefined || socket.isOpen) return;
      socket.isOpen = true;
      const { track, action, openingAt } = socket;
      openChannel(state, track, { at, carrier: { socket: id }, action, duration: at - openingAt });
    },
    payload(event) {
      const socket = sockets.get(event.socket);
      if (socket !== undefined) feed(socket, event);
    },
    closed({ socket: id, at, code, reason, wasClean }) {
      const socket = sockets.get(id);
      if (socket === undefined) return;
      sockets.delete(id);
      const { track, isOpen } = socket;
      const carrier = { socket: id } as const;
      const reader = track.readers.get(id);
      for (const record of reader?.end() ?? []) reader?.log(record, { at, carrier });
      track.readers.delete(id);
      const isError = !wasClean || ![0, 1000, 1001, 1005].includes(code);
      note(state, track, { at, isError, happening: { kind: "closed", socket: id, code, reason, wasClean } });
      track.classic.pairing.lose(carrier);
      // Decoded as a hub protocol at the user's wish.
      track.pairing.end(false);
      // Another socket has taken the connection over, or another transport has been begun.
      if (track.view.sockets.at(-1) !== id || track.view.transport !== "WebSockets") return;
      if (track.classic.isDismissed) return endConnection(state, track, "dismissed");
      if (hasEnded(track.view)) return;
      // One that never opened: the client tries its next transport.
      if (!wasClean || track.classic.isToldToReconnect || !isOpen) return interrupt(state, track);
      const error = track.closeError;
      track.classic.pairing.end();
      connections.change(track, {
        state: { kind: "closed", code, reason, wasClean, ...(error !== undefined && { error }) },
      });
    },
  };
}
