/**
 * The data plane REST API of Azure SignalR Service, both generations.
 * Azure/azure-signalr, docs/swagger: v1, 2022-06-01, 2022-11-01, 2023-07-01, 2024-12-01.
 *
 * @module
 */

/** HTTP methods of the API. */
export type RestMethod = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/** What goes into a path. */
export type RestSegment = "user" | "group" | "connection" | "stream";

/** What may be asked for in the query. */
export type RestOption =
  /** Connection IDs to leave out; any number. */
  | "excluded"
  | "reason"
  /** Seconds; 0 for connections that are up now. */
  | "ttl"
  | "userId"
  | "minutesToExpire"
  /** OData. */
  | "filter"
  | "completed"
  | "maxpagesize"
  | "top"
  | "continuationToken";

/** How an operation is asked for in one generation of the API. */
export interface RestForm {
  readonly method: RestMethod;
  /** Below `/api/hubs/{hub}` or `/api/v1/hubs/{hub}`; `{user}` and its like stand for segments. */
  readonly path: string;
  readonly options?: readonly RestOption[];
  /** Statuses that are answers, not failures. 404 among them says no. */
  readonly expected: readonly number[];
}

/** An operation in both generations of the API. */
export interface RestOperation {
  /** "message": `{"target","arguments"}`. "actions": an array of actions. */
  readonly body?: "message" | "actions";
  /** The first `api-version` that has it. */
  readonly since: string;
  readonly modern: RestForm;
  /** Absent where version 1 has no such operation. */
  readonly v1?: RestForm;
}

/** Operations by names of ours; the API names only paths. */
export type RestOperationName =
  | "health"
  | "broadcast"
  | "sendToUser"
  | "sendToGroup"
  | "sendToConnection"
  | "connectionExists"
  | "userExists"
  | "groupExists"
  | "userInGroup"
  | "addUserToGroup"
  | "removeUserFromGroup"
  | "removeUserFromAllGroups"
  | "addConnectionToGroup"
  | "removeConnectionFromGroup"
  | "removeConnectionFromAllGroups"
  | "closeConnection"
  | "closeAll"
  | "closeGroup"
  | "closeUser"
  | "generateToken"
  | "execute"
  | "invokeConnection"
  | "streamSend"
  | "streamComplete"
  | "listGroupConnections";

const FIRST = "2022-06-01";
const TOKENS = "2022-11-01";
const EXECUTE = "2023-07-01";
const STREAMS = "2024-12-01";

const YES_OR_NO: readonly number[] = [200, 404];

/**
 * 202 says that the service took the message, not that anybody got it: an unknown hub, user or group is 202 too.
 * `health` stands outside of the hubs and takes no token.
 */
