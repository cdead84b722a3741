import type {
  EventOrigin,
  ExchangeId,
  HttpEnded,
  HttpRequest,
  HttpResponse,
  HttpResponseBody,
  Milliseconds,
  TransportAct,
} from "../capture-event.ts";
import { isClassicNegotiateUrl } from "../wire/classic/detect.ts";
import {
  type ClassicAccepted,
  type ClassicNegotiateResponse,
  parseClassicNegotiateResponse,
} from "../wire/classic/negotiate.ts";
import { parseClassicAddress } from "../wire/classic/urls.ts";
import type { ClassicEndpoints } from "./classic-endpoints.ts";
import type { ConnectionTrack } from "./connection-list.ts";
import { hubPathOf, hubUrlOfClassic, isSameEndpoint, isSameHubUrl, queryValues } from "./hub-url.ts";
import { note, type SessionState } from "./session-state.ts";
import { createTextCollector, type TextCollector } from "./text-collector.ts";

/** Negotiate of classic SignalR: a GET (or POST) whose answer has a `ConnectionToken`. */
export interface ClassicNegotiation {
  request(event: HttpRequest): void;
  response(event: HttpResponse): void;
  body(event: HttpResponseBody): void;
  ended(event: HttpEnded): void;
}

interface Exchange {
  readonly id: ExchangeId;
  readonly startedAt: Milliseconds;
  readonly url: string;
  readonly hubUrl: string;
  readonly origin?: EventOrigin;
  /** Absent while it is not certain that this is classic SignalR. */
  track?: ConnectionTrack;
  status?: number;
  readonly text: TextCollector;
}

/** Redirects that nobody follows must not pile up. */
const MOST_REDIRECTS = 100;

