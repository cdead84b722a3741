import type {
  DocumentId,
  ExchangeId,
  HttpEnded,
  HttpRequest,
  HttpResponse,
  HttpResponseBody,
  Milliseconds,
} from "../capture-event.ts";
import { createEventStreamParser, type EventStreamParser } from "../wire/framing/event-stream.ts";
import { decodePlainRecord } from "../wire/plain/decode.ts";
import { type ConnectionTrack, hasEnded } from "./connection-list.ts";
import { type ConnectionFollower, dropExchanges } from "./document-ends.ts";
import { hubPathOf, hubUrlOfSocket } from "./hub-url.ts";
import { appendMessage, stateWhenHeard } from "./message-log.ts";
import type { HttpEnding } from "./model.ts";
import { rawSize } from "./raw-size.ts";
import { note, type SessionState } from "./session-state.ts";

/**
 * Event streams that are not SignalR's, for a session that shows other traffic too: each event is a message without a
 * protocol, under the name that the stream gives it. A stream that breaks and is asked for again goes on as it was.
 */
export interface OtherStreams extends ConnectionFollower {
  request(event: HttpRequest): void;
  response(event: HttpResponse): void;
  body(event: HttpResponseBody): void;
  ended(event: HttpEnded): void;
}

interface Stream {
  /** Absent until the answer says that it is an event stream. */
  track?: ConnectionTrack;
  readonly request: HttpRequest;
  readonly parser: EventStreamParser;
}

const EVENT_STREAM = "text/event-stream";

export function createOtherStreams(state: SessionState): OtherStreams {
  const { connections } = state;
  const streams = new Map<ExchangeId, Stream>();
  /** The latest of each address and document. */
  const known = new Map<string, ConnectionTrack>();

  const begin = (stream: Stream, at: Milliseconds): ConnectionTrack => {
    const { url, origin, at: startedAt } = stream.request;
    const key = keyOf(url, origin?.document);
    const before = known.get(key);
    const isBack = before !== undefined && connections.find(before.id) === before && canGoOn(before);
    const shownUrl = hubUrlOfSocket(url, undefined);
    const track = isBack
      ? before
      : connections.create({
          url: shownUrl,
          hubPath: hubPathOf(shownUrl),
          state: { kind: "opening" },
          startedAt,
          ...(origin && { origin }),
        });
    known.set(key, track);
    stream.track = track;
    connections.change(track, {
      transport: "ServerSentEvents",
      protocol: { name: "plain", guessed: false },
      state: { kind: "connected", since: at },
    });
    track.connectedAt ??= at;
    return track;
  };

  const append = (track: ConnectionTrack, text: string, name: string, event: HttpResponseBody): void => {
    const raw = { kind: "text", text } as const;
    const record = { direction: "in", raw, size: rawSize(raw), ...decodePlainRecord(raw) } as const;
    const { at, exchange, act } = event;
    const next = stateWhenHeard(track, at);
    if (next !== undefined) connections.change(track, { state: next });
    const target = name === "message" ? {} : { target: name };
    appendMessage(state, track, record, { at, carrier: { exchange }, act }, target);
  };

  const end = (stream: Stream, how: HttpEnding, at: Milliseconds, status?: number): void => {
    const { exchange } = stream.request;
    const track = stream.track ?? begin(stream, at);
    const known = status === undefined ? {} : { status };
    const isError = how === "refused" || how === "stream-broken";
    note(state, track, { at, isError, happening: { kind: "ended", exchange, how, ...known } });
    connections.change(track, { state: { kind: "ended", how, ...known } });
  };

  return {
    request(event) {
      const { method, headers, exchange } = event;
      const accept = headers?.["accept"]?.toLowerCase() ?? "";
      if (method.toUpperCase() !== "GET" || !accept.includes(EVENT_STREAM)) return;
      streams.set(exchange, { request: event, parser: createEventStreamParser() });
    },
    response({ exchange, at, status, headers }) {
      const stream = streams.get(exchange);
      if (stream === undefined || stream.track !== undefined) return;
      const type = headers?.["content-type"]?.toLowerCase() ?? EVENT_STREAM;
      if (status !== 200 || !type.startsWith(EVENT_STREAM)) {
        streams.delete(exchange);
        end(stream, "refused", at, status);
        return;
      }
      const track = begin(stream, at);
      const duration = at - stream.request.at;
      note(state, track, { at, happening: { kind: "opened", carrier: { exchange }, duration } });
    },
    body(event) {
      const stream = streams.get(event.exchange);
      if (stream?.track === undefined) return;
      const { payload } = event;
      if (payload.kind === "omitted") {
        const raw = { kind: "binary", bytes: new Uint8Array() } as const;
        const issues = [{ code: "payload-omitted", detail: payload.reason }] as const;
        const message = { kind: "undecodable" } as const;
        const { at, exchange } = event;
        const record = { direction: "in", raw, size: payload.size, message, issues } as const;
        appendMessage(state, stream.track, record, { at, carrier: { exchange } }, {});
        return;
      }
      const piece = payload.kind === "text" ? payload.text : payload.bytes;
      for (const { data, event: name } of stream.parser.push(piece)) append(stream.track, data, name, event);
    },
    ended({ exchange, at, error, cancelled }) {
      const stream = streams.get(exchange);
      if (stream === undefined) return;
      streams.delete(exchange);
      const how =
        error !== undefined ? "stream-broken" : cancelled === true ? "stream-closed" : "stream-ended";
      end(stream, how, at);
    },
    leave(tracks) {
      dropExchanges(streams, tracks);
    },
  };
}

function canGoOn({ view }: ConnectionTrack): boolean {
  return hasEnded(view) && view.state.kind !== "left";
}

function keyOf(url: string, document: DocumentId | undefined): string {
  return `${document ?? ""} ${url}`;
}
