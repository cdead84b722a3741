import type { Milliseconds } from "../capture-event.ts";
import type { ClassicAction } from "../wire/classic/urls.ts";
import { type ConnectionTrack, hasEnded } from "./connection-list.ts";
import type { Carrier, HttpEnding, Transport } from "./model.ts";
import { note, type SessionState } from "./session-state.ts";

/** A receive channel of a classic connection is being opened: the first, another transport, or after a break. */
export function beginChannel(
  { connections }: SessionState,
  track: ConnectionTrack,
  transport: Transport,
): void {
  const { state } = track.view;
  const isFirst = track.connectedAt === undefined && state.kind !== "handshake-failed";
  const isOver = hasEnded(track.view) && track.classic.isAborted;
  connections.change(track, { transport, ...(isFirst && !isOver && { state: { kind: "opening" } }) });
}

/** The channel is open; polls are many, and only the first of them and those after a break open one. */
export function openChannel(
  state: SessionState,
  track: ConnectionTrack,
  {
    at,
    carrier,
    action,
    duration,
  }: {
    readonly at: Milliseconds;
    readonly carrier: Carrier;
    readonly action: ClassicAction;
    readonly duration: Milliseconds;
  },
): void {
  const { connections } = state;
  if (action === "reconnect") {
    track.classic.reconnects++;
    track.classic.isToldToReconnect = false;
    connections.change(track, { state: { kind: "connected", since: track.connectedAt ?? at } });
    track.connectedAt ??= at;
    const ordinal = track.classic.reconnects;
    note(state, track, { at, happening: { kind: "reconnected", carrier, ordinal } });
    return;
  }
  if (action !== "connect" && track.view.state.kind !== "opening") return;
  if (track.view.state.kind === "opening") connections.change(track, { state: { kind: "handshaking" } });
  note(state, track, { at, happening: { kind: "opened", carrier, duration } });
}

/** The connection is over: nothing that waits gets an answer. */
export function endConnection(
  { connections }: SessionState,
  track: ConnectionTrack,
  how: HttpEnding,
  status?: number,
): void {
  const { state } = track.view;
  track.classic.pairing.end();
  if (state.kind === "handshake-failed") return;
  const error = track.closeError;
  connections.change(track, {
    state: {
      kind: "ended",
      how,
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error }),
    },
  });
}

/** A channel has ended, and nothing says that the connection has: the client may come back. */
export function interrupt({ connections }: SessionState, track: ConnectionTrack): void {
  if (!hasEnded(track.view)) connections.change(track, { state: { kind: "reconnecting" } });
}
