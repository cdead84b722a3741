import type { SocketClosed, SocketId, SocketPayload } from "../capture-event.ts";
import type { ConnectionTrack } from "./connection-list.ts";
import type { ConnectionFollower } from "./document-ends.ts";
import { hubPathOf, hubUrlOfSocket } from "./hub-url.ts";
import { keepPayload } from "./payload-journal.ts";
import { createChosenReader, createPlainReader } from "./payload-reader.ts";
import { note, type SessionState } from "./session-state.ts";
import type { ForeignSocket } from "./web-sockets.ts";

/** Sockets that are not SignalR, for a session that shows them: iris, and those without a protocol of their own. */
export interface OtherSockets extends ConnectionFollower {
  adopt(socket: ForeignSocket, held: readonly SocketPayload[], name: "iris" | "plain"): void;
  owns(socket: SocketId): boolean;
  payload(event: SocketPayload): void;
  closed(event: SocketClosed): void;
}

export function createOtherSockets(state: SessionState): OtherSockets {
  const { connections } = state;
  const tracks = new Map<SocketId, ConnectionTrack>();
  /** They never opened. */
  const unopened = new Set<SocketId>();

  const feed = (track: ConnectionTrack, { socket: id, at, direction, payload, act }: SocketPayload): void => {
    const carrier = { socket: id } as const;
    const name = track.view.protocol?.name === "iris" ? "iris" : "plain";
    const reader =
      track.readers.get(id) ??
      (track.chosen === undefined
        ? createPlainReader(state, track, name)
        : createChosenReader(state, track, track.chosen, { resumed: true, overHttp: false }));
    track.readers.set(id, reader);
    keepPayload(state, track, { at, carrier, direction, payload, act });
    for (const record of reader.decode(direction, payload)) reader.log(record, { at, carrier, act });
  };

  return {
    adopt({ id, url, origin, openingAt, openedAt }, held, name) {
      const [first] = held;
      const firstAt = first?.at ?? openedAt ?? openingAt ?? 0;
      const hubUrl = hubUrlOfSocket(url, undefined);
      const track = connections.create({
        url: hubUrl,
        hubPath: hubPathOf(hubUrl),
        state: { kind: "opening" },
        startedAt: openingAt ?? firstAt,
        ...(origin && { origin }),
      });
      tracks.set(id, track);
      if (openedAt === undefined && first === undefined) unopened.add(id);
      connections.change(track, {
        transport: "WebSockets",
        sockets: [id],
        protocol: { name, guessed: true },
      });
      if (openingAt === undefined) {
        note(state, track, { at: firstAt, happening: { kind: "joined-late", socket: id } });
      } else if (openedAt !== undefined || first !== undefined) {
        const at = openedAt ?? firstAt;
        const duration = at - openingAt;
        note(state, track, { at, happening: { kind: "opened", carrier: { socket: id }, duration } });
      }
      for (const event of held) feed(track, event);
    },
    owns: (id) => tracks.has(id),
    leave(left) {
      for (const [id, track] of tracks) if (left.has(track)) tracks.delete(id);
    },
    payload(event) {
      const track = tracks.get(event.socket);
      if (track !== undefined) feed(track, event);
    },
    closed({ socket: id, at, code, reason, wasClean }) {
      const track = tracks.get(id);
      if (track === undefined) return;
      tracks.delete(id);
      const reader = track.readers.get(id);
      for (const record of reader?.end() ?? []) reader?.log(record, { at, carrier: { socket: id } });
      track.readers.delete(id);
      const isUnopened = unopened.delete(id);
      const isError = isUnopened || !wasClean || ![0, 1000, 1001, 1005].includes(code);
      const closed = { kind: "closed", code, reason, wasClean, ...(isUnopened && { isUnopened }) } as const;
      note(state, track, { at, isError, happening: { ...closed, socket: id } });
      connections.change(track, { state: closed });
      track.pairing.end(false);
      track.classic.pairing.end();
    },
  };
}
