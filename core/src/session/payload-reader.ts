import { encodeUtf8 } from "../bytes/utf8.ts";
import { decodeClassicRecord } from "../wire/classic/decode.ts";
import type { ConnectionKind } from "../wire/classic/envelope.ts";
import { type ConnectionDecoder, createConnectionDecoder } from "../wire/connection-decoder.ts";
import type { DecodedRecord, HubProtocolName, RawRecord } from "../wire/hub-codec.ts";
import { decodeIrisRecord } from "../wire/iris/decode.ts";
import type { Direction, Payload } from "../wire/payload.ts";
import { decodePlainRecord } from "../wire/plain/decode.ts";
import { logClassic } from "./classic-log.ts";
import type { ConnectionTrack } from "./connection-list.ts";
import { type Arrival, logMessage } from "./message-log.ts";
import type { ConnectionProtocol, ProtocolName, ProtocolRecord, SessionRecord } from "./model.ts";
import { logPlain } from "./plain-log.ts";
import { rawSize } from "./raw-size.ts";
import type { SessionState } from "./session-state.ts";

/** How the payloads of one socket, or of all exchanges of one connection, become entries of the log. */
export interface PayloadReader<R extends SessionRecord = SessionRecord> {
  decode(direction: Direction, payload: Payload): readonly R[];
  /** What is left incomplete now that the transport has ended. */
  end(): readonly R[];
  log(record: R, arrival: Arrival): void;
  readonly protocol: ConnectionProtocol | undefined;
}

/** All exchanges of a connection over HTTP are read as one. No socket has an empty ID of its own. */
export const HTTP_READER = "";

/** A reader for what the user has chosen. */
export function createChosenReader(
  state: SessionState,
  track: ConnectionTrack,
  chosen: ProtocolName,
  options: {
    /** No handshake is to come. */
    readonly resumed: boolean;
    /** HTTP carries bytes: a binary protocol's body may come as text because it was valid UTF-8. */
    readonly overHttp: boolean;
  },
): PayloadReader {
  switch (chosen) {
    case "json":
    case "messagepack":
    case "blazorpack": {
      const decoder = createConnectionDecoder({ protocol: chosen, isChosen: true, resumed: options.resumed });
      return createHubReader(state, track, decoder, { chosen, overHttp: options.overHttp });
    }
    case "classic":
      return createClassicReader(state, track, track.classic.kind);
    case "iris":
    case "plain":
      return createPlainReader(state, track, chosen);
    default:
      return chosen satisfies never;
  }
}

export function createHubReader(
  state: SessionState,
  track: ConnectionTrack,
  decoder: ConnectionDecoder,
  { chosen, overHttp = false }: { readonly chosen?: HubProtocolName; readonly overHttp?: boolean } = {},
): PayloadReader<DecodedRecord> {
  return {
    decode: (direction, payload) => decoder.decode(direction, overHttp ? asBody(decoder, payload) : payload),
    end: () => decoder.end(),
    log: (record, arrival) => logMessage(state, track, record, arrival),
    get protocol() {
      return chosen === undefined ? decoder.protocol : chosenProtocol(chosen);
    },
  };
}

export function chosenProtocol(name: ProtocolName): ConnectionProtocol {
  return { name, guessed: false, chosen: true };
}

function asBody(decoder: ConnectionDecoder, payload: Payload): Payload {
  if (payload.kind !== "text" || decoder.protocol === undefined || decoder.phase === "handshake")
    return payload;
  if (decoder.protocol.name === "json") return payload;
  return { kind: "binary", bytes: encodeUtf8(payload.text) };
}

/** Classic SignalR over WebSockets: one payload is one message. */
export function createClassicReader(
  state: SessionState,
  track: ConnectionTrack,
  connection: ConnectionKind,
): PayloadReader<ProtocolRecord> {
  return {
    decode: (direction, payload) =>
      recordsOf(direction, payload, (raw) => decodeClassicRecord(raw, { direction, connection })),
    end: () => [],
    log: (record, arrival) => {
      logClassic(state, track, record, arrival);
    },
    get protocol() {
      return track.view.protocol;
    },
  };
}

export function createPlainReader(
  state: SessionState,
  track: ConnectionTrack,
  name: "iris" | "plain",
): PayloadReader<ProtocolRecord> {
  return {
    decode: (direction, payload) =>
      recordsOf(direction, payload, (raw) =>
        name === "iris" ? decodeIrisRecord(raw, { direction }) : decodePlainRecord(raw),
      ),
    end: () => [],
    log: (record, arrival) => logPlain(state, track, record, arrival),
    get protocol() {
      return track.view.protocol;
    },
  };
}

/** Also an empty payload is a message here. */
function recordsOf(
  direction: Direction,
  payload: Payload,
  decode: (raw: RawRecord) => Pick<ProtocolRecord, "message" | "issues">,
): readonly ProtocolRecord[] {
  if (payload.kind === "omitted") {
    const raw = { kind: "binary", bytes: new Uint8Array() } as const;
    const issues = [{ code: "payload-omitted", detail: payload.reason }] as const;
    return [{ direction, raw, size: payload.size, message: { kind: "undecodable" }, issues }];
  }
  return [{ direction, raw: payload, size: rawSize(payload), ...decode(payload) }];
}

export function hubNameOf(protocol: ConnectionProtocol | undefined): HubProtocolName | undefined {
  switch (protocol?.name) {
    case "json":
    case "messagepack":
    case "blazorpack":
      return protocol.name;
    default:
      return undefined;
  }
}
