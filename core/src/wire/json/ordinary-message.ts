import type { HubMessage, WireValue } from "../hub-message.ts";
import { leastLength, leastLengthOfObject } from "./least-length.ts";

/** What a record was parsed to. */
export interface Parsed {
  readonly type?: WireValue;
  readonly headers?: WireValue;
  readonly target?: WireValue;
  readonly arguments?: WireValue;
  readonly invocationId?: WireValue;
  readonly streamIds?: WireValue;
  readonly item?: WireValue;
  readonly result?: WireValue;
  readonly error?: WireValue;
}

export type OrdinaryMessage = Extract<
  HubMessage,
  { kind: "invocation" | "stream-item" | "completion" | "ping" }
>;

/** The message of a record that has what its type needs; whether it has more is to be asked. */
export function ordinaryMessage(parsed: Parsed): OrdinaryMessage | undefined {
  const { type } = parsed;
  if (type === 1) {
    const { target, arguments: list, invocationId } = parsed;
    if (!isName(target) || !Array.isArray(list)) return undefined;
    if (invocationId === undefined) return { kind: "invocation", target, arguments: list };
    return isName(invocationId) ? { kind: "invocation", invocationId, target, arguments: list } : undefined;
  }
  if (type === 6) return PING;
  if (type !== 2 && type !== 3) return undefined;
  const { invocationId } = parsed;
  if (!isName(invocationId)) return undefined;
  if (type === 2) {
    const { item } = parsed;
    return item === undefined ? undefined : { kind: "stream-item", invocationId, item };
  }
  const { result } = parsed;
  return result === undefined
    ? undefined
    : { kind: "completion", invocationId, outcome: { kind: "result", value: result } };
}

function isName(value: WireValue): value is string {
  return typeof value === "string" && value !== "";
}

const PING: OrdinaryMessage = Object.freeze({ kind: "ping" });

/** What is around the values of a record, at least. */
const CALL = '{"type":1,"target":"","arguments":}'.length;
const ID = ',"invocationId":""'.length;
const ITEM = '{"type":2,"invocationId":"","item":}'.length;
const RESULT = '{"type":3,"invocationId":"","result":}'.length;
const PING_TEXT = '{"type":6}'.length;

/** The fewest units of a record that says this: a text that is hardly longer has room for nothing else, and is not deep. */
export function leastLengthOfMessage(message: OrdinaryMessage): number {
  const { kind } = message;
  if (kind === "invocation") {
    const { invocationId, target } = message;
    const head = CALL + target.length + leastLengthOfObject(message.arguments, 0);
    return invocationId === undefined ? head : head + ID + invocationId.length;
  }
  if (kind === "ping") return PING_TEXT;
  if (kind === "stream-item") return ITEM + message.invocationId.length + leastLength(message.item);
  const { invocationId, outcome } = message;
  return RESULT + invocationId.length + (outcome.kind === "result" ? leastLength(outcome.value) : 0);
}
