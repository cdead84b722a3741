import type { ReadonlySignal } from "@preact/signals";
import type { Milliseconds } from "../../../core/src/capture-event.ts";
import type { ConnectionId } from "../../../core/src/session/model.ts";
import type { HubMessage } from "../../../core/src/wire/hub-message.ts";
import type { Direction, Payload } from "../../../core/src/wire/payload.ts";

/**
 * What can be done to a connection of the inspected page, at the user's command. A host that has no such connection
 * brings no actor, and nothing of it is shown.
 */
export interface Actor {
  /** What can be done with this connection now, and what cannot and why. Changes with the session's revision. */
  abilities(connection: ConnectionId): Abilities;
  /** Sends through the page's own connection, as the page would. `payload`: bytes as they were, framing included. */
  send(connection: ConnectionId, what: ActContent): Promise<ActOutcome>;
  /** Delivers to the page as if the server had sent it. */
  simulate(connection: ConnectionId, what: ActContent): Promise<ActOutcome>;
  /** Ends the transport of the connection. */
  cut(connection: ConnectionId, how: Cut): Promise<ActOutcome>;
  /** Everything that is broken now. Replacing it takes effect at once; an empty list undoes all. */
  readonly faults: ReadonlySignal<readonly Fault[]>;
  changeFaults(faults: readonly Fault[]): void;
  /** How often each fault has struck, by its id. */
  readonly strikes: ReadonlySignal<ReadonlyMap<FaultId, number>>;
  /** An invocation ID that the page's client cannot choose. */
  freshInvocationId(): string;
}

export interface Abilities {
  readonly send: Ability;
  readonly simulate: Ability;
  readonly cut: Ability;
  readonly faults: Ability;
  /** Stateful reconnect counts messages: what will be out of step, to be shown beside every act. */
  readonly warning?: string;
}

/** `reason` is a sentence for the user. */
export type Ability = { readonly can: true } | { readonly can: false; readonly reason: string };

/** A message, encoded in the connection's own protocol, or a payload as it is. */
export type ActContent =
  | { readonly kind: "message"; readonly message: HubMessage }
  | { readonly kind: "payload"; readonly payload: Payload };

/** `reason` is a sentence for the user. */
export type ActOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export type Cut =
  /** As if the network had gone: close code 1006, over HTTP a network error. */
  | { readonly kind: "abnormal" }
  /** A code that a page may use: 1000, or 3000 to 4999. */
  | { readonly kind: "close"; readonly code: number; readonly reason: string };

export type FaultId = string;

export type Fault = MessageFault | ReconnectFault | SilenceFault;

/** Which messages it meets; what is absent is not asked. */
export interface FaultScope {
  readonly id: FaultId;
  /** Absent: every connection of the inspected tab. */
  readonly connection?: ConnectionId;
}

/** Drops, delays or reorders messages that match. */
export interface MessageFault extends FaultScope {
  readonly kind: "drop" | "delay" | "reorder";
  readonly direction: Direction;
  /** Exact, as the hub names it. Absent: messages with any target and with none. Pings are never met. */
  readonly target?: string;
  /** Share of the matching messages that are met, above 0 to 1. */
  readonly share: number;
  /** "delay": by how long. "reorder": the longest that a message waits for the one that overtakes it. */
  readonly delay?: Milliseconds;
}

/** The next `times` attempts to open a transport fail as if nobody listened. */
export interface ReconnectFault extends FaultScope {
  readonly kind: "refuse";
  readonly times: number;
}

/** Holds what the server sends, pings included, so that the client's server timeout strikes. */
export interface SilenceFault extends FaultScope {
  readonly kind: "silence";
}
