import type { CaptureEvent, EventsDropped, ExchangeId, PageNavigated } from "../capture-event.ts";
import { createClassicEndpoints } from "./classic-endpoints.ts";
import { createClassicExchanges } from "./classic-exchanges.ts";
import { createClassicNegotiation } from "./classic-negotiation.ts";
import { createClassicSockets } from "./classic-sockets.ts";
import { type ConnectionTrack, hasEnded, NO_COUNTS } from "./connection-list.ts";
import { createDocumentEnds } from "./document-ends.ts";
import { createHttpTransports } from "./http-transports.ts";
import type { SourceEntry } from "./model.ts";
import { createNegotiation } from "./negotiation.ts";
import { createOtherSockets } from "./other-sockets.ts";
import { createOtherStreams } from "./other-streams.ts";
import { redecode } from "./redecoding.ts";
import { createRefreshing } from "./refreshing.ts";
import type { Session, SessionOptions } from "./session.ts";
import { createSessionState } from "./session-state.ts";
import { createWebSockets } from "./web-sockets.ts";

/**
 * A session without events. Each transport is a module that reads the events of its sockets or exchanges and writes
 * the log; HTTP exchanges that no module knows pass by.
 */
export function createSession(options: SessionOptions = {}): Session {
  const state = createSessionState(options);
  const { log, connections, invocations } = state;
  const endpoints = createClassicEndpoints(state);
  const classicSockets = createClassicSockets(state, endpoints);
  const otherSockets = createOtherSockets(state);
  const otherStreams = createOtherStreams(state);
  const webSockets = createWebSockets(state, {
    isEager: options.otherSockets ?? false,
    handOver: (socket, held, verdict) => {
      if (verdict === "classic") classicSockets.adopt(socket, held);
      else otherSockets.adopt(socket, held, verdict === "iris" ? "iris" : "plain");
    },
  });
  const negotiation = createNegotiation(state, webSockets.claim);
  const refreshing = createRefreshing(state);
  const httpTransports = createHttpTransports(state);
  const classicNegotiation = createClassicNegotiation(state, endpoints);
  const classicExchanges = createClassicExchanges(state, endpoints);
  const endDocument = createDocumentEnds(state, [
    webSockets,
    classicSockets,
    otherSockets,
    negotiation,
    refreshing,
    httpTransports,
    classicExchanges,
    otherStreams,
  ]);
  let revision = 0;

  const isSignalR = (exchange: ExchangeId): boolean =>
    httpTransports.owns(exchange) || classicExchanges.owns(exchange);

  const noteSource = (event: EventsDropped | PageNavigated): void => {
    const happening = sourceHappening(event);
    const isError = happening.kind === "dropped";
    log.append({ kind: "source", number: log.nextNumber, at: event.at, happening, isError });
  };

  const dispatch = (event: CaptureEvent): void => {
    switch (event.type) {
      case "socket-opening":
        if (!classicSockets.opening(event)) webSockets.opening(event);
        return;
      case "socket-opened":
        if (classicSockets.owns(event.socket)) classicSockets.opened(event);
        else webSockets.opened(event);
        return;
      case "socket-payload":
        if (classicSockets.owns(event.socket)) classicSockets.payload(event);
        else if (otherSockets.owns(event.socket)) otherSockets.payload(event);
        else webSockets.payload(event);
        return;
      case "socket-failed":
        // It says no reason; the close that follows ends the socket.
        return;
      case "socket-closed":
        if (classicSockets.owns(event.socket)) classicSockets.closed(event);
        else {
          webSockets.closed(event);
          // Its end may have settled what it was.
          otherSockets.closed(event);
        }
        return;
      case "http-request":
        // A CORS preflight goes to the address of what it asks for, and says nothing of SignalR.
        if (event.method.toUpperCase() === "OPTIONS") return;
        if (refreshing.request(event)) return;
        negotiation.request(event);
        httpTransports.request(event);
        classicNegotiation.request(event);
        classicExchanges.request(event);
        if (options.otherSockets === true && !isSignalR(event.exchange)) otherStreams.request(event);
        return;
      case "http-response":
        negotiation.response(event);
        refreshing.response(event);
        httpTransports.response(event);
        classicNegotiation.response(event);
        classicExchanges.response(event);
        otherStreams.response(event);
        return;
      case "http-response-body":
        negotiation.body(event);
        refreshing.body(event);
        httpTransports.body(event);
        classicNegotiation.body(event);
        classicExchanges.body(event);
        otherStreams.body(event);
        return;
      case "http-ended":
        negotiation.ended(event);
        refreshing.ended(event);
        httpTransports.ended(event);
        classicNegotiation.ended(event);
        classicExchanges.ended(event);
        otherStreams.ended(event);
        return;
      case "events-dropped":
      case "page-navigated":
        noteSource(event);
        return;
      case "document-ended":
        endDocument(event);
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
    redecode(connection, protocol) {
      const isDone = redecode(state, connection, protocol);
      if (isDone) revision++;
      return isDone;
    },
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
