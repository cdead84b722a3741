import { type NotSignalRReason, parseNegotiateResponse } from "../wire/negotiate.ts";

/** What a negotiate answer means for the connection. */
export type NegotiateAnswer =
  | {
      readonly kind: "accepted";
      readonly version: number;
      readonly connectionId: string;
      readonly token: string;
      readonly transports: readonly string[];
      readonly statefulReconnect: boolean;
      readonly tokenLifetimeSeconds?: number;
    }
  | { readonly kind: "redirect"; readonly url: string }
  /** It carried the answer of a hub, but it was not captured. */
  | { readonly kind: "not-captured" }
  /** `isSignalR`: a hub refused; otherwise something else answered. */
  | { readonly kind: "failed"; readonly isSignalR: boolean; readonly reason: string };

const REASONS: Readonly<Record<NotSignalRReason, string>> = {
  classic: "An ASP.NET SignalR server of the .NET Framework answered",
  html: "A web page answered, not a SignalR hub",
  empty: "The answer was empty",
  "not-json": "The answer was no JSON",
  "other-json": "The answer was not that of a SignalR hub",
};

/** `body`: undefined where it was not captured. */
export function readNegotiateAnswer(body: string | undefined): NegotiateAnswer {
  if (body === undefined) return { kind: "not-captured" };
  const response = parseNegotiateResponse(body);
  switch (response.kind) {
    case "accepted":
      return {
        kind: "accepted",
        version: response.version,
        connectionId: response.connectionId,
        token: response.connectionToken,
        transports: response.transports.map(({ transport }) => transport),
        statefulReconnect: response.useStatefulReconnect,
        ...(response.tokenLifetimeSeconds !== undefined && {
          tokenLifetimeSeconds: response.tokenLifetimeSeconds,
        }),
      };
    case "redirect":
      return { kind: "redirect", url: response.url };
    case "error":
      return { kind: "failed", isSignalR: true, reason: response.error };
    case "not-signalr":
      return { kind: "failed", isSignalR: false, reason: REASONS[response.reason] };
    default:
      return response satisfies never;
  }
}
