import type {
  ExchangeId,
  HttpEnded,
  HttpRequest,
  HttpResponse,
  HttpResponseBody,
  Milliseconds,
} from "../capture-event.ts";
import { isRefreshUrl, parseRefreshResponse, type RefreshResponse } from "../wire/refresh.ts";
import { type ConnectionTrack, hasEnded } from "./connection-list.ts";
import { type ConnectionFollower, dropExchanges } from "./document-ends.ts";
import { isSameEndpoint, queryValues } from "./hub-url.ts";
import { note, type SessionState } from "./session-state.ts";
import { createTextCollector, type TextCollector } from "./text-collector.ts";

/** `POST {hub}/refresh?id=`, with which a client of .NET 11 renews the authentication of a connection. */
export interface Refreshing extends ConnectionFollower {
  /** True where it is one: then it carries no messages, whatever its body is. */
  request(event: HttpRequest): boolean;
  response(event: HttpResponse): void;
  body(event: HttpResponseBody): void;
  ended(event: HttpEnded): void;
}

interface Exchange {
  readonly id: ExchangeId;
  readonly startedAt: Milliseconds;
  readonly track: ConnectionTrack;
  readonly text: TextCollector;
  /** False: it names no connection, and only the server's refusal shows that it was meant for one. */
  readonly isCertain: boolean;
  status?: number;
}

/** Why there is no new lifetime: what the server said, or what came instead of an answer. */
type Refusal = { readonly error: string; readonly description?: string } | { readonly reason: string };

export function createRefreshing(state: SessionState): Refreshing {
  const { connections } = state;
  const exchanges = new Map<ExchangeId, Exchange>();

  /** The only connection of the hub: of several, nobody could say which one was meant. */
  const onlyTrackOf = (url: string): ConnectionTrack | undefined => {
    if (queryValues(url, "id").length > 0) return undefined;
    const [track, ...others] = [...connections.all()].filter(
      ({ view }) => !hasEnded(view) && isRefreshOf(view.url, url),
    );
    return others.length === 0 ? track : undefined;
  };

  const trackOf = (url: string): ConnectionTrack | undefined => {
    if (!isRefreshUrl(url)) return undefined;
    for (const id of queryValues(url, "id")) {
      const track = connections.byToken(id)?.track;
      // A hub whose own path ends so is sent to there.
      if (track !== undefined) return isSameEndpoint(track.view.url, url) ? undefined : track;
    }
    return undefined;
  };

  const fail = (
    { id, startedAt, track, status, text }: Exchange,
    at: Milliseconds,
    refusal: Refusal,
  ): void => {
    const body = text.shown();
    note(state, track, {
      at,
      ...text.origin(),
      isError: true,
      happening: {
        kind: "refresh-failed",
        exchange: id,
        ...refusal,
        size: text.size(),
        duration: at - startedAt,
        ...(status !== undefined && { status }),
        ...(body !== "" && { body }),
      },
    });
  };

  const succeed = (
    { id, startedAt, track, text }: Exchange,
    at: Milliseconds,
    tokenLifetimeSeconds: number | undefined,
  ): void => {
    const body = text.shown();
    const lifetime = tokenLifetimeSeconds === undefined ? {} : { tokenLifetimeSeconds };
    connections.authenticate(track, tokenLifetimeSeconds, at);
    note(state, track, {
      at,
      ...text.origin(),
      happening: {
        kind: "refresh",
        exchange: id,
        status: 200,
        ...lifetime,
        size: text.size(),
        duration: at - startedAt,
        ...(body !== "" && { body }),
      },
    });
  };

  const conclude = (exchange: Exchange, at: Milliseconds): void => {
    const answer = readAnswer(exchange);
    if (!exchange.isCertain && answer.kind !== "refused") return;
    switch (answer.kind) {
      case "refreshed":
        succeed(exchange, at, answer.tokenLifetimeSeconds);
        break;
      case "refused": {
        const { error, description } = answer;
        fail(exchange, at, { error, ...(description !== undefined && { description }) });
        break;
      }
      case "other": {
        const isForeign = answer.status === 200;
        fail(exchange, at, {
          reason: isForeign ? "The answer was not that of a refresh" : `HTTP status ${answer.status}`,
        });
        break;
      }
      default:
        answer satisfies never;
    }
  };

  return {
    leave: (tracks) => dropExchanges(exchanges, tracks),
    request({ exchange: id, at, method, url }) {
      if (exchanges.has(id)) return true;
      if (method.toUpperCase() !== "POST") return false;
      const named = trackOf(url);
      const track = named ?? onlyTrackOf(url);
      const isCertain = named !== undefined;
      if (track !== undefined)
        exchanges.set(id, { id, startedAt: at, track, text: createTextCollector(), isCertain });
      return isCertain;
    },
    response({ exchange: id, status }) {
      const exchange = exchanges.get(id);
      if (exchange !== undefined) exchange.status = status;
    },
    body(event) {
      exchanges.get(event.exchange)?.text.add(event);
    },
    ended({ exchange: id, at, error }) {
      const exchange = exchanges.get(id);
      if (exchange === undefined) return;
      exchanges.delete(id);
      const isUnanswered = exchange.status === undefined && exchange.text.size() === 0;
      if (error === undefined && !isUnanswered) conclude(exchange, at);
      else if (exchange.isCertain) fail(exchange, at, { reason: error ?? "No answer" });
    },
  };
}

/** A page may leave the answer unread, and a source may not have it: then its status alone says how it went. */
function readAnswer({ status = 200, text }: Exchange): RefreshResponse {
  const body = text.whole();
  if (body !== undefined && body !== "") return parseRefreshResponse(status, body);
  return status === 200 ? { kind: "refreshed" } : { kind: "other", status };
}

/** The address at which the authentication of connections with `hubUrl` is renewed. */
function isRefreshOf(hubUrl: string, url: string): boolean {
  const hub = hubUrl.split("?", 1)[0] ?? "";
  return hub !== "" && isSameEndpoint(`${hub}${hub.endsWith("/") ? "" : "/"}refresh`, url);
}
