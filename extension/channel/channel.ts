/** One end of a pipe between two contexts of the extension. */
export interface Channel<In, Out> {
  /** Throws when the other end is gone. */
  send(message: Out): void;
  /** Delivers until `signal` aborts. What the guards refuse is dropped here. */
  receive(listener: (message: In) => void, signal: AbortSignal): void;
}

export type Guard<T> = (value: unknown) => value is T;

/** What each message type of one direction carries, by type name. */
export type MessageGuards = Readonly<Record<string, Guard<unknown>>>;

/** The union of messages those guards admit: the check and the type cannot drift apart. */
export type MessageOf<G extends MessageGuards> = {
  [K in keyof G & string]: {
    readonly type: K;
    readonly body: G[K] extends Guard<infer Body> ? Body : never;
  };
}[keyof G & string];

const { hasOwn } = Object;

export function isMessageOf<G extends MessageGuards>(guards: G, value: unknown): value is MessageOf<G> {
  if (typeof value !== "object" || value === null) return false;
  const { type, body } = value as { type?: unknown; body?: unknown };
  if (typeof type !== "string" || !hasOwn(guards, type)) return false;
  return guards[type]?.(body) === true;
}
