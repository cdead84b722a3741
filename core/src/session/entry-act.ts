import type { PayloadAct, TransportAct } from "../capture-event.ts";
import type { LogEntry } from "./model.ts";

/** What Hubscope did there at the user's command. */
export function actOf(entry: LogEntry): PayloadAct | TransportAct | undefined {
  if (entry.kind === "message") return entry.act;
  return "act" in entry.happening ? entry.happening.act : undefined;
}
