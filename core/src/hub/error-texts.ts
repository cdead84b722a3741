/**
 * What a hub tells its clients, in the words of ASP.NET Core 10 (DefaultHubDispatcher, HubConnectionContext), so
 * that a client meets the same texts here and there.
 *
 * @module
 */
import { HubMethodError } from "./hub-method-error.ts";

export const CLOSED_WITH_ERROR = "Connection closed with an error.";
export const HANDSHAKE_CANCELED = "Handshake was canceled.";
export const HANDSHAKE_MALFORMED = "An unexpected error occurred during connection handshake.";
export const CLIENT_TIMEOUT =
  "Client hasn't sent a message/ping within the configured ClientTimeoutInterval.";
/** What a HubException without a text says of itself. */
export const NO_CLIENT_RESULT = "Exception of type 'Microsoft.AspNetCore.SignalR.HubException' was thrown.";

export function unsupportedProtocol(name: string): string {
  return `The protocol '${name}' is not supported.`;
}

export function unsupportedVersion(version: number, name: string): string {
  return `The server does not support version ${version} of the '${name}' protocol.`;
}

export function unknownMethod(target: string): string {
  return `Failed to invoke '${target}' due to an error on the server. HubException: Method does not exist.`;
}

export function methodFailed(target: string, error: unknown, detailed: boolean): string {
  return `An unexpected error occurred invoking '${target}' on the server.${detail(error, detailed)}`;
}

export function streamFailed(error: unknown, detailed: boolean): string {
  return `An error occurred on the server while streaming results.${detail(error, detailed)}`;
}

export function streamInvoked(target: string): string {
  return `The client attempted to invoke the streaming '${target}' method with a non-streaming invocation.`;
}

export function noStreamToOpen(target: string): string {
  return `The client attempted to invoke the non-streaming '${target}' method with a streaming invocation.`;
}

export function idInUse(invocationId: string): string {
  return `Invocation ID '${invocationId}' is already in use.`;
}

export function messageTooLarge(limit: number): string {
  return `The maximum message size of ${limit}B was exceeded. The message size can be configured in AddHubOptions.`;
}

/** The tail of an error text: the error itself where the caller may know it. */
export function detail(error: unknown, detailed: boolean): string {
  if (error instanceof HubMethodError) return ` HubException: ${error.message}`;
  if (!detailed) return "";
  return error instanceof Error ? ` ${error.name}: ${error.message}` : ` ${textOf(error)}`;
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "Error";
  }
}