export const REST_OPERATIONS: Readonly<Record<RestOperationName, RestOperation>> = {
  health: {
    since: FIRST,
    modern: { method: "HEAD", path: "/health", expected: [200] },
    v1: { method: "HEAD", path: "/health", expected: [200] },
  },
  broadcast: {
    body: "message",
    since: FIRST,
    modern: { method: "POST", path: "/:send", options: ["excluded"], expected: [202] },
    v1: { method: "POST", path: "", options: ["excluded"], expected: [202] },
  },
  sendToUser: {
    body: "message",
    since: FIRST,
    modern: { method: "POST", path: "/users/{user}/:send", expected: [202] },
    v1: { method: "POST", path: "/users/{user}", expected: [202] },
  },
  sendToGroup: {
    body: "message",
    since: FIRST,
    modern: { method: "POST", path: "/groups/{group}/:send", options: ["excluded"], expected: [202] },
    v1: { method: "POST", path: "/groups/{group}", options: ["excluded"], expected: [202] },
  },
  sendToConnection: {
    body: "message",
    since: FIRST,
    modern: { method: "POST", path: "/connections/{connection}/:send", expected: [202] },
    v1: { method: "POST", path: "/connections/{connection}", expected: [202] },
  },
  connectionExists: {
    since: FIRST,
    modern: { method: "HEAD", path: "/connections/{connection}", expected: YES_OR_NO },
    v1: { method: "HEAD", path: "/connections/{connection}", expected: YES_OR_NO },
  },
  userExists: {
    since: FIRST,
    modern: { method: "HEAD", path: "/users/{user}", expected: YES_OR_NO },
    v1: { method: "HEAD", path: "/users/{user}", expected: YES_OR_NO },
  },
  groupExists: {
    since: FIRST,
    modern: { method: "HEAD", path: "/groups/{group}", expected: YES_OR_NO },
    v1: { method: "HEAD", path: "/groups/{group}", expected: YES_OR_NO },
  },
  userInGroup: {
    since: FIRST,
    modern: { method: "HEAD", path: "/users/{user}/groups/{group}", expected: YES_OR_NO },
    v1: { method: "HEAD", path: "/groups/{group}/users/{user}", expected: YES_OR_NO },
  },
  addUserToGroup: {
    since: FIRST,
    modern: { method: "PUT", path: "/users/{user}/groups/{group}", options: ["ttl"], expected: [200] },
    v1: { method: "PUT", path: "/groups/{group}/users/{user}", options: ["ttl"], expected: [202] },
  },
  removeUserFromGroup: {
    since: FIRST,
    modern: { method: "DELETE", path: "/users/{user}/groups/{group}", expected: [204] },
    v1: { method: "DELETE", path: "/groups/{group}/users/{user}", expected: [202] },
  },
  removeUserFromAllGroups: {
    since: FIRST,
    modern: { method: "DELETE", path: "/users/{user}/groups", expected: [204] },
    v1: { method: "DELETE", path: "/users/{user}/groups", expected: [200, 202] },
  },
  addConnectionToGroup: {
    since: FIRST,
    modern: { method: "PUT", path: "/groups/{group}/connections/{connection}", expected: YES_OR_NO },
    v1: { method: "PUT", path: "/groups/{group}/connections/{connection}", expected: YES_OR_NO },
  },
  removeConnectionFromGroup: {
    since: FIRST,
    modern: { method: "DELETE", path: "/groups/{group}/connections/{connection}", expected: YES_OR_NO },
    v1: { method: "DELETE", path: "/groups/{group}/connections/{connection}", expected: YES_OR_NO },
  },
  removeConnectionFromAllGroups: {
    since: FIRST,
    modern: { method: "DELETE", path: "/connections/{connection}/groups", expected: [200] },
  },
  closeConnection: {
    since: FIRST,
    modern: { method: "DELETE", path: "/connections/{connection}", options: ["reason"], expected: [200] },
    v1: { method: "DELETE", path: "/connections/{connection}", options: ["reason"], expected: [202] },
  },
  closeAll: {
    since: FIRST,
    modern: {
      method: "POST",
      path: "/:closeConnections",
      options: ["excluded", "reason"],
      expected: [204],
    },
  },
  closeGroup: {
    since: FIRST,
    modern: {
      method: "POST",
      path: "/groups/{group}/:closeConnections",
      options: ["excluded", "reason"],
      expected: [204],
    },
  },
  closeUser: {
    since: FIRST,
    modern: {
      method: "POST",
      path: "/users/{user}/:closeConnections",
      options: ["excluded", "reason"],
      expected: [204],
    },
  },
  generateToken: {
    since: TOKENS,
    modern: {
      method: "POST",
      path: "/:generateToken",
      options: ["userId", "minutesToExpire"],
      expected: [200],
    },
  },
  execute: {
    body: "actions",
    since: EXECUTE,
    modern: { method: "POST", path: "/:execute", options: ["filter"], expected: [202] },
  },
  invokeConnection: {
    body: "message",
    since: STREAMS,
    modern: { method: "POST", path: "/connections/{connection}/:invoke", expected: [200] },
  },
  streamSend: {
    since: STREAMS,
    modern: {
      method: "POST",
      path: "/connections/{connection}/streams/{stream}/:send",
      options: ["completed"],
      expected: [202],
    },
  },
  streamComplete: {
    since: STREAMS,
    modern: {
      method: "POST",
      path: "/connections/{connection}/streams/{stream}/:complete",
      options: ["reason"],
      expected: [202],
    },
  },
  listGroupConnections: {
    since: STREAMS,
    modern: {
      method: "GET",
      path: "/groups/{group}/connections",
      options: ["maxpagesize", "top", "continuationToken"],
      expected: [200],
    },
  },
};
