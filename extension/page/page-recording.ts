import type { EventOrigin } from "../../core/src/capture-event.ts";
import type { Interceptor } from "./interceptor.ts";
import type { PageNatives } from "./page-natives.ts";
import type { Report } from "./report.ts";

/** What everything that records one document shares. */
export interface PageRecording {
  readonly natives: PageNatives;
  readonly report: Report;
  /** False once the relay has said stop. */
  readonly isActive: () => boolean;
  /** A name for a socket or an exchange, unique within the inspected tab. */
  readonly nextId: () => string;
  readonly origin: () => EventOrigin;
  /** The user wants to see carriers that are not SignalR's too. */
  readonly wantsOthers: () => boolean;
  /** Acts on the page's transports at the user's command. */
  readonly interceptor: Interceptor | undefined;
}
