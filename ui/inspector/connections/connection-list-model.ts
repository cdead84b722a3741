import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Milliseconds } from "../../../core/src/capture-event.ts";
import type {
  Connection,
  ConnectionAuthentication,
  ConnectionId,
  HttpEnding,
} from "../../../core/src/session/model.ts";
import { redactText } from "../../../core/src/session/redaction.ts";
import type { Session } from "../../../core/src/session/session.ts";
import { formatCount } from "../../format/format-count.ts";
import { formatDuration } from "../../format/format-duration.ts";
import { recomputed } from "../../recomputed.ts";
import {
  ACT_WORDS,
  CIRCUIT_WORDS,
  closeCodeText,
  HTTP_ENDING_WORDS,
  negotiateFailureText,
  PROTOCOL_WORDS,
  SEEN_BY_NETWORK_LOG,
  STATE_WORDS,
  stateWords,
  TRANSPORT_WORDS,
  tokenLifetimeText,
} from "../../texts.ts";
import { safeLine } from "../../value/safe-text.ts";
import { createDecodeModel, type DecodeModel } from "./decode-model.ts";

/** How the mark before a connection looks: filled, ring, empty, square. */
export type ConnectionMark = "on" | "between" | "off" | "failed";

export interface ConnectionItem {
  readonly id: ConnectionId;
  readonly path: string;
  readonly mark: ConnectionMark;
  readonly state: string;
  /** "WebSockets · MessagePack · 4 min 12 s". */
  readonly detail: string;
  readonly count: string;
  readonly title: string;
}

export interface ConnectionListModel {
  readonly items: ReadonlySignal<readonly ConnectionItem[]>;
  readonly total: ReadonlySignal<string>;
  /** Undefined: all connections. */
  readonly selected: ReadonlySignal<ConnectionId | undefined>;
  select(id: ConnectionId | undefined): void;
  /** What the payloads of the selected connection are decoded as. */
  readonly decode: DecodeModel;
  /** Arrow keys of a list box; true where the key meant something. */
  press(key: string): boolean;
}

export interface ConnectionListOptions {
  readonly revision: ReadonlySignal<number>;
  readonly now: ReadonlySignal<Milliseconds>;
  readonly redactUrl: (url: string) => string;
  readonly decodeAs: DecodeModel["decodeAs"];
}

export function createConnectionListModel(
  session: Session,
  { revision, now, redactUrl, decodeAs }: ConnectionListOptions,
): ConnectionListModel {
  const chosen = signal<ConnectionId | undefined>(undefined);
  const connections = recomputed(revision, () => [...session.connections]);
  const items = computed(() =>
    connections.value.map((connection) => describeConnection(connection, now.value, redactUrl)),
  );
  const selected = computed(() =>
    items.value.some(({ id }) => id === chosen.value) ? chosen.value : undefined,
  );
  return {
    items,
    total: computed(() =>
      formatCount(
        connections.value.reduce((sum, { messagesIn, messagesOut }) => sum + messagesIn + messagesOut, 0),
      ),
    ),
    selected,
    decode: createDecodeModel(
      computed(() => connections.value.find(({ id }) => id === selected.value)),
      decodeAs,
    ),
    select: (id) => {
      chosen.value = id;
    },
    press: (key) => {
      const ids = [undefined, ...items.value.map(({ id }) => id)];
      const at = ids.indexOf(selected.value);
      const steps: Readonly<Record<string, number>> = {
        ArrowDown: at + 1,
        ArrowUp: at - 1,
        Home: 0,
        End: ids.length - 1,
      };
      const to = steps[key];
      if (to === undefined) return false;
      chosen.value = ids[Math.max(0, Math.min(to, ids.length - 1))];
      return true;
    },
  };
}

export function describeConnection(
  connection: Connection,
  now: Milliseconds,
  redactUrl: (url: string) => string,
): ConnectionItem {
  const { id, hubPath, state, messagesIn, messagesOut } = connection;
  const detail = detailOf(connection, now);
  const where = connection.origin?.seenBy === undefined ? "" : `\nSeen in ${SEEN_BY_NETWORK_LOG}`;
  return {
    id,
    path: safeLine(hubPath),
    mark: markOf(state),
    state: stateWords(state),
    detail,
    count: formatCount(messagesIn + messagesOut),
    title: `${safeLine(redactUrl(connection.url))}\n${detail}${where}`,
  };
}

/** Done, left, or closed without saying why: RFC 6455 section 7.4.1. */
const ORDINARY_CLOSES: readonly number[] = [0, 1000, 1001, 1005];

