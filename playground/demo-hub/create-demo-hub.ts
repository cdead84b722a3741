import type { HubDefinition } from "../../core/src/hub/hub.ts";
import type { Clock } from "../../core/src/ports/clock.ts";
import { createCalls } from "./calls.ts";
import { createChat } from "./chat.ts";
import { createStreams } from "./streams.ts";

export interface DemoHubPorts {
  readonly clock: Clock;
  /** From 0 to 1. Default Math.random. */
  readonly random?: () => number;
}

/** The hub of the playground's first screen and of the panel's demo page; documented in catalogue.ts. */
export function createDemoHub({ clock, random = Math.random }: DemoHubPorts): HubDefinition {
  const chat = createChat(clock);
  return {
    methods: { ...chat.methods, ...createStreams(clock, random), ...createCalls(clock) },
    onDisconnected: chat.leaveAll,
  };
}
