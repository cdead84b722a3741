import { decodeUtf8, utf8Length } from "../bytes/utf8.ts";
import type {
  ExchangeId,
  HttpEnded,
  HttpRequest,
  HttpResponse,
  HttpResponseBody,
  Milliseconds,
} from "../capture-event.ts";
import { decodeClassicRecord } from "../wire/classic/decode.ts";
import { isClassicChannelUrl } from "../wire/classic/detect.ts";
import { decodeStreamEvent } from "../wire/classic/event-stream.ts";
import { createForeverFrameParser, type ForeverFrameParser } from "../wire/classic/forever-frame.ts";
import { sentText } from "../wire/classic/form.ts";
import { decodeResponseBody } from "../wire/classic/response-body.ts";
import { type ClassicAction, type ClassicAddress, parseClassicAddress } from "../wire/classic/urls.ts";
import { createEventStreamParser, type EventStreamParser } from "../wire/framing/event-stream.ts";
import type { ByteLength, Direction, Payload } from "../wire/payload.ts";
import { beginChannel, endConnection, interrupt, openChannel } from "./classic-channel.ts";
import { type ClassicEndpoints, transportOf } from "./classic-endpoints.ts";
import { logClassic } from "./classic-log.ts";
import { type ConnectionTrack, hasEnded } from "./connection-list.ts";
import { type ConnectionFollower, dropExchanges } from "./document-ends.ts";
import { isSameEndpoint } from "./hub-url.ts";
import type { Arrival } from "./message-log.ts";
import type { ConnectionHappening, EntryNumber, ProtocolRecord, Transport } from "./model.ts";
import { note, type SessionState } from "./session-state.ts";
import { createTextCollector, type TextCollector } from "./text-collector.ts";

/** The HTTP exchanges of classic connections: receive channels, send requests with their replies, start, ping, abort. */
export interface ClassicExchanges extends ConnectionFollower {
  request(event: HttpRequest): void;
  response(event: HttpResponse): void;
  body(event: HttpResponseBody): void;
  ended(event: HttpEnded): void;
  /** The exchange is under way and belongs to a connection. */
  owns(exchange: ExchangeId): boolean;
}

type RequestAction = Extract<ConnectionHappening, { kind: "request" }>["action"];

interface Exchange {
  readonly id: ExchangeId;
  readonly kind: "receive" | "send" | "other";
  readonly action: ClassicAction;
  readonly track: ConnectionTrack;
  readonly startedAt: Milliseconds;
  readonly transport: Transport;
  status?: number;
  readonly stream: EventStreamParser | undefined;
  readonly frame: ForeverFrameParser | undefined;
  readonly text: TextCollector;
  /** Of a send request: what its body brought. */
  entry?: EntryNumber;
}