export function createClassicNegotiation(
  state: SessionState,
  endpoints: ClassicEndpoints,
): ClassicNegotiation {
  const { connections } = state;
  const exchanges = new Map<ExchangeId, Exchange>();
  const redirects: { readonly hubUrl: string; readonly track: ConnectionTrack }[] = [];

  const begin = ({ hubUrl, startedAt, origin, url }: Exchange): ConnectionTrack => {
    const exact = redirects.findIndex((redirect) => isSameHubUrl(redirect.hubUrl, hubUrl));
    const followed =
      exact >= 0 ? exact : redirects.findIndex((redirect) => isSameEndpoint(redirect.hubUrl, hubUrl));
    const [redirect] = followed < 0 ? [] : redirects.splice(followed, 1);
    if (redirect !== undefined && connections.find(redirect.track.id) === redirect.track)
      return redirect.track;
    const track = connections.create({
      url: hubUrl,
      hubPath: hubPathOf(hubUrl),
      state: { kind: "negotiating" },
      startedAt,
      ...(origin && { origin }),
    });
    track.classic.kind = endpoints.kindOf(url);
    connections.change(track, { protocol: { name: "classic", guessed: false } });
    return track;
  };

  const fail = (exchange: Exchange, at: Milliseconds, reason: string, act?: TransportAct): void => {
    const { track, status, text } = exchange;
    if (track === undefined) return;
    const known = status === undefined ? {} : { status };
    connections.change(track, { state: { kind: "negotiate-failed", reason, ...known, ...(act && { act }) } });
    const body = text.shown();
    const duration = at - exchange.startedAt;
    const facts = {
      exchange: exchange.id,
      reason,
      duration,
      ...known,
      ...(body !== "" && { body }),
      ...text.origin(),
    };
    const happening = { kind: "negotiate-failed", ...facts, ...(act && { act }) } as const;
    note(state, track, { at, isError: true, happening, ...text.origin() });
  };

  /** Its token may have been seen before, where the answer was seen late. */
  const accept = (exchange: Exchange, answer: ClassicAccepted, at: Milliseconds): void => {
    const { connectionId, connectionToken, protocolVersion } = answer;
    // Before 1.0 the ID was the token.
    const token = connectionToken ?? connectionId ?? "";
    const claimed = token === "" ? undefined : connections.byToken(token)?.track;
    if (claimed !== undefined && exchange.track !== undefined && exchange.track.entries === 0) {
      connections.remove(new Set([exchange.track]));
    }
    const track = claimed ?? exchange.track ?? begin(exchange);
    connections.change(track, {
      protocol: { name: "classic", resolvedVersion: protocolVersion, guessed: false },
      startedAt: Math.min(track.view.startedAt, exchange.startedAt),
      ...(connectionId !== undefined && { connectionId }),
      ...(token !== "" && { connectionToken: token }),
      ...(claimed === undefined && { state: { kind: "negotiated" } }),
    });
    if (token !== "") connections.nameToken(track, token, true);
    noteAnswer(exchange, track, at, protocolVersion);
  };

  const noteAnswer = (
    exchange: Exchange,
    track: ConnectionTrack,
    at: Milliseconds,
    resolvedVersion?: string,
  ): void => {
    const { id, status = 200, text, startedAt } = exchange;
    note(state, track, {
      at,
      ...text.origin(),
      happening: {
        kind: "negotiate",
        exchange: id,
        status,
        transports: [],
        statefulReconnect: false,
        size: text.size(),
        duration: at - startedAt,
        body: text.shown(),
        ...(resolvedVersion !== undefined && { resolvedVersion }),
      },
    });
  };

  const redirect = (exchange: Exchange, url: string, at: Milliseconds): void => {
    const track = exchange.track ?? begin(exchange);
    redirects.push({ hubUrl: url, track });
    if (redirects.length > MOST_REDIRECTS) redirects.shift();
    noteAnswer(exchange, track, at);
  };

  const conclude = (exchange: Exchange, answer: ClassicNegotiateResponse, at: Milliseconds) => {
    switch (answer.kind) {
      case "accepted":
        return accept(exchange, answer, at);
      case "redirect":
        return redirect(exchange, redirectTarget(answer), at);
      case "error":
        exchange.track ??= begin(exchange);
        return fail(exchange, at, answer.error);
      case "incompatible":
        exchange.track ??= begin(exchange);
        return fail(exchange, at, `Protocol version ${answer.protocolVersion} is newer than any client`);
      case "aspnetcore":
        return fail(exchange, at, "An ASP.NET Core SignalR server answered");
      case "not-signalr":
        return fail(exchange, at, REASONS[answer.reason]);
      default:
        answer satisfies never;
    }
  };

  return {
    request(event) {
      const { exchange: id, at, url, origin } = event;
      if (exchanges.has(id) || parseClassicAddress(url).action !== "negotiate") return;
      if (queryValues(url, "negotiateVersion").length > 0) return;
      endpoints.learn(url);
      const exchange: Exchange = {
        id,
        startedAt: at,
        url,
        hubUrl: hubUrlOfClassic(url),
        text: createTextCollector(),
        ...(origin && { origin }),
      };
      if (isClassicNegotiateUrl(url)) exchange.track = begin(exchange);
      exchanges.set(id, exchange);
    },
    response({ exchange, status }) {
      const known = exchanges.get(exchange);
      if (known !== undefined) known.status = status;
    },
    body(event) {
      exchanges.get(event.exchange)?.text.add(event);
    },
    ended({ exchange: id, at, error, act }) {
      const exchange = exchanges.get(id);
      if (exchange === undefined) return;
      exchanges.delete(id);
      const { status, text } = exchange;
      if (error !== undefined) return fail(exchange, at, error, act);
      if (status !== undefined && status !== 200) return fail(exchange, at, `HTTP status ${status}`);
      if (status === undefined && text.size() === 0) return fail(exchange, at, "No answer");
      const body = text.whole();
      if (body !== undefined) return conclude(exchange, parseClassicNegotiateResponse(body), at);
      const { track } = exchange;
      if (track === undefined) return;
      connections.change(track, { state: { kind: "negotiated" } });
      noteAnswer(exchange, track, at);
    },
  };
}

const REASONS: Readonly<
  Record<Extract<ClassicNegotiateResponse, { kind: "not-signalr" }>["reason"], string>
> = {
  html: "A web page answered, not a SignalR server",
  empty: "The answer was empty",
  "not-json": "The answer was no JSON",
  "other-json": "The answer was not that of a SignalR server",
};

/** The query tells two redirects to one service apart. */
function redirectTarget({ url, query }: Extract<ClassicNegotiateResponse, { kind: "redirect" }>): string {
  const path = url.replace(/\/+$/, "");
  return query === undefined ? path : `${path}?${query}`;
}
