/**
 * The messages of kataras/iris websocket (8 to 11.1) and kataras/go-websocket: one WebSocket message is one event,
 * or a native message without any form.
 *
 * @module
 */
import type { WireValue } from "../hub-message.ts";

/** Every message, told apart by `kind`. */
export type IrisMessage = IrisEvent | IrisNative;

/** What the type character says of the payload. */
export type IrisType = "string" | "int" | "bool" | "bytes" | "json";

/** `prefix event ";" type ";" payload`. Rooms, acknowledgements and ids do not exist on the wire. */
export interface IrisEvent {
  readonly kind: "iris-event";
  /** `iris-websocket-message:`, `go-websocket-message:`, or as the server is set up. */
  readonly prefix: string;
  /** Up to the first `;`. Nothing is escaped. */
  readonly event: string;
  /** Undefined where the character behind the event is none of 0 to 4. */
  readonly type?: IrisType;
  /** What the JavaScript client gives to its listeners, whatever the type. */
  readonly payload: string;
  /** As the type says, and as a Go server reads it; absent where it cannot be read so. Bytes only from a binary message. */
  readonly value?: WireValue;
}

/** Without a prefix: the application's own. */
export interface IrisNative {
  readonly kind: "iris-native";
  readonly text: string;
}

/** By the character on the wire. */
export const IRIS_TYPES: readonly IrisType[] = ["string", "int", "bool", "bytes", "json"];