export function createClassicExchanges(state: SessionState, endpoints: ClassicEndpoints): ClassicExchanges {
  const { connections, log } = state;
  const exchanges = new Map<ExchangeId, Exchange>();
  state.onRenumber((renumbered) => {
    for (const exchange of exchanges.values()) {
      const entry = exchange.entry === undefined ? undefined : renumbered(exchange.entry);
      if (entry === undefined) delete exchange.entry;
      else exchange.entry = entry;
    }
  });

  const logOne = (
    { id, track }: Exchange,
    at: Milliseconds,
    direction: Direction,
    record: Omit<ProtocolRecord, "direction">,
    facts: Pick<Arrival, "act" | "isRewritten"> = {},
  ): void => {
    track.classic.hasExchanges = true;
    logClassic(state, track, { ...record, direction }, { at, carrier: { exchange: id }, ...facts });
  };

  const send = (exchange: Exchange, event: HttpRequest, address: ClassicAddress) => {
    const { track } = exchange;
    const { at, body, headers, act } = event;
    if (body?.kind === "omitted") {
      exchange.entry = log.nextNumber;
      return logOne(exchange, at, "out", omitted(body), { act });
    }
    const contentType = headers?.["content-type"];
    const form = textOf(body);
    const options = { query: address.params, ...(contentType !== undefined && { contentType }) };
    const text = sentText(form, options);
    if (text === undefined) return;
    exchange.entry = log.nextNumber;
    const raw = { kind: "text", text } as const;
    const record = {
      raw,
      size: utf8Length(form === "" ? text : form),
      ...decodeClassicRecord(raw, { direction: "out", connection: track.classic.kind }),
    };
    logOne(exchange, at, "out", record, { act });
  };

  const receive = (exchange: Exchange, event: HttpResponseBody) => {
    const { at, payload, act } = event;
    const { stream, frame, track, text } = exchange;
    if (payload.kind === "omitted") {
      if (stream !== undefined || frame !== undefined) logOne(exchange, at, "in", omitted(payload), { act });
      else text.add(event);
      return;
    }
    const piece = payload.kind === "text" ? payload.text : payload.bytes;
    if (stream !== undefined) {
      for (const { data } of stream.push(piece)) {
        const raw = { kind: "text", text: data } as const;
        const decoded = decodeStreamEvent(data, track.classic.kind);
        logOne(exchange, at, "in", { raw, size: utf8Length(data), ...decoded }, { act });
      }
    } else if (frame !== undefined) {
      for (const script of frame.push(piece)) logScript(exchange, at, script);
    } else text.add(event);
  };

  const logScript = (
    exchange: Exchange,
    at: Milliseconds,
    { json, text, size, decoded }: ReturnType<ForeverFrameParser["end"]>[number],
  ): void => logOne(exchange, at, "in", { raw: { kind: "text", text: json ?? text }, size, ...decoded });

  /** What a stream leaves behind when it ends within a message. */
  const endStream = (exchange: Exchange, at: Milliseconds): void => {
    for (const script of exchange.frame?.end() ?? []) logScript(exchange, at, script);
    const pending = exchange.stream?.pending ?? "";
    if (pending === "") return;
    logOne(exchange, at, "in", {
      raw: { kind: "text", text: pending },
      size: utf8Length(pending),
      message: { kind: "undecodable" },
      issues: [{ code: "incomplete-at-close" }],
    });
  };

  /** The body of a poll, or the reply of a send request. */
  const readBody = (exchange: Exchange, at: Milliseconds, wasCut: boolean) => {
    const { text, track } = exchange;
    const body = text.whole();
    if (body === undefined)
      return logOne(exchange, at, "in", omitted({ reason: text.gap(), size: text.size() }));
    const { decoded, text: json } = decodeResponseBody(body, track.classic.kind);
    if (decoded === undefined) return;
    const isCut = wasCut && decoded.message.kind === "undecodable";
    const record = {
      raw: { kind: "text", text: json },
      size: text.size(),
      message: decoded.message,
      issues: isCut ? [{ code: "incomplete-at-close" } as const, ...decoded.issues] : decoded.issues,
    } as const;
    logOne(exchange, at, "in", record, text.origin());
  };

  const noteRequest = (
    { id, track, status, startedAt, text }: Exchange,
    action: RequestAction,
    { at, isError }: { readonly at: Milliseconds; readonly isError: boolean },
  ): void => {
    const body = text.shown();
    note(state, track, {
      at,
      ...text.origin(),
      isError,
      happening: {
        kind: "request",
        action,
        exchange: id,
        duration: at - startedAt,
        ...(status !== undefined && { status }),
        ...(body !== "" && { body }),
      },
    });
  };

  const endReceive = (exchange: Exchange, { at, error, cancelled, act }: HttpEnded) => {
    const { id, track, transport, status, stream, frame, action } = exchange;
    if (status !== undefined && status !== 200) {
      if (status === 204) return;
      const word = action === "connect" || action === "reconnect" ? action : "poll";
      noteRequest(exchange, word, { at, isError: true });
      if (transport === track.view.transport) interrupt(state, track);
      return;
    }
    if (stream === undefined && frame === undefined) {
      readBody(exchange, at, error !== undefined);
      if (track.classic.isDismissed) return endConnection(state, track, "dismissed");
      if (error === undefined || hasEnded(track.view)) return;
      note(state, track, { at, happening: { kind: "ended", exchange: id, how: "poll-broken" } });
      return interrupt(state, track);
    }
    endStream(exchange, at);
    const how = error !== undefined ? "stream-broken" : cancelled === true ? "stream-closed" : "stream-ended";
    // A client takes its forever frame out of the page before it says abort.
    const isError = error !== undefined && !track.classic.isAborted && frame === undefined;
    note(state, track, { at, isError, happening: { kind: "ended", exchange: id, how, ...(act && { act }) } });
    if (track.classic.isDismissed) return endConnection(state, track, "dismissed");
    if (transport === track.view.transport) interrupt(state, track);
  };

  const endSend = (exchange: Exchange, { at, error }: HttpEnded) => {
    const { track, status, entry, id } = exchange;
    const isRefused = status !== undefined && (status < 200 || status > 299);
    if (!isRefused && status !== undefined) readBody(exchange, at, error !== undefined);
    if (isRefused && entry !== undefined) log.mark(entry, "refused");
    if (isRefused || error !== undefined) noteRequest(exchange, "send", { at, isError: true });
    const isTaken = !isRefused && status !== undefined && error === undefined;
    if (isTaken && exchange.text.size() === 0) track.classic.pairing.leaveOpen({ exchange: id });
    else track.classic.pairing.lose({ exchange: id });
  };

  const endOther = (exchange: Exchange, { at, error }: HttpEnded) => {
    const { track, status, action } = exchange;
    const isError = error !== undefined || status === undefined || status < 200 || status > 299;
    if (action !== "start" && action !== "ping" && action !== "abort") return;
    // A page that goes away does not wait for the answer to its abort.
    noteRequest(exchange, action, { at, isError: isError && action !== "abort" });
    if (action === "start" && isError && status !== undefined && !hasEnded(track.view)) {
      const reason = `The start request was answered with HTTP status ${status}`;
      connections.change(track, { state: { kind: "handshake-failed", error: reason } });
    }
  };

  /** A ping bears no token: it is of the connection at its endpoint that is up. */
  const pinged = (url: string): ConnectionTrack | undefined => {
    const endpoint = endpoints.endpointOf(url);
    return [...connections.all()].findLast(
      ({ view }) =>
        view.protocol?.name === "classic" && !hasEnded(view) && isSameEndpoint(view.url, endpoint),
    );
  };

  const connectionFor = (event: HttpRequest, kind: Exchange["kind"]): ConnectionTrack | undefined => {
    const { url, at, origin } = event;
    const known = endpoints.find(url);
    if (known !== undefined || kind === "other" || !isClassicChannelUrl(url)) return known;
    return endpoints.join(url, { at, origin });
  };

  return {
    owns: (exchange) => exchanges.has(exchange),
    leave(tracks, { at }) {
      for (const exchange of exchanges.values()) if (tracks.has(exchange.track)) endStream(exchange, at);
      dropExchanges(exchanges, tracks);
    },
    request(event) {
      const { exchange: id, at, url } = event;
      if (exchanges.has(id)) return;
      const address = parseClassicAddress(url);
      const { action } = address;
      if (action === "negotiate" || action === "hubs" || action === "js") return;
      const kind = kindOf(action);
      if (isClassicChannelUrl(url)) endpoints.learn(url);
      const track = action === "ping" ? pinged(url) : connectionFor(event, kind);
      if (track === undefined) return;
      const transport = transportOf(address.transport);
      const isReceiving = kind === "receive";
      const exchange: Exchange = {
        id,
        kind,
        action,
        track,
        startedAt: at,
        transport,
        stream: isReceiving && transport === "ServerSentEvents" ? createEventStreamParser() : undefined,
        frame:
          isReceiving && transport === "ForeverFrame"
            ? createForeverFrameParser(track.classic.kind)
            : undefined,
        text: createTextCollector(),
      };
      exchanges.set(id, exchange);
      if (isReceiving) beginChannel(state, track, transport);
      if (kind === "send") send(exchange, event, address);
      if (action === "abort") track.classic.isAborted = true;
    },
    response({ exchange: id, at, status }) {
      const exchange = exchanges.get(id);
      if (exchange === undefined) return;
      exchange.status = status;
      const { kind, track, action, startedAt } = exchange;
      if (kind === "receive" && status === 200) {
        openChannel(state, track, { at, carrier: { exchange: id }, action, duration: at - startedAt });
      }
      if (action === "abort" && status >= 200 && status <= 299) endConnection(state, track, "deleted");
    },
    body(event) {
      const exchange = exchanges.get(event.exchange);
      if (exchange === undefined) return;
      if (exchange.kind === "receive" && exchange.status === 200) receive(exchange, event);
      else exchange.text.add(event);
    },
    ended(event) {
      const exchange = exchanges.get(event.exchange);
      if (exchange === undefined) return;
      exchanges.delete(event.exchange);
      switch (exchange.kind) {
        case "receive":
          return endReceive(exchange, event);
        case "send":
          return endSend(exchange, event);
        case "other":
          return endOther(exchange, event);
        default:
          exchange.kind satisfies never;
      }
    },
  };
}

function kindOf(action: ClassicAction): Exchange["kind"] {
  if (action === "send") return "send";
  return action === "start" || action === "ping" || action === "abort" ? "other" : "receive";
}

function textOf(body: Exclude<Payload, { kind: "omitted" }> | undefined): string {
  if (body === undefined) return "";
  return body.kind === "text" ? body.text : decodeUtf8(body.bytes).text;
}

function omitted({
  reason,
  size,
}: {
  readonly reason: ReturnType<TextCollector["gap"]>;
  readonly size: ByteLength;
}): Omit<ProtocolRecord, "direction"> {
  return {
    raw: { kind: "binary", bytes: new Uint8Array() },
    size,
    message: { kind: "undecodable" },
    issues: [{ code: "payload-omitted", detail: reason }],
  };
}
