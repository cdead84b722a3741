import type { DocumentEnded, ExchangeId } from "../capture-event.ts";
import { type ConnectionTrack, hasEnded } from "./connection-list.ts";
import { note, type SessionState } from "./session-state.ts";

/** A module that follows exchanges or sockets of connections. */
export interface ConnectionFollower {
  /** The document of these is gone: nothing more comes of what they had under way. */
  leave(tracks: ReadonlySet<ConnectionTrack>, event: DocumentEnded): void;
}

/**
 * Ends what a document had open when it went away: nobody closed these connections, and nothing went wrong with them.
 * What they were still owed never comes.
 */
export function createDocumentEnds(
  state: SessionState,
  followers: readonly ConnectionFollower[],
): (event: DocumentEnded) => void {
  const { connections } = state;
  return (event) => {
    const tracks = new Set<ConnectionTrack>();
    for (const track of connections.all()) {
      if (track.view.origin?.document === event.document) tracks.add(track);
    }
    for (const follower of followers) follower.leave(tracks, event);
    for (const track of tracks) {
      if (hasEnded(track.view)) continue;
      const { isUnrecorded, isOutOfSight } = event;
      const left = {
        kind: "left",
        ...(isUnrecorded && { isUnrecorded }),
        ...(isOutOfSight && { isOutOfSight }),
      } as const;
      note(state, track, { at: event.at, happening: left });
      connections.change(track, { state: left });
      track.classic.pairing.end();
      track.pairing.end(false);
      track.readers.clear();
    }
  };
}

/** Forgets the exchanges of connections that are gone. */
export function dropExchanges(
  exchanges: Map<ExchangeId, { readonly track?: ConnectionTrack }>,
  tracks: ReadonlySet<ConnectionTrack>,
): void {
  for (const [id, { track }] of exchanges) if (track !== undefined && tracks.has(track)) exchanges.delete(id);
}