const ORDINARY_ENDS: readonly HttpEnding[] = [
  "stream-ended",
  "stream-closed",
  "poll-over",
  "poll-broken",
  "deleted",
  "dismissed",
];

function markOf(state: Connection["state"]): ConnectionMark {
  switch (state.kind) {
    case "connected":
      return "on";
    case "closed":
      return state.error === undefined && ORDINARY_CLOSES.includes(state.code) ? "off" : "failed";
    case "ended":
      return state.error === undefined && ORDINARY_ENDS.includes(state.how) ? "off" : "failed";
    case "left":
      return "off";
    case "negotiate-failed":
    case "handshake-failed":
      return "failed";
    case "negotiating":
    case "negotiated":
    case "opening":
    case "handshaking":
    case "interrupted":
    case "reconnecting":
      return "between";
    default:
      return state satisfies never;
  }
}

function detailOf(
  { state, transport, protocol, origin, circuit, authentication }: Connection,
  now: Milliseconds,
): string {
  const secondsLeft = authentication && tokenSecondsLeft(authentication, now);
  const isAilingCircuit = circuit !== undefined && circuit !== "connected";
  const means = [
    // First, because the end of a line may be cut.
    ...(isAilingCircuit ? [CIRCUIT_WORDS[circuit]] : []),
    ...(origin?.seenBy === undefined ? [] : ["network log"]),
    ...(transport === undefined ? [] : [TRANSPORT_WORDS[transport] ?? transport]),
    ...(protocol === undefined
      ? []
      : [`${PROTOCOL_WORDS[protocol.name]}${protocol.guessed ? " (guessed)" : ""}`]),
    // A connection that has ended says nothing of whether its circuit goes on; that it failed or is gone, it does.
    ...(circuit === "connected" && state.kind === "connected" ? [CIRCUIT_WORDS[circuit]] : []),
  ];
  switch (state.kind) {
    case "connected":
      return [
        ...(secondsLeft !== undefined && secondsLeft <= 0 ? ["token has run out"] : []),
        ...means,
        formatDuration(Math.max(0, Math.floor((now - state.since) / 1000) * 1000)),
        ...(secondsLeft !== undefined && secondsLeft > 0 ? [tokenLifetimeText(secondsLeft)] : []),
      ].join(" · ");
    case "closed": {
      if (state.act !== undefined) return [...means, ACT_WORDS[state.act]].join(" · ");
      // First, because the end of a line may be cut.
      if (state.isUnopened === true) return ["could not be opened", ...means].join(" · ");
      const why = state.error === undefined ? closeReason(state) : `: ${safeLine(redactText(state.error))}`;
      return [...means, state.code === 0 ? `closed${why}` : `closed ${state.code}${why}`].join(" · ");
    }
    case "ended": {
      if (state.act !== undefined) return [...means, ACT_WORDS[state.act]].join(" · ");
      const why =
        state.error === undefined ? HTTP_ENDING_WORDS[state.how] : safeLine(redactText(state.error));
      return [...means, `ended${state.status === undefined ? "" : ` ${state.status}`}: ${why}`].join(" · ");
    }
    case "left":
      return [...means, stateWords(state)].join(" · ");
    case "reconnecting":
      return [...means, "interrupted, may come back"].join(" · ");
    case "interrupted":
      return [...means, `interrupted ${state.code}, may resume`].join(" · ");
    case "negotiate-failed":
      if (state.act !== undefined) return `negotiate ${ACT_WORDS[state.act]}`;
      return `negotiate ${negotiateFailureText(state.status, redactText(state.reason))}`;
    case "handshake-failed":
      return `handshake failed: ${safeLine(redactText(state.error))}`;
    case "negotiating":
    case "negotiated":
    case "opening":
    case "handshaking":
      return [...means, STATE_WORDS[state.kind]].join(" · ");
    default:
      return state satisfies never;
  }
}

/** What is left of the token's life, in whole seconds: whether the server closes at its end is the server's affair. */
function tokenSecondsLeft(
  { tokenLifetimeSeconds, since }: ConnectionAuthentication,
  now: Milliseconds,
): number {
  return tokenLifetimeSeconds - Math.max(0, Math.floor((now - since) / 1000));
}

function closeReason({ code, reason }: Extract<Connection["state"], { kind: "closed" }>): string {
  if (reason !== "") return `: ${safeLine(redactText(reason))}`;
  return code === 1000 ? "" : `: ${closeCodeText(code)}`;
}
