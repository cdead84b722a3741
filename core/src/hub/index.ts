/**
 * The server side of a hub, over any connection.
 *
 * @module
 */
export { createHub } from "./create-hub.ts";
export type {
  AcceptedConnection,
  Hub,
  HubCall,
  HubDefinition,
  HubMethod,
  HubOptions,
  HubTarget,
} from "./hub.ts";
export { HubMethodError } from "./hub-method-error.ts";
export { openSocketTo } from "./memory-socket.ts";
export { type ConnectionIds, negotiateAnswer } from "./negotiate-answer.ts";
