import type { Carrier } from "./model.ts";
import { HTTP_READER } from "./payload-reader.ts";

export function isOverHttp(carrier: Carrier): boolean {
  return "exchange" in carrier;
}

/** A socket is read for itself, all exchanges of a connection as one. */
export function readerKey(carrier: Carrier): string {
  return "socket" in carrier ? carrier.socket : HTTP_READER;
}
