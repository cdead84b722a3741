import type { CompletionOutcome, Invocation, WireValue } from "../wire/hub-message.ts";
import type { ClientMethod } from "./hub-client.ts";

/** What the server can call. Targets are compared without case, as the official client does. */
export interface ClientMethods {
  on(target: string, method: ClientMethod, signal?: AbortSignal): void;
  /** Runs the method; resolves with what to answer where the server asks for a result. Never rejects. */
  run(invocation: Invocation): Promise<CompletionOutcome>;
}

export function createClientMethods(onFault: (error: unknown) => void): ClientMethods {
  const methods = new Map<string, ClientMethod>();
  return {
    on(target, method, signal) {
      if (signal?.aborted) return;
      const key = target.toLowerCase();
      methods.set(key, method);
      const remove = () => {
        if (methods.get(key) === method) methods.delete(key);
      };
      signal?.addEventListener("abort", remove, { once: true });
    },
    async run(invocation) {
      const method = methods.get(invocation.target.toLowerCase());
      try {
        const value: WireValue = await method?.(...invocation.arguments);
        if (value === undefined) return { kind: "error", message: "Client didn't provide a result." };
        return { kind: "result", value };
      } catch (error) {
        onFault(error);
        return { kind: "error", message: thrownText(error) };
      }
    },
  };
}

/** As the official client words it: `Error: no such user`. */
function thrownText(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "Error";
  }
}
