/** Types of the page's module for the tests in Node. */
import type { HubConnection, Subject } from "@microsoft/signalr";

export interface CallReport {
  readonly kind: "invoke" | "send" | "stream" | "received";
  readonly target: string;
  readonly arguments: readonly unknown[];
  readonly outcome:
    | { readonly kind: "pending" | "sent" | "none" }
    | { readonly kind: "result"; readonly value: unknown }
    | { readonly kind: "error"; readonly message: string }
    | {
        readonly kind: "items";
        readonly items: readonly unknown[];
        readonly ending: "complete" | "cancelled" | "error";
        readonly message?: string;
      };
}

export function runAllCalls(options: {
  readonly connection: HubConnection;
  readonly signalR: { readonly Subject: new <T>() => Subject<T> };
  readonly protocol: "json" | "messagepack";
}): Promise<CallReport[]>;
