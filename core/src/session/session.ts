import type { CaptureEvent } from "../capture-event.ts";
import type {
  Connection,
  ConnectionId,
  EntryNumber,
  Invocation,
  InvocationNumber,
  LogEntry,
} from "./model.ts";

/** The model built from capture events. A fold: the same events give the same session. */
export interface Session {
  /** Never throws, whatever the event carries. */
  apply(event: CaptureEvent): void;
  /** Grows with every change, so that a view can tell whether to look again. */
  readonly revision: number;
  /** In order of first appearance; grows. */
  readonly connections: readonly Connection[];
  /** In order of arrival; grows at the end. `firstNumber` is the number of `log[0]`. */
  readonly log: readonly LogEntry[];
  readonly firstNumber: EntryNumber;
  connection(id: ConnectionId): Connection | undefined;
  entry(number: EntryNumber): LogEntry | undefined;
  invocation(number: InvocationNumber): Invocation | undefined;
  /** Forgets the log; connections that are still open stay, with their decoding state and open invocations. */
  clear(): void;
}
