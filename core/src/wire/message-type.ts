/** HubProtocol.md, "Message types". There is no type 0. */
export const MESSAGE_TYPE = {
  invocation: 1,
  streamItem: 2,
  completion: 3,
  streamInvocation: 4,
  cancelInvocation: 5,
  ping: 6,
  close: 7,
  ack: 8,
  sequence: 9,
} as const;

export const LAST_MESSAGE_TYPE = 9;

/** Message types are int32; .NET fails on a fraction or anything beyond. */
export function isMessageType(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value;
}
