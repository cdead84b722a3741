import type { CompletionOutcome, WireValue } from "../wire/hub-message.ts";

/** What waits for the answers to one invocation. */
export interface PendingInvocation {
  item(value: WireValue): void;
  complete(outcome: CompletionOutcome): void;
  /** The connection has ended. */
  fail(error: Error): void;
}

/**
 * Invocations without a completion yet. Ids are a decimal counter that invocations and upload streams share and
 * that goes on over connections, as in the official client. Answers to unknown ids are ignored: the server may
 * answer what has been given up.
 */
export interface PendingInvocations {
  nextId(): string;
  add(id: string, invocation: PendingInvocation): void;
  /** False where it was not pending any more. */
  remove(id: string): boolean;
  item(id: string, value: WireValue): void;
  complete(id: string, outcome: CompletionOutcome): void;
  failAll(error: Error): void;
}

export function createPendingInvocations(): PendingInvocations {
  let counter = 0;
  const pending = new Map<string, PendingInvocation>();
  return {
    nextId: () => String(counter++),
    add: (id, invocation) => pending.set(id, invocation),
    remove: (id) => pending.delete(id),
    item: (id, value) => pending.get(id)?.item(value),
    complete(id, outcome) {
      const invocation = pending.get(id);
      pending.delete(id);
      invocation?.complete(outcome);
    },
    failAll(error) {
      const lost = [...pending.values()];
      pending.clear();
      for (const invocation of lost) invocation.fail(error);
    },
  };
}
