import type { CaptureEvent, EventsDropped, PageNavigated } from "../capture-event.ts";
import { type ConnectionTrack, hasEnded, NO_COUNTS } from "./connection-list.ts";
import { createHttpTransports } from "./http-transports.ts";
import type { SourceEntry } from "./model.ts";
import { createNegotiation } from "./negotiation.ts";
import type { Session, SessionLimits } from "./session.ts";
import { createSessionState } from "./session-state.ts";
import { createWebSockets } from "./web-sockets.ts";

/**
 * A session without events. Each transport is a module that reads the events of its sockets or exchanges and writes
 * the log; HTTP exchanges that no module knows pass by.
 */
export function createSession(limits: SessionLimits = {}): Session {
  const state = createSessionState(limits);
  const { log, connections, invocations } = state;
  const webSockets = createWebSockets(state);
  const negotiation = createNegotiation(state, webSockets.claim);
  const httpTransports = createHttpTransports(state);
  let revision = 0;

  const noteSource = (event: EventsDropped | PageNavigated): void => {
    const happening = sourceHappening(event);
    const isError = happening.kind === "dropped";
    log.append({ kind: "source", number: log.nextNumber, at: event.at, happening, isError });
  };

  const dispatch = (event: CaptureEvent): void => {
    switch (event.type) {
      case "socket-opening":
        webSockets.opening(event);
        return;
      case "socket-opened":
        webSockets.opened(event);
        return;
      case "socket-payload":
        webSockets.payload(event);
        return;
      case "socket-failed":
        // It says no reason; the close that follows ends the socket.
        return;
      case "socket-closed":
        webSockets.closed(event);
        return;
      case "http-request":
        negotiation.request(event);
        httpTransports.request(event);
        return;
      case "http-response":
        negotiation.response(event);
        httpTransports.response(event);
        return;
      case "http-response-body":
        negotiation.body(event);
        httpTransports.body(event);
        return;
      case "http-ended":
        negotiation.ended(event);
        httpTransports.ended(event);
        return;
      case "events-dropped":
      case "page-navigated":
        noteSource(event);
        return;
      default:
        // A newer source may report what this session does not know.
        event satisfies never;
    }
  };

  return {
    apply(event) {
      dispatch(event);
      revision++;
    },
    get revision() {
      return revision;
    },
    get connections() {
      return connections.views();
    },
    log: log.entries,
    get firstNumber() {
      return log.firstNumber;
    },
    get forgotten() {
      return log.forgotten;
    },
    connection: (id) => connections.view(id),
    entry: (number) => log.at(number),
    invocation: (number) => invocations.find(number),
    clear() {
      log.clear();
      const ended = new Set<ConnectionTrack>();
      for (const track of connections.all()) {
        if (hasEnded(track.view)) ended.add(track);
        else Object.assign(track.counts, NO_COUNTS);
        connections.touch(track);
      }
      connections.remove(ended);
      revision++;
    },
  };
}

function sourceHappening(event: EventsDropped | PageNavigated): SourceEntry["happening"] {
  if (event.type === "page-navigated") return { kind: "navigated", url: event.url };
  const { count, bytes, reason, limit } = event;
  return { kind: "dropped", count, bytes, reason, ...(limit !== undefined && { limit }) };
}
