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
import { isNegotiateUrl } from "../wire/detect-protocol.ts";
import type { ConnectionTrack } from "./connection-list.ts";
import { type ConnectionFollower, dropExchanges } from "./document-ends.ts";
import { hubPathOf, hubUrlOfNegotiate, isSameEndpoint, isSameHubUrl, queryValues } from "./hub-url.ts";
import { type NegotiateAnswer, readNegotiateAnswer } from "./negotiate-answer.ts";
import { note, type SessionState } from "./session-state.ts";
import { createTextCollector, type TextCollector } from "./text-collector.ts";

/** Negotiate exchanges: where most connections begin. TransportProtocols.md, "POST [endpoint-base]/negotiate". */
export interface Negotiation extends ConnectionFollower {
  request(event: HttpRequest): void;
  response(event: HttpResponse): void;
  body(event: HttpResponseBody): void;
  ended(event: HttpEnded): void;
}

interface Exchange {
  readonly id: ExchangeId;
  readonly startedAt: Milliseconds;
  readonly hubUrl: string;
  readonly origin?: EventOrigin;
  /** Absent while it is not certain that this is SignalR. */
  track?: ConnectionTrack;
  status?: number;
  readonly text: TextCollector;
}

interface Redirect {
  readonly hubUrl: string;
  readonly track: ConnectionTrack;
}

type Answer = Exclude<NegotiateAnswer, { kind: "failed" }>;
type Accepted = Extract<NegotiateAnswer, { kind: "accepted" }>;

/** Redirects that nobody follows must not pile up. */
const MOST_REDIRECTS = 100;

/**
 * A POST whose path ends with `/negotiate` is a negotiate. With `negotiateVersion` in its query it is SignalR's at
 * once; without (version 0, or another product's endpoint of that name) only if its answer is one.
 *
 * `claim` finds the connection of a socket that was seen with this token before the answer was.
 */
