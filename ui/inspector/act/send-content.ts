import type { HubMessage, MessageHeaders, WireValue } from "../../../core/src/wire/hub-message.ts";
import { argumentsText } from "../../arguments/arguments-text.ts";
import type { SendKind } from "./send-kinds.ts";

export type OutcomeChoice = "result" | "void" | "error";

/** What the form holds, all of it as text; which of it counts, the kind says. */
export interface SendContent {
  readonly kind: SendKind;
  readonly target: string;
  /** Arguments; of an item or a result, the one value. */
  readonly text: string;
  /** What `secret(1)` and so on in the texts stand for. */
  readonly secrets: readonly string[];
  readonly invocationId: string;
  readonly outcome: OutcomeChoice;
  /** Of a completion or a close. */
  readonly error: string;
  readonly allowReconnect: boolean;
  /** One object, or nothing. */
  readonly headers: string;
}

export const EMPTY_CONTENT: SendContent = {
  kind: "invocation",
  target: "",
  text: "",
  secrets: [],
  invocationId: "",
  outcome: "result",
  error: "",
  allowReconnect: true,
  headers: "",
};

/**
 * A captured message as content of the form; undefined for what is no use to edit. An invocation gets an ID of its
 * own when it is sent, so the captured one is left out. Uploads begin empty: their items are messages of their own.
 */
export function contentOf(message: HubMessage): SendContent | undefined {
  switch (message.kind) {
    case "invocation":
    case "stream-invocation": {
      const kind =
        message.kind === "stream-invocation"
          ? "stream"
          : message.invocationId === undefined
            ? "send"
            : "invocation";
      const uploads = (message.streamIds ?? []).map(() => "stream() // its items are not repeated");
      return { ...withTexts(message.arguments, message.headers, uploads), kind, target: message.target };
    }
    case "stream-item":
      return {
        ...withTexts([message.item], message.headers),
        kind: "item",
        invocationId: message.invocationId,
      };
    case "completion": {
      const { outcome } = message;
      return {
        ...withTexts(outcome.kind === "result" ? [outcome.value] : [], message.headers),
        kind: "completion",
        invocationId: message.invocationId,
        outcome: outcome.kind,
        error: outcome.kind === "error" ? outcome.message : "",
      };
    }
    case "cancel-invocation":
      return { ...withTexts([], message.headers), kind: "cancel", invocationId: message.invocationId };
    case "ping":
      return { ...EMPTY_CONTENT, kind: "ping" };
    case "close":
      return {
        ...EMPTY_CONTENT,
        kind: "close",
        error: message.error ?? "",
        allowReconnect: message.allowReconnect ?? false,
      };
    case "handshake-request":
    case "handshake-response":
    case "ack":
    case "sequence":
    case "unknown":
    case "undecodable":
      return undefined;
    default:
      return message satisfies never;
  }
}

function withTexts(
  values: readonly WireValue[],
  headers: MessageHeaders | undefined,
  uploads: readonly string[] = [],
): SendContent {
  // Together, so that the secrets of both are counted in one list.
  const all = argumentsText(headers === undefined ? [] : [headers]);
  const own = argumentsText(values, all.secrets);
  const text = [...(own.text === "" ? [] : [own.text]), ...uploads].join(",\n");
  return { ...EMPTY_CONTENT, text, secrets: own.secrets, headers: all.text };
}
