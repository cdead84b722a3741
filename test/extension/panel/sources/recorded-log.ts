/**
 * What `devtools.network` of real browsers gave to an extension's panel: `chromium-156.json`, `firefox-153.json`. Each
 * says what was recorded; headers that nobody reads were cut.
 *
 * @module
 */
import { readFileSync } from "node:fs";

export interface FinishedRequest {
  readonly entry: Readonly<Record<string, unknown>>;
  readonly content: string | null;
  readonly encoding: string | null;
}

export interface RecordedLog {
  /** `getHAR()` while six connections were up: WebSockets (JSON, MessagePack, without negotiate), SSE, long polling (JSON, MessagePack). */
  readonly live: readonly unknown[];
  /** The same a little later, with one more in a dedicated worker. */
  readonly withWorker: readonly unknown[];
  /** `onRequestFinished` with `getContent()`, in order, until all but the worker's had been stopped. */
  readonly finished: readonly FinishedRequest[];
}

export const chromium156 = read("chromium-156.json");
export const firefox153 = read("firefox-153.json");

function read(name: string): RecordedLog {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as RecordedLog;
}
