import { type DecodedClassic, decodeClassicRecord } from "../../core/src/wire/classic/decode.ts";
import type { ConnectionKind } from "../../core/src/wire/classic/envelope.ts";
import { decodeStreamEvent } from "../../core/src/wire/classic/event-stream.ts";
import {
  createForeverFrameParser,
  type ForeverFrameParser,
} from "../../core/src/wire/classic/forever-frame.ts";
import { sentText } from "../../core/src/wire/classic/form.ts";
import { idText } from "../../core/src/wire/classic/message.ts";
import { parseClassicNegotiateResponse } from "../../core/src/wire/classic/negotiate.ts";
import { decodeResponseBody } from "../../core/src/wire/classic/response-body.ts";
import { type ClassicAddress, parseClassicAddress } from "../../core/src/wire/classic/urls.ts";
import { createEventStreamParser, type EventStreamParser } from "../../core/src/wire/framing/event-stream.ts";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import type { Direction } from "../../core/src/wire/payload.ts";
import { type ShownMessage, showClassic } from "./shown-classic.ts";

/**
 * Recordings of a real classic ASP.NET SignalR server (test/captures/classic/README.md): finds in NDJSON what each
 * channel carried, gives it to the decoders of `core/src/wire/classic`, and puts the messages as the expected files do.
 *
 * @module
 */

interface RecordedLine {
  readonly kind: string;
  readonly id: number;
  readonly dir: Direction;
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly base64?: string;
  readonly opcode?: 1 | 2;
}

export interface RecordedExchange {
  readonly id: number;
  readonly method: string;
  readonly address: ClassicAddress;
  readonly status: number;
  readonly reason: string;
  /** The whole body, where the exchange is no stream. */
  readonly body: string;
}

export interface ClassicRecording {
  readonly messages: readonly ShownMessage[];
  readonly exchanges: readonly RecordedExchange[];
  /** Every message as it was decoded, in order, with its text: what a WebSocket would carry. */
  readonly decoded: readonly {
    readonly text: string;
    readonly direction: Direction;
    readonly decoded: DecodedClassic;
  }[];
}

interface Channel {
  readonly id: number;
  readonly method: string;
  readonly address: ClassicAddress;
  readonly connection: ConnectionKind;
  readonly isSocket: boolean;
  readonly contentType: string | undefined;
  status: number;
  reason: string;
  readonly stream: EventStreamParser | undefined;
  readonly frame: ForeverFrameParser | undefined;
  readonly pieces: Buffer[];
  lastChunk: number;
}

interface Found {
  readonly event: number;
  readonly channel: Channel;
  readonly direction: Direction;
  readonly text: string;
  readonly decoded: DecodedClassic;
  readonly around: ShownMessage;
}

export function readClassicRecording(ndjson: string): ClassicRecording {
  const channels = new Map<number, Channel>();
  const connections: string[] = [];
  const basesWithHubs = new Set<string>();
  const found: Found[] = [];
  ndjson.split("\n").forEach((line, event) => {
    if (line.trim() === "") return;
    const recorded = JSON.parse(line) as RecordedLine;
    if (recorded.kind === "request" || recorded.kind === "ws-open") {
      channels.set(recorded.id, openChannel(recorded, basesWithHubs));
    }
    const channel = channels.get(recorded.id);
    if (channel !== undefined) found.push(...readLine(recorded, event, channel, connections));
  });
  const inOrder = found.toSorted((one, other) => one.event - other.event);
  return {
    messages: showAll(inOrder, connections),
    exchanges: [...channels.values()]
      .filter(({ isSocket }) => !isSocket)
      .map(({ id, method, address, status, reason, pieces }) => {
        return { id, method, address, status, reason, body: Buffer.concat(pieces).toString() };
      }),
    decoded: inOrder,
  };
}

function openChannel(recorded: RecordedLine, basesWithHubs: Set<string>): Channel {
  const { id, kind, method = "GET", url = "", headers = {} } = recorded;
  const address = parseClassicAddress(url);
  const isReceive = isReceiving(address);
  if (address.hubs !== undefined) basesWithHubs.add(address.base);
  // One address has either hubs or a persistent connection; only the former is told of hubs.
  const connection = basesWithHubs.has(address.base) ? "hubs" : "persistent";
  return {
    id,
    method,
    address,
    connection,
    isSocket: kind === "ws-open",
    contentType: headers["content-type"],
    status: 0,
    reason: "",
    stream: isReceive && address.transport === "serverSentEvents" ? createEventStreamParser() : undefined,
    frame:
      isReceive && address.transport === "foreverFrame" ? createForeverFrameParser(connection) : undefined,
    pieces: [],
    lastChunk: 0,
  };
}

function isReceiving({ action }: ClassicAddress): boolean {
  return action === "connect" || action === "reconnect" || action === "poll" || action === "receive";
}

