import type { Connection } from "../../core/src/session/model.ts";
import { encodeClassic } from "../../core/src/wire/classic/encode.ts";
import type { ClassicMessage } from "../../core/src/wire/classic/message.ts";
import { codecFor } from "../../core/src/wire/codecs.ts";
import type { HubMessage, MessageHeaders } from "../../core/src/wire/hub-message.ts";
import type { Direction, Payload } from "../../core/src/wire/payload.ts";
import type { ActContent } from "../../ui/inspector/act/actor.ts";
import { type ActPayload, toActPayload } from "../channel/acts.ts";

export type Encoded =
  | { readonly kind: "encoded"; readonly payload: ActPayload; readonly cancel?: ActPayload }
  /** A sentence for the user. */
  | { readonly kind: "refused"; readonly reason: string };

/** In the connection's own protocol, as its own end would write it: what goes out as the page's client, what comes in as the server. */
export function encodeContent(
  { protocol, transport }: Connection,
  content: ActContent,
  direction: Direction,
): Encoded {
  try {
    const payload =
      content.kind === "payload" ? content.payload : encode(protocol?.name, content.message, direction);
    if (transport === "ServerSentEvents" && direction === "in" && payload.kind !== "text")
      return refused("An event stream carries text only.");
    const ready = toActPayload(payload);
    if (ready === undefined)
      return refused(
        payload.kind === "omitted"
          ? "The recording does not have this payload."
          : "This is larger than the 8 MiB that Hubscope passes on.",
      );
    const cancel = content.kind === "message" ? cancelOf(protocol?.name, content.message) : undefined;
    return { kind: "encoded", payload: ready, ...(cancel === undefined ? {} : { cancel }) };
  } catch (error) {
    return refused(
      `This cannot be written in the connection's protocol: ${error instanceof Error ? error.message : "it is not known why"}.`,
    );
  }
}

type Protocol = NonNullable<Connection["protocol"]>["name"] | undefined;

function encode(protocol: Protocol, message: HubMessage, direction: Direction): Payload {
  const like = direction === "out" ? "javascript" : "dotnet";
  switch (protocol) {
    case "json":
    case "messagepack":
    case "blazorpack": {
      const encoded = codecFor(protocol).encode(message, like);
      return typeof encoded === "string"
        ? { kind: "text", text: encoded }
        : { kind: "binary", bytes: encoded };
    }
    case "classic":
      return { kind: "text", text: encodeClassic(classicMessage(message, direction), like) };
    case "iris":
    case "plain":
      throw new TypeError("it has no invocations, only payloads as they are");
    case undefined:
      throw new TypeError("it is not known yet");
    default:
      return protocol satisfies never;
  }
}

/** What ends a stream of ours when all is undone. */
function cancelOf(protocol: Protocol, message: HubMessage): ActPayload | undefined {
  if (message.kind !== "stream-invocation" || protocol === "classic") return undefined;
  return toActPayload(
    encode(protocol, { kind: "cancel-invocation", invocationId: message.invocationId }, "out"),
  );
}

/** Classic SignalR names `hub.method` and has no messages besides calls and their results that could be written here. */
function classicMessage(message: HubMessage, direction: Direction): ClassicMessage {
  if (message.kind === "invocation") {
    const dot = message.target.indexOf(".");
    if (dot <= 0) throw new TypeError("the target must name hub and method, as in chat.send");
    const hub = message.target.slice(0, dot);
    const method = message.target.slice(dot + 1);
    const call = { hub, method, arguments: message.arguments, ...stateIn(message) };
    if (direction === "in") return { kind: "envelope", messages: [{ kind: "client-invocation", ...call }] };
    return {
      kind: "hub-call",
      ...call,
      ...(message.invocationId === undefined ? {} : { id: message.invocationId }),
    };
  }
  if (message.kind === "completion" && direction === "in") {
    const { invocationId: id, outcome } = message;
    const state = stateIn(message);
    if (outcome.kind === "error")
      return { kind: "hub-error", id, error: outcome.message, isHubException: false, ...state };
    return {
      kind: "hub-result",
      id,
      ...(outcome.kind === "result" ? { result: outcome.value } : {}),
      ...state,
    };
  }
  throw new TypeError("classic SignalR has no such message");
}

/** The form of the panel has one object beside a message; classic SignalR has no headers, and one object of state. */
function stateIn({ headers }: { readonly headers?: MessageHeaders }): { readonly state?: MessageHeaders } {
  return headers === undefined ? {} : { state: headers };
}

function refused(reason: string): Encoded {
  return { kind: "refused", reason };
}
