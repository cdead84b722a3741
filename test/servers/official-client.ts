import * as signalR from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";

export type Protocol = "json" | "messagepack";

/** A builder of the official client that keeps quiet about the failures that tests cause on purpose. */
export function officialClient(
  url: string,
  options: signalR.IHttpConnectionOptions & { readonly protocol?: Protocol } = {},
): signalR.HubConnectionBuilder {
  const { protocol, ...http } = options;
  const builder = new signalR.HubConnectionBuilder()
    .withUrl(url, http)
    .configureLogging(signalR.LogLevel.None);
  return protocol === "messagepack" ? builder.withHubProtocol(new MessagePackHubProtocol()) : builder;
}