function readLine(
  recorded: RecordedLine,
  event: number,
  channel: Channel,
  connections: string[],
): readonly Found[] {
  const { address, connection } = channel;
  const one = (direction: Direction, text: string, decoded: DecodedClassic, around: ShownMessage = {}) => {
    return [
      { event: direction === "out" ? event : channel.lastChunk, channel, direction, text, decoded, around },
    ];
  };
  switch (recorded.kind) {
    case "request": {
      if (address.action !== "send") return [];
      const { contentType } = channel;
      const query = address.params;
      const text = sentText(
        recorded.text ?? "",
        contentType === undefined ? { query } : { contentType, query },
      );
      if (text === undefined) return [];
      const options = { direction: "out", connection } as const;
      return one("out", text, decodeClassicRecord({ kind: "text", text }, options));
    }
    case "response":
      channel.status = recorded.status ?? 0;
      channel.reason = recorded.reason ?? "";
      return [];
    case "response-chunk": {
      channel.lastChunk = event;
      const bytes = bytesOf(recorded);
      if (channel.status !== 200) channel.pieces.push(bytes);
      else if (channel.stream !== undefined) {
        return channel.stream
          .push(bytes)
          .flatMap(({ data }) => one("in", data, decodeStreamEvent(data, connection)));
      } else if (channel.frame !== undefined) {
        return channel.frame
          .push(bytes)
          .flatMap(({ json, text, decoded }) => one("in", json ?? text, decoded));
      } else channel.pieces.push(bytes);
      return [];
    }
    case "response-end": {
      if (channel.status !== 200 || channel.stream !== undefined || channel.frame !== undefined) return [];
      const body = Buffer.concat(channel.pieces).toString();
      if (address.action === "negotiate") {
        const response = parseClassicNegotiateResponse(body);
        if (response.kind === "accepted") connections.push(response.connectionToken ?? "");
      }
      if (address.action !== "send" && !isReceiving(address)) return [];
      const { decoded, keepAlives, callback, text } = decodeResponseBody(body, connection);
      if (decoded === undefined) return [];
      return one("in", text, decoded, {
        ...(keepAlives > 0 && { leadingKeepAliveSpaces: keepAlives }),
        ...(callback !== undefined && { jsonp: callback }),
      });
    }
    case "ws-message": {
      channel.lastChunk = event;
      const bytes = bytesOf(recorded);
      const text = bytes.toString();
      const record =
        recorded.opcode === 2 ? ({ kind: "binary", bytes } as const) : ({ kind: "text", text } as const);
      return one(
        recorded.dir,
        text,
        decodeClassicRecord(record, { direction: recorded.dir, connection }),
        recorded.opcode === 2 ? { kind: "binary", base64: bytes.toString("base64") } : {},
      );
    }
    default:
      return [];
  }
}

function bytesOf({ text, base64 }: RecordedLine): Buffer {
  return base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64");
}

function showAll(found: readonly Found[], connections: readonly string[]): readonly ShownMessage[] {
  const counts = new Map<string, number>();
  const calls: {
    readonly found: Found;
    readonly shown: Record<string, unknown>;
    readonly id: string | undefined;
  }[] = [];
  return found.map((item) => {
    const { channel, direction, decoded, around, text, event } = item;
    const index = connections.indexOf(channel.address.params["connectionToken"] ?? "");
    const conn = index < 0 ? null : index;
    const n = counts.get(`${conn} ${direction}`) ?? 0;
    counts.set(`${conn} ${direction}`, n + 1);
    const callOf = (id: WireValue, isReply: boolean) => {
      const candidates = calls.filter(
        (call) => sameRoute(call.found, item, isReply) && call.shown["conn"] === conn,
      );
      const wanted = idText(id);
      if (isReply && !channel.isSocket) return candidates[0];
      return candidates.findLast((call) => {
        return call.id === wanted && wanted !== undefined && !(isReply && call.shown["reply"] !== null);
      });
    };
    const shown: Record<string, unknown> = {
      conn,
      dir: direction,
      n,
      event,
      [channel.isSocket ? "socket" : "exchange"]: channel.id,
      transport: channel.address.params["transport"],
      ...(around["kind"] === undefined &&
        showClassic(decoded.message, { kind: "text", text }, (id) => ({
          call: callOf(id, false)?.shown["n"] ?? null,
        }))),
      ...around,
    };
    const { message } = decoded;
    if (message.kind === "hub-call" && shown["kind"] === "hubCall") {
      shown["reply"] = null;
      calls.push({ found: item, shown, id: idText(message.id) });
    }
    if (message.kind === "hub-result" || message.kind === "hub-error") {
      const call = callOf(message.id, true);
      shown["replyTo"] = call?.shown["n"] ?? null;
      if (call !== undefined) call.shown["reply"] = n;
    }
    return shown;
  });
}

/** Replies come by the call's own socket or request; progress by whatever receive channel there is. */
function sameRoute(call: Found, other: Found, isReply: boolean): boolean {
  if (call.channel.isSocket || isReply) return call.channel === other.channel;
  return true;
}
