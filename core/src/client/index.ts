/**
 * A live client of one hub.
 *
 * @module
 */
export { HubscopeError, type HubscopeErrorCode, type HubscopeErrorFacts } from "../errors.ts";
export type { Clock } from "../ports/clock.ts";
export type { HttpAnswer, HttpRequestOptions, ProbeHttp, SendHttp } from "../ports/http.ts";
export type { OpenSocket, Socket, SocketClosedEvent, SocketEvent } from "../ports/socket.ts";
export { browserDiagnosisPorts, browserPorts } from "./browser-ports.ts";
export { createHubClient } from "./create-hub-client.ts";
export { type Attempt, type DiagnosisPorts, diagnose } from "./diagnose.ts";
export type { Diagnosis } from "./diagnosis.ts";
export { type AddressFault, type HubAddress, readHubAddress } from "./hub-address.ts";
export type {
  ClientMethod,
  CreateHubClient,
  HubClient,
  HubClientOptions,
  HubClientPorts,
  HubClientState,
  InvokeOptions,
} from "./hub-client.ts";
