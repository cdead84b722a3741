import { computed, type ReadonlySignal } from "@preact/signals";
import type { Connection, ConnectionId, ProtocolName } from "../../../core/src/session/model.ts";
import { PROTOCOL_WORDS } from "../../texts.ts";

/** What the payloads of a connection may be decoded as, and what they are now. */
export interface DecodeChoices {
  readonly connection: ConnectionId;
  /** Undefined: nothing has told what they are. */
  readonly current: ProtocolName | undefined;
  /** No handshake says so, or the user did: the choice is offered without being asked for. */
  readonly isDoubtful: boolean;
  readonly choices: readonly { readonly protocol: ProtocolName; readonly label: string }[];
}

export interface DecodeModel {
  /** Of the selected connection; undefined where none is selected, or there is nothing to choose. */
  readonly selected: ReadonlySignal<DecodeChoices | undefined>;
  /** Why there is nothing to choose; undefined where none is selected, or there is. */
  readonly certainty: ReadonlySignal<string | undefined>;
  decodeAs(connection: ConnectionId, protocol: ProtocolName): void;
}

const HUB_PROTOCOLS: readonly ProtocolName[] = ["json", "messagepack", "blazorpack"];
const SOCKET_PROTOCOLS: readonly ProtocolName[] = [...HUB_PROTOCOLS, "classic", "iris", "plain"];

export function createDecodeModel(
  connection: ReadonlySignal<Connection | undefined>,
  decodeAs: DecodeModel["decodeAs"],
): DecodeModel {
  return {
    selected: computed(() => (connection.value === undefined ? undefined : choicesOf(connection.value))),
    certainty: computed(() => (connection.value === undefined ? undefined : certaintyOf(connection.value))),
    decodeAs,
  };
}

/** In a few words, for a menu that has nothing else. */
export function certaintyOf(connection: Connection): string | undefined {
  if (choicesOf(connection) !== undefined) return undefined;
  const { messagesIn, messagesOut, protocol } = connection;
  if (messagesIn + messagesOut === 0) return "Nothing to decode yet";
  return protocol?.name === "classic"
    ? "Classic SignalR for certain: the addresses of its requests say so"
    : "An event stream that is no hub's: shown as it came";
}

/** Over HTTP addresses and headers tell what this is; only which hub protocol it is may be in doubt. */
export function choicesOf({
  id,
  protocol,
  transport,
  messagesIn,
  messagesOut,
}: Connection): DecodeChoices | undefined {
  const isSocket = transport === "WebSockets";
  const isCertain = !isSocket && (protocol?.name === "classic" || protocol?.name === "plain");
  if (messagesIn + messagesOut === 0 || isCertain) return undefined;
  const protocols = isSocket ? SOCKET_PROTOCOLS : HUB_PROTOCOLS;
  return {
    connection: id,
    current: protocol?.name,
    isDoubtful: protocol === undefined || protocol.guessed || protocol.chosen === true,
    choices: protocols.map((name) => ({ protocol: name, label: PROTOCOL_WORDS[name] })),
  };
}
