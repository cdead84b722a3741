export { JsonHubProtocol } from "@microsoft/signalr";
export { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
