import type { DecodedRecord } from "../../../core/src/wire/hub-codec.ts";
import type { HubMessage, MessageHead } from "../../../core/src/wire/hub-message.ts";

/** All that a record says, decoded, as plain data: what is lazy compares by nothing else. */
export function factsOf({ direction, raw, size, message, issues }: DecodedRecord): object {
  return { direction, raw, size, message, issues };
}

/** The part of a message that an index tells. */
export function headOf(message: HubMessage): MessageHead {
  switch (message.kind) {
    case "invocation":
    case "stream-invocation": {
      const { kind, invocationId, target, streamIds } = message;
      return {
        kind,
        target,
        ...(invocationId === undefined ? undefined : { invocationId }),
        ...(streamIds === undefined ? undefined : { streamIds }),
      } as MessageHead;
    }
    case "stream-item":
      return { kind: "stream-item", invocationId: message.invocationId };
    case "completion": {
      const { invocationId, outcome } = message;
      return {
        kind: "completion",
        invocationId,
        outcome: outcome.kind === "result" ? { kind: "result" } : outcome,
      };
    }
    default:
      return message;
  }
}
