/**
 * iris by a glance, and told from its successor neffos. Imports nothing.
 *
 * @module
 */

/** What servers write unless they are set up otherwise. */
export const IRIS_PREFIXES: readonly string[] = ["iris-websocket-message:", "go-websocket-message:"];

/** Longer prefixes are nobody's. */
const MAX_PREFIX_LENGTH = 128;

const CUSTOM = /^([A-Za-z0-9_-]{1,128}:)[^;]{1,512};[0-4];/;

/** The prefix that a message begins with: a known one, or one that fits with an event and a type behind it. */
export function irisPrefixOf(text: string): string | undefined {
  const known = IRIS_PREFIXES.find((prefix) => text.startsWith(prefix));
  return known ?? CUSTOM.exec(text.slice(0, MAX_PREFIX_LENGTH + 520))?.[1];
}

/** True for a message with one of the two prefixes that no other protocol has. */
export function isIrisText(text: string): boolean {
  return IRIS_PREFIXES.some((prefix) => text.startsWith(prefix));
}

/** neffos begins so: the client says `M`, the server answers `A` and the connection's ID, or `H` and an error. */
export function isNeffosAcknowledgement(text: string, direction: "out" | "in"): boolean {
  return direction === "out" ? text === "M" : /^[AH]./s.test(text) && !text.includes(";");
}

/** Seven fields: wait, namespace, room, event, isError, isNoOp, body. */
export function looksLikeNeffos(text: string): boolean {
  return /^(?:[#$]?\d{0,20})?;[^;]{0,512};[^;]{0,512};[^;]{0,512};[01];[01];/.test(text.slice(0, 2048));
}
