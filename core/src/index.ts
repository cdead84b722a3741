/**
 * What all entries speak of: capture events, payloads and the one error class. Codecs, session, client and hub have
 * entries of their own.
 *
 * @module
 */
export type * from "./capture-event.ts";
export {
  HubscopeError,
  type HubscopeErrorCode,
  type HubscopeErrorFacts,
  type HubscopeErrorOptions,
} from "./errors.ts";
export type { ByteLength, Direction, OmittedReason, Payload } from "./wire/payload.ts";
