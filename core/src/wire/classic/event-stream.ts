import { type DecodedClassic, decodeClassicRecord } from "./decode.ts";
import type { ConnectionKind } from "./envelope.ts";

/**
 * The data of one event of Server-Sent Events. The first one is the word `initialized`, everything behind it is what
 * a WebSocket would carry.
 */
export function decodeStreamEvent(data: string, connection?: ConnectionKind): DecodedClassic {
  if (data === "initialized") return { message: { kind: "stream-initialised" }, issues: [] };
  return decodeClassicRecord({ kind: "text", text: data }, { direction: "in", connection });
}

/** One event as a server writes it. */
export function streamEventText(text: string): string {
  return `data: ${text}\n\n`;
}
