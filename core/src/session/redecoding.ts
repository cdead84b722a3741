import { isOverHttp, readerKey } from "./carrier.ts";
import { type ConnectionTrack, hasEnded } from "./connection-list.ts";
import type { Carrier, ConnectionId, ConnectionState, EntryNumber, LogEntry, ProtocolName } from "./model.ts";
import { isEmptyPayload, type KeptPayload, movePayloads } from "./payload-journal.ts";
import { chosenProtocol, createChosenReader, type PayloadReader } from "./payload-reader.ts";
import { note, type SessionState } from "./session-state.ts";
import { isHandshakePayload } from "./socket-recognition.ts";

/** `Session.redecode`. */
export function redecode(state: SessionState, id: ConnectionId, protocol: ProtocolName): boolean {
  const track = state.connections.find(id);
  if (track === undefined || !canCarry(track, protocol)) return false;
  track.chosen = protocol;
  const before = track.view.state;
  track.classic.resolvedVersion ??= track.view.protocol?.resolvedVersion;
  const { resolvedVersion } = track.classic;
  const kept = protocol === "classic" && resolvedVersion !== undefined ? { resolvedVersion } : {};
  state.connections.change(track, { protocol: { ...chosenProtocol(protocol), ...kept } });
  rewrite(state, track, protocol);
  state.connections.change(track, { state: stateAfter(track, before) });
  endPairing(track);
  return true;
}

/** How a transport ended does not depend on what it carried, but for the error that a Close message gave. */
function stateAfter({ view, closeError }: ConnectionTrack, before: ConnectionState): ConnectionState {
  switch (before.kind) {
    case "closed":
    case "ended": {
      const { error: _, ...others } = before;
      return closeError === undefined ? others : { ...others, error: closeError };
    }
    case "connected":
    case "interrupted":
    case "left":
    case "negotiate-failed":
    case "reconnecting":
      return before;
    case "handshake-failed":
    case "handshaking":
    case "negotiated":
    case "negotiating":
    case "opening":
      return view.state;
    default:
      return before satisfies never;
  }
}

/** What HTTP carries is known by its exchanges; only which hub protocol it is may be in doubt. */
function canCarry({ view, classic }: ConnectionTrack, protocol: ProtocolName): boolean {
  if (classic.hasExchanges) return false;
  if (view.transport === "WebSockets") return true;
  const isHub = protocol === "json" || protocol === "messagepack" || protocol === "blazorpack";
  return isHub && view.protocol?.name !== "classic" && view.protocol?.name !== "plain";
}

function rewrite(state: SessionState, track: ConnectionTrack, protocol: ProtocolName): void {
  const { log, connections, invocations } = state;
  const numbers = new Map<EntryNumber, EntryNumber>();
  const payloads = [...track.payloads];
  const readers = new Map<string, PayloadReader>();
  invocations.removeOf(track.id);
  connections.restart(track);

  const readerOf = (carrier: Carrier, first: KeptPayload): PayloadReader => {
    const key = readerKey(carrier);
    const known = readers.get(key);
    if (known !== undefined) return known;
    const overHttp = isOverHttp(carrier);
    const { at, direction, payload } = first;
    const resumed = !isHandshakePayload({ type: "socket-payload", socket: "", at, direction, payload });
    const reader = createChosenReader(state, track, protocol, { resumed, overHttp });
    readers.set(key, reader);
    return reader;
  };

  const replay = (kept: KeptPayload, oldest: EntryNumber): void => {
    const { at, carrier, direction, payload, act } = kept;
    const reader = readerOf(carrier, kept);
    // Its entries follow one another, so the first of them are those that have been forgotten.
    kept.skipped += Math.max(0, oldest - kept.position);
    kept.position = log.nextNumber;
    const records = reader.decode(direction, payload);
    for (const record of records.slice(kept.skipped)) reader.log(record, { at, carrier, act });
    if (records.length === 0 && isEmptyPayload(payload) && !isOverHttp(carrier)) {
      note(state, track, { at, happening: { kind: "payload", carrier, direction, size: 0 } });
    }
    if (kept.isRefused !== true) return;
    for (let number = kept.position; number < log.nextNumber; number++) log.mark(number, "refused");
  };

  const finish = (carrier: Carrier, at: number): void => {
    const key = readerKey(carrier);
    const reader = readers.get(key);
    for (const record of reader?.end() ?? []) reader?.log(record, { at, carrier });
    readers.delete(key);
  };

  log.rewrite((old) => {
    let next = 0;
    const oldest = log.firstNumber - old.length;
    const replayUntil = (number: EntryNumber): void => {
      for (; next < payloads.length; next++) {
        const kept = payloads[next];
        if (kept === undefined || kept.position > number) return;
        replay(kept, oldest);
      }
    };
    for (const entry of old) {
      replayUntil(entry.number);
      if (isOfPayload(entry, track.id)) {
        takeBack(track, entry);
        continue;
      }
      for (const ended of carriersThatEnded(entry, track)) finish(ended, entry.at);
      numbers.set(entry.number, log.nextNumber);
      log.append({ ...entry, number: log.nextNumber });
    }
    replayUntil(Number.POSITIVE_INFINITY);
    // Others' numbers are changed before the limits are looked at, which forgets by number.
    const renumbered = (number: EntryNumber): EntryNumber | undefined => numbers.get(number);
    const isNew = (number: EntryNumber): boolean => number >= log.firstNumber;
    invocations.renumber((number) => (isNew(number) ? number : renumbered(number)));
    const moved = [...numbers];
    for (const other of connections.all()) {
      if (other === track) continue;
      other.delivery.renumber(renumbered);
      movePayloads(other.payloads, moved, { oldest, end: log.nextNumber });
    }
    state.renumber(renumbered);
  });

  for (const [key, reader] of readers) track.readers.set(key, reader);
}

/** Nothing that still waits will be answered. */
function endPairing({ view, pairing, classic }: ConnectionTrack): void {
  const { state, statefulReconnect } = view;
  if (hasEnded(view)) pairing.end(statefulReconnect && state.kind === "closed");
  if (hasEnded(view) || state.kind === "interrupted") classic.pairing.end();
}

/** What decoding the payloads has brought, and will bring anew. */
function isOfPayload(entry: LogEntry, connection: ConnectionId): boolean {
  if (entry.kind === "source" || entry.connection !== connection) return false;
  return entry.kind === "message" || entry.happening.kind === "payload";
}

function takeBack(track: ConnectionTrack, entry: LogEntry): void {
  track.entries--;
  const { counts } = track;
  if (entry.isError) counts.errors--;
  if (entry.kind !== "message") return;
  if (entry.direction === "out") {
    counts.messagesOut--;
    counts.bytesOut -= entry.size;
  } else {
    counts.messagesIn--;
    counts.bytesIn -= entry.size;
  }
}

function carriersThatEnded(entry: LogEntry, { id, payloads }: ConnectionTrack): readonly Carrier[] {
  if (entry.kind !== "connection" || entry.connection !== id) return [];
  const { happening } = entry;
  if (happening.kind === "left") return payloads.map(({ carrier }) => carrier);
  if (happening.kind === "closed") return [{ socket: happening.socket }];
  return happening.kind === "ended" ? [{ exchange: happening.exchange }] : [];
}
