import type {
  ExchangeId,
  HttpEnded,
  HttpRequest,
  HttpResponse,
  HttpResponseBody,
  Milliseconds,
  PayloadAct,
  TransportAct,
} from "../capture-event.ts";
import { isBlazorUrl } from "../wire/blazorpack/detect.ts";
import { createConnectionDecoder } from "../wire/connection-decoder.ts";
import { isNegotiateUrl } from "../wire/detect-protocol.ts";
import { createEventStreamParser, type EventStreamParser } from "../wire/framing/event-stream.ts";
import type { Direction, Payload } from "../wire/payload.ts";
import { type ConnectionTrack, hasEnded } from "./connection-list.ts";
import type { ConnectionFollower } from "./document-ends.ts";
import { queryValues } from "./hub-url.ts";
import type { EntryNumber, HttpEnding, SessionRecord, Transport } from "./model.ts";
import { type KeptPayload, keepPayload } from "./payload-journal.ts";
import { createChosenReader, createHubReader, HTTP_READER, type PayloadReader } from "./payload-reader.ts";
import { note, type SessionState } from "./session-state.ts";

/**
 * Server-Sent Events and long polling: one connection over many exchanges. TransportProtocols.md. An exchange
 * belongs to a connection by the token in its URL; without a negotiate that named it nothing here is SignalR.
 */
export interface HttpTransports extends ConnectionFollower {
  request(event: HttpRequest): void;
  response(event: HttpResponse): void;
  body(event: HttpResponseBody): void;
  ended(event: HttpEnded): void;
  /** The exchange is under way and belongs to a connection. */
  owns(exchange: ExchangeId): boolean;
}

type Exchange = ReceiveExchange | SendExchange | DeleteExchange;

interface ReceiveExchange {
  readonly kind: "receive";
  readonly channel: Channel;
  readonly startedAt: Milliseconds;
  transport: "ServerSentEvents" | "LongPolling";
  status?: number;
  parser?: EventStreamParser;
}

interface SendExchange {
  readonly kind: "send";
  readonly channel: Channel;
  /** What its body brought. */
  entries: readonly EntryNumber[];
  readonly kept?: KeptPayload;
}

interface DeleteExchange {
  readonly kind: "delete";
  readonly channel: Channel;
}

interface PieceOfExchange {
  readonly at: Milliseconds;
  readonly exchange: ExchangeId;
  readonly act?: PayloadAct | undefined;
}

interface EndOfConnection {
  readonly at: Milliseconds;
  readonly exchange: ExchangeId;
  readonly status?: number;
  readonly act?: TransportAct | undefined;
}

/** One connection. The two directions are streams of bytes, whatever exchanges carry them. */
interface Channel {
  readonly track: ConnectionTrack;
  /** Polls under way; a second one ends the first. */
  polls: number;
}

/** A page that is left breaks its requests before it says that it goes. */
const TIME_TO_LEAVE: Milliseconds = 250;
const MARK_OF_EVENT_STREAM = "text/event-stream";