export function createNegotiation(
  state: SessionState,
  claim: (token: string) => ConnectionTrack | undefined,
): Negotiation {
  const { connections } = state;
  const exchanges = new Map<ExchangeId, Exchange>();
  const redirects: Redirect[] = [];

  const begin = ({ hubUrl, startedAt, origin }: Exchange): ConnectionTrack => {
    const exact = redirects.findIndex((redirect) => isSameHubUrl(redirect.hubUrl, hubUrl));
    const followed =
      exact >= 0 ? exact : redirects.findIndex((redirect) => isSameEndpoint(redirect.hubUrl, hubUrl));
    const [redirect] = followed < 0 ? [] : redirects.splice(followed, 1);
    if (redirect !== undefined && connections.find(redirect.track.id) === redirect.track)
      return redirect.track;
    return connections.create({
      url: hubUrl,
      hubPath: hubPathOf(hubUrl),
      state: { kind: "negotiating" },
      startedAt,
      ...(origin && { origin }),
    });
  };

  const fail = (exchange: Exchange, at: Milliseconds, reason: string, act?: TransportAct): void => {
    const { track, status, text } = exchange;
    if (track === undefined) return;
    const known = status === undefined ? {} : { status };
    connections.change(track, { state: { kind: "negotiate-failed", reason, ...known, ...(act && { act }) } });
    const body = text.shown();
    note(state, track, {
      at,
      ...text.origin(),
      isError: true,
      happening: {
        kind: "negotiate-failed",
        exchange: exchange.id,
        reason,
        duration: at - exchange.startedAt,
        ...known,
        ...(body !== "" && { body }),
        ...(act && { act }),
      },
    });
  };

  /** Notes the answer, once its connection is known. */
  const noteAnswer = (exchange: Exchange, track: ConnectionTrack, answer: Answer, at: Milliseconds): void => {
    const { text } = exchange;
    note(state, track, {
      at,
      ...text.origin(),
      happening: {
        kind: "negotiate",
        exchange: exchange.id,
        status: exchange.status ?? 200,
        transports: answer.kind === "accepted" ? answer.transports : [],
        statefulReconnect: answer.kind === "accepted" && answer.statefulReconnect,
        size: text.size(),
        duration: at - exchange.startedAt,
        body: text.shown(),
        ...(answer.kind === "accepted" && { version: answer.version }),
        ...(answer.kind === "accepted" &&
          answer.tokenLifetimeSeconds !== undefined && { tokenLifetimeSeconds: answer.tokenLifetimeSeconds }),
      },
    });
  };

  const accept = (exchange: Exchange, answer: Accepted, at: Milliseconds): ConnectionTrack => {
    const { connectionId, token, statefulReconnect, tokenLifetimeSeconds } = answer;
    const begun = exchange.track;
    // A token that a negotiate has named already belongs to that one: tokens are random, only fakes repeat them.
    const claimed = connections.byToken(token)?.negotiated === true ? undefined : claim(token);
    // The socket was seen first: its connection has entries, the one that we began has none yet.
    if (claimed !== undefined && begun !== undefined && claimed !== begun && begun.entries === 0) {
      connections.remove(new Set([begun]));
    }
    const track = claimed ?? begun ?? begin(exchange);
    connections.change(track, {
      connectionId,
      connectionToken: token,
      statefulReconnect,
      startedAt: Math.min(track.view.startedAt, exchange.startedAt),
      ...(claimed === undefined && { state: { kind: "negotiated" } }),
      ...(track.view.url === "" && { url: exchange.hubUrl, hubPath: hubPathOf(exchange.hubUrl) }),
    });
    connections.nameToken(track, token, true);
    connections.authenticate(track, tokenLifetimeSeconds, at);
    return track;
  };

  const succeed = (exchange: Exchange, answer: Answer, at: Milliseconds): ConnectionTrack => {
    if (answer.kind === "accepted") return accept(exchange, answer, at);
    const track = exchange.track ?? begin(exchange);
    if (answer.kind === "redirect") {
      redirects.push({ hubUrl: hubUrlOfNegotiate(answer.url), track });
      if (redirects.length > MOST_REDIRECTS) redirects.shift();
    } else {
      connections.change(track, { state: { kind: "negotiated" } });
    }
    return track;
  };

  return {
    leave: (tracks) => dropExchanges(exchanges, tracks),
    request(event) {
      if (event.method.toUpperCase() !== "POST" || !isNegotiateUrl(event.url)) return;
      if (exchanges.has(event.exchange)) return;
      const exchange: Exchange = {
        id: event.exchange,
        startedAt: event.at,
        hubUrl: hubUrlOfNegotiate(event.url),
        text: createTextCollector(),
        ...(event.origin && { origin: event.origin }),
      };
      if (queryValues(event.url, "negotiateVersion").length > 0) exchange.track = begin(exchange);
      exchanges.set(event.exchange, exchange);
    },
    response(event) {
      const exchange = exchanges.get(event.exchange);
      if (exchange !== undefined) exchange.status = event.status;
    },
    body(event) {
      exchanges.get(event.exchange)?.text.add(event);
    },
    ended(event) {
      const exchange = exchanges.get(event.exchange);
      if (exchange === undefined) return;
      exchanges.delete(event.exchange);
      const { status } = exchange;
      if (event.error !== undefined) return fail(exchange, event.at, event.error, event.act);
      if (status !== undefined && status !== 200) return fail(exchange, event.at, `HTTP status ${status}`);
      if (status === undefined && exchange.text.size() === 0) return fail(exchange, event.at, "No answer");
      const answer = readNegotiateAnswer(exchange.text.whole());
      if (answer.kind === "failed") {
        // Only a hub answers so, even where the request did not say that it was one.
        if (answer.isSignalR) exchange.track ??= begin(exchange);
        return fail(exchange, event.at, answer.reason);
      }
      // Without `negotiateVersion` in the request only an answer makes it SignalR.
      if (answer.kind === "not-captured" && exchange.track === undefined) return;
      noteAnswer(exchange, succeed(exchange, answer, event.at), answer, event.at);
    },
  };
}
