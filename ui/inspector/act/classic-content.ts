import type { SessionMessage } from "../../../core/src/session/model.ts";
import type { Envelope, HubCall, HubError, HubResult } from "../../../core/src/wire/classic/message.ts";
import { idText } from "../../../core/src/wire/classic/message.ts";
import type {
  HubMessage,
  MessageHead,
  MessageHeaders,
  WireValue,
} from "../../../core/src/wire/hub-message.ts";
import { isJsonObject } from "../../../core/src/wire/json/fields.ts";

/**
 * Classic SignalR in the words of the form, which are those of ASP.NET Core: a call is an invocation of `hub.method`, a
 * reply is a completion. The state of a hub's proxy takes the place of headers, which classic SignalR has none of.
 *
 * @module
 */

/** Undefined for what the form has no words for: several calls at once, progress, an envelope without a call. */
export function hubMessageOf(message: SessionMessage): HubMessage | undefined {
  switch (message.kind) {
    case "hub-call":
      return callMessage(message);
    case "envelope":
      return pushedMessage(message);
    case "hub-result":
    case "hub-error":
      return replyMessage(message);
    default:
      return undefined;
  }
}

/** True where the session's message is what this message has become on a classic connection. */
export function isSaidClassic(of: MessageHead | SessionMessage, message: HubMessage): boolean {
  switch (of.kind) {
    case "hub-call":
      return message.kind === "invocation" && idText(of.id) === message.invocationId;
    case "envelope":
      return message.kind === "invocation";
    case "hub-result":
    case "hub-error":
      return message.kind === "completion" && idText(of.id) === message.invocationId;
    default:
      return false;
  }
}

function callMessage({ hub, method, arguments: values, id, state }: HubCall): HubMessage | undefined {
  const target = targetOf(hub, method);
  const invocationId = idText(id);
  return target === undefined
    ? undefined
    : {
        kind: "invocation",
        target,
        arguments: values ?? [],
        ...(invocationId === undefined ? {} : { invocationId }),
        ...stateAsHeaders(state),
      };
}

function pushedMessage({ messages }: Envelope): HubMessage | undefined {
  const [only] = messages;
  if (messages.length !== 1 || only?.kind !== "client-invocation") return undefined;
  const target = targetOf(only.hub, only.method);
  return target === undefined
    ? undefined
    : { kind: "invocation", target, arguments: only.arguments ?? [], ...stateAsHeaders(only.state) };
}

function replyMessage(message: HubResult | HubError): HubMessage | undefined {
  const invocationId = idText(message.id);
  if (invocationId === undefined) return undefined;
  const outcome =
    message.kind === "hub-error"
      ? ({ kind: "error", message: message.error } as const)
      : message.result === undefined
        ? ({ kind: "void" } as const)
        : ({ kind: "result", value: message.result } as const);
  return { kind: "completion", invocationId, outcome, ...stateAsHeaders(message.state) };
}

/** The first dot divides: a hub with one in its name cannot be told. */
function targetOf(hub: string, method: string): string | undefined {
  return hub === "" || hub.includes(".") ? undefined : `${hub}.${method}`;
}

function stateAsHeaders(state: WireValue): { readonly headers?: MessageHeaders } {
  return state !== undefined && isJsonObject(state) ? { headers: state } : {};
}