export function createHttpTransports(state: SessionState): HttpTransports {
  const { connections, log } = state;
  const exchanges = new Map<ExchangeId, Exchange>();
  const channels = new WeakMap<ConnectionTrack, Channel>();
  /** When a stream or poll ended and nobody had said that it would. */
  const brokenAt = new WeakMap<ConnectionTrack, Milliseconds>();
  state.onRenumber((renumbered) => {
    for (const exchange of exchanges.values()) {
      if (exchange.kind === "send")
        exchange.entries = exchange.entries.flatMap((entry) => renumbered(entry) ?? []);
    }
  });

  const channelOf = (url: string): Channel | undefined => {
    const named = queryValues(url, "id").find((value) => connections.byToken(value)?.negotiated);
    const track = named === undefined ? undefined : connections.byToken(named)?.track;
    if (track === undefined) return undefined;
    const known = channels.get(track);
    if (known !== undefined) return known;
    const channel = { track, polls: 0 };
    channels.set(track, channel);
    return channel;
  };

  const readerOf = (track: ConnectionTrack): PayloadReader => {
    const known = track.readers.get(HTTP_READER);
    if (known !== undefined) return known;
    const reader =
      track.chosen === undefined
        ? createHubReader(
            state,
            track,
            createConnectionDecoder({ isBlazorAddress: isBlazorUrl(track.view.url) }),
            { overHttp: true },
          )
        : createChosenReader(state, track, track.chosen, { resumed: true, overHttp: true });
    track.readers.set(HTTP_READER, reader);
    return reader;
  };

  const feed = (
    { track }: Channel,
    direction: Direction,
    payload: Payload,
    { at, exchange, act }: PieceOfExchange,
  ): { readonly entries: readonly EntryNumber[]; readonly kept: KeptPayload } => {
    const kept = keepPayload(state, track, { at, carrier: { exchange }, direction, payload, act });
    const reader = readerOf(track);
    const records = reader.decode(direction, payload);
    const seen = reader.protocol;
    const { protocol } = track.view;
    if (seen !== undefined && (seen.name !== protocol?.name || seen.version !== protocol.version)) {
      connections.change(track, { protocol: seen });
    }
    return { entries: logAll(track, records, { at, exchange, act }), kept };
  };

  const logAll = (
    track: ConnectionTrack,
    records: readonly SessionRecord[],
    { at, exchange, act }: PieceOfExchange,
  ): readonly EntryNumber[] =>
    records.map((record) => {
      const number = log.nextNumber;
      readerOf(track).log(record, { at, carrier: { exchange }, act });
      return number;
    });

  const begin = (channel: Channel, transport: Transport): void => {
    const { track } = channel;
    const opening = track.connectedAt === undefined && track.view.transport === undefined;
    connections.change(track, { transport, ...(opening && { state: { kind: "opening" } }) });
  };

  const open = (exchange: ExchangeId, receive: ReceiveExchange, at: Milliseconds): void => {
    const { track } = receive.channel;
    if (track.view.state.kind !== "opening") return;
    connections.change(track, { state: { kind: "handshaking" } });
    const duration = at - receive.startedAt;
    note(state, track, { at, happening: { kind: "opened", carrier: { exchange }, duration } });
  };

  const end = (channel: Channel, how: HttpEnding, { at, exchange, status, act }: EndOfConnection): void => {
    const { track } = channel;
    if (hasEnded(track.view) && !isPaused(track)) return;
    logAll(track, readerOf(track).end(), { at, exchange });
    const known = status === undefined ? {} : { status };
    const isError = how === "refused" || how === "stream-broken";
    note(state, track, {
      at,
      isError,
      happening: { kind: "ended", exchange, how, ...known, ...(act && { act }) },
    });
    if (act === undefined && track.closeError === undefined && !track.closing) brokenAt.set(track, at);
    const error = track.closeError;
    connections.change(track, {
      state: { kind: "ended", how, ...known, ...(error !== undefined && { error }), ...(act && { act }) },
    });
    track.pairing.end(false);
  };

  /** What broke only because the document went; browsers tell in this order. */
  const isBrokenByLeaving = (
    { view: { state } }: ConnectionTrack,
    since: Milliseconds | undefined,
    at: Milliseconds,
  ) =>
    state.kind === "ended" &&
    LEFT_LIKE_THIS.has(state.how) &&
    since !== undefined &&
    at - since <= TIME_TO_LEAVE;

  /** A client that stops aborts its poll before it sends DELETE; one whose poll timed out polls again. */
  const pause = ({ track }: Channel, at: Milliseconds): void => {
    if (hasEnded(track.view)) return;
    connections.change(track, { state: { kind: "ended", how: "poll-broken" } });
    brokenAt.set(track, at);
  };

  const goOn = ({ track }: Channel, at: Milliseconds): void => {
    if (isPaused(track))
      connections.change(track, { state: { kind: "connected", since: track.connectedAt ?? at } });
  };

  const receive = (event: HttpRequest, channel: Channel): void => {
    goOn(channel, event.at);
    const accept = event.headers?.["accept"]?.toLowerCase() ?? "";
    const transport = accept.includes(MARK_OF_EVENT_STREAM) ? "ServerSentEvents" : "LongPolling";
    channel.polls++;
    exchanges.set(event.exchange, { kind: "receive", channel, startedAt: event.at, transport });
    begin(channel, transport);
  };

  return {
    owns: (exchange) => exchanges.has(exchange),
    request(event) {
      const { exchange, at, method, url, body, act } = event;
      if (exchanges.has(exchange) || isNegotiateUrl(url)) return;
      const channel = channelOf(url);
      if (channel === undefined) return;
      switch (method.toUpperCase()) {
        case "GET":
          return receive(event, channel);
        case "POST": {
          const sent =
            body === undefined ? { entries: [] } : feed(channel, "out", body, { at, exchange, act });
          exchanges.set(exchange, { kind: "send", channel, ...sent });
          return;
        }
        case "DELETE":
          exchanges.set(exchange, { kind: "delete", channel });
          return;
        default:
      }
    },
    response({ exchange: id, at, status, headers }) {
      const exchange = exchanges.get(id);
      if (exchange === undefined) return;
      if (exchange.kind === "receive") {
        exchange.status = status;
        if (headers?.["content-type"]?.toLowerCase().startsWith(MARK_OF_EVENT_STREAM)) {
          exchange.transport = "ServerSentEvents";
          begin(exchange.channel, exchange.transport);
        }
        if (status === 200) return open(id, exchange, at);
        if (status === 204 && exchange.channel.polls > 1) return;
        return end(exchange.channel, status === 204 ? "poll-over" : "refused", { at, exchange: id, status });
      }
      if (exchange.kind === "send" && (status < 200 || status > 299)) {
        for (const entry of exchange.entries) log.mark(entry, "refused");
        if (exchange.kept !== undefined) exchange.kept.isRefused = true;
      }
      if (exchange.kind === "delete" && status >= 200 && status <= 299) {
        end(exchange.channel, "deleted", { at, exchange: id, status });
      }
    },
    body({ exchange: id, at, payload, act }) {
      const exchange = exchanges.get(id);
      if (exchange?.kind !== "receive" || exchange.status !== 200) return;
      const { channel } = exchange;
      if (exchange.transport === "LongPolling" || payload.kind === "omitted") {
        feed(channel, "in", payload, { at, exchange: id, act });
        return;
      }
      exchange.parser ??= createEventStreamParser();
      const piece = payload.kind === "text" ? payload.text : payload.bytes;
      for (const { data } of exchange.parser.push(piece)) {
        feed(channel, "in", { kind: "text", text: data }, { at, exchange: id, act });
      }
    },
    ended({ exchange: id, at, error, cancelled, act }) {
      const exchange = exchanges.get(id);
      if (exchange === undefined) return;
      exchanges.delete(id);
      if (exchange.kind !== "receive") return;
      const { channel, transport, parser } = exchange;
      channel.polls--;
      if (transport === "ServerSentEvents") {
        const pending = parser?.pending ?? "";
        if (pending !== "") feed(channel, "in", { kind: "text", text: pending }, { at, exchange: id });
        const how =
          error !== undefined ? "stream-broken" : cancelled === true ? "stream-closed" : "stream-ended";
        return end(channel, how, { at, exchange: id, act });
      }
      // At the user's command: the client does not poll again.
      if (act !== undefined) return end(channel, "poll-broken", { at, exchange: id, act });
      if (error !== undefined && channel.polls === 0) pause(channel, at);
    },
    leave(tracks, { at, isUnrecorded, isOutOfSight }) {
      for (const [id, { kind, channel }] of exchanges) {
        const { track } = channel;
        if (!tracks.has(track)) continue;
        exchanges.delete(id);
        if (kind === "receive") logAll(track, readerOf(track).end(), { at, exchange: id });
      }
      if (isUnrecorded === true || isOutOfSight === true) return;
      for (const track of tracks) {
        if (!isBrokenByLeaving(track, brokenAt.get(track), at)) continue;
        note(state, track, { at, happening: { kind: "left" } });
        connections.change(track, { state: { kind: "left" } });
      }
    },
  };
}

const LEFT_LIKE_THIS: ReadonlySet<HttpEnding> = new Set(["stream-ended", "stream-broken", "poll-broken"]);

function isPaused({ view: { state } }: ConnectionTrack): boolean {
  return state.kind === "ended" && state.how === "poll-broken";
}
